package caso

// ModificaSostegno changes a sostegno of the PaIS that is being defined; the same
// again confirms one that must be confirmed.
type ModificaSostegno struct{ Sostegno }

// Decide answers ModificaSostegno.
func (c ModificaSostegno) Decide(s State) ([]Event, error) {
	if err := s.definisce(); err != nil {
		return nil, err
	}
	if err := c.Sostegno.controlla(); err != nil {
		return nil, err
	}
	altro, err := modifica(s.PaIS, s.PaIS.Bozza.Sostegni, c.Sostegno, c.uguale)
	if err != nil || !altro {
		return nil, err
	}
	return []Event{SostegnoModificato(c)}, nil
}
