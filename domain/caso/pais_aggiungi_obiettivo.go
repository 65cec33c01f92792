package caso

// AggiungiObiettivo puts a new obiettivo in the PaIS that is being defined. Its id is
// the caller's: added again as it is, it changes nothing.
type AggiungiObiettivo struct{ Obiettivo }

// Decide answers AggiungiObiettivo.
func (c AggiungiObiettivo) Decide(s State) ([]Event, error) {
	if err := s.definisce(); err != nil {
		return nil, err
	}
	if err := c.Obiettivo.controlla(s); err != nil {
		return nil, err
	}
	c.Componenti, c.Risultati = elenco(c.Componenti), elenco(c.Risultati)
	nuovo, err := aggiunge(s.PaIS, s.PaIS.Bozza.Obiettivi, c.Obiettivo, c.uguale)
	if err != nil || !nuovo {
		return nil, err
	}
	return []Event{ObiettivoDefinito(c)}, nil
}
