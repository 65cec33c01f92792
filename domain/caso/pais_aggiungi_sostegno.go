package caso

// AggiungiSostegno puts a new sostegno in the PaIS that is being defined. Its id is
// the caller's: added again as it is, it changes nothing.
type AggiungiSostegno struct{ Sostegno }

// Decide answers AggiungiSostegno.
func (c AggiungiSostegno) Decide(s State) ([]Event, error) {
	if err := s.definisce(); err != nil {
		return nil, err
	}
	if err := c.Sostegno.controlla(); err != nil {
		return nil, err
	}
	nuovo, err := aggiunge(s.PaIS, s.PaIS.Bozza.Sostegni, c.Sostegno, c.uguale)
	if err != nil || !nuovo {
		return nil, err
	}
	return []Event{SostegnoPrevisto{Sostegno: c.Sostegno}}, nil
}
