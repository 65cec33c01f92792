package caso

// ModificaImpegno changes an impegno of the PaIS that is being defined; the same
// again confirms one that must be confirmed.
type ModificaImpegno struct{ Impegno }

// Decide answers ModificaImpegno.
func (c ModificaImpegno) Decide(s State) ([]Event, error) {
	if err := s.definisce(); err != nil {
		return nil, err
	}
	if err := c.Impegno.controlla(s); err != nil {
		return nil, err
	}
	altro, err := modifica(s.PaIS, s.PaIS.Bozza.Impegni, c.Impegno, c.uguale)
	if err != nil || !altro {
		return nil, err
	}
	return []Event{ImpegnoModificato(c)}, nil
}
