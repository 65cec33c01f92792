package caso

import "nucleo/domain"

// AttivaSostegno says that a sostegno is given, or given again after a stop. A
// case manager activates what a signed PaIS foresees, a referente also what is
// only planned, on cases that wait for a case manager (ADI-05).
type AttivaSostegno struct{ PassoSostegno }

// Decide answers AttivaSostegno.
func (c AttivaSostegno) Decide(s State) ([]Event, error) {
	a, err := c.su(s)
	inVigore := s.Stato == InMonitoraggio && posto(s.PaIS.Vigente.Sostegni, c.Sostegno.UUID) >= 0
	switch {
	case err != nil:
		return nil, err
	case a.Stato == SostegnoInCorso:
		return nil, nil
	case a.Stato == SostegnoFinito || a.Stato == SostegnoRitirato:
		return nil, ErrSostegnoNonAttivo
	case a.Stato == SostegnoInAttesa && !inVigore && c.Ruolo != domain.ReferenteSostegni:
		return nil, ErrSostegnoNonInVigore
	}
	return []Event{SostegnoAttivato{c.Sostegno, c.passo()}}, nil
}
