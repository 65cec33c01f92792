package caso

// ModificaObiettivo changes an obiettivo of the PaIS that is being defined; the same
// again confirms one that must be confirmed.
type ModificaObiettivo struct{ Obiettivo }

// Decide answers ModificaObiettivo.
func (c ModificaObiettivo) Decide(s State) ([]Event, error) {
	if err := s.definisce(); err != nil {
		return nil, err
	}
	if err := c.Obiettivo.controlla(s); err != nil {
		return nil, err
	}
	c.Componenti, c.Risultati = elenco(c.Componenti), elenco(c.Risultati)
	altro, err := modifica(s.PaIS, s.PaIS.Bozza.Obiettivi, c.Obiettivo, c.uguale)
	if err != nil || !altro {
		return nil, err
	}
	return []Event{ObiettivoModificato(c)}, nil
}
