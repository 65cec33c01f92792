package caso

// SospendiSostegno says that an active sostegno is not given for the time being.
type SospendiSostegno struct{ PassoSostegno }

// Decide answers SospendiSostegno.
func (c SospendiSostegno) Decide(s State) ([]Event, error) {
	a, err := c.su(s)
	switch {
	case err != nil:
		return nil, err
	case a.Stato == SostegnoFermo:
		return nil, nil
	case a.Stato != SostegnoInCorso:
		return nil, ErrSostegnoNonAttivo
	}
	return []Event{SostegnoSospeso{c.Sostegno, c.passo()}}, nil
}
