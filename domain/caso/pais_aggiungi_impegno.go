package caso

// AggiungiImpegno puts a new impegno in the PaIS that is being defined. Its id is
// the caller's: added again as it is, it changes nothing.
type AggiungiImpegno struct{ Impegno }

// Decide answers AggiungiImpegno.
func (c AggiungiImpegno) Decide(s State) ([]Event, error) {
	if err := s.definisce(); err != nil {
		return nil, err
	}
	if err := c.Impegno.controlla(s); err != nil {
		return nil, err
	}
	nuovo, err := aggiunge(s.PaIS, s.PaIS.Bozza.Impegni, c.Impegno, c.uguale)
	if err != nil || !nuovo {
		return nil, err
	}
	return []Event{ImpegnoDefinito(c)}, nil
}
