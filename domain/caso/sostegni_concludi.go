package caso

// ConcludiSostegno says that a sostegno was given to its end.
type ConcludiSostegno struct{ PassoSostegno }

// Decide answers ConcludiSostegno.
func (c ConcludiSostegno) Decide(s State) ([]Event, error) {
	a, err := c.su(s)
	switch {
	case err != nil:
		return nil, err
	case a.Stato == SostegnoFinito:
		return nil, nil
	case !a.Stato.attivo():
		return nil, ErrSostegnoNonAttivo
	}
	return []Event{SostegnoConcluso{c.Sostegno, c.passo()}}, nil
}
