package caso

// RevocaSostegno takes an active sostegno back before its end.
type RevocaSostegno struct{ PassoSostegno }

// Decide answers RevocaSostegno.
func (c RevocaSostegno) Decide(s State) ([]Event, error) {
	a, err := c.su(s)
	switch {
	case err != nil:
		return nil, err
	case a.Stato == SostegnoRitirato:
		return nil, nil
	case !a.Stato.attivo():
		return nil, ErrSostegnoNonAttivo
	}
	return []Event{SostegnoRevocato{c.Sostegno, c.passo()}}, nil
}
