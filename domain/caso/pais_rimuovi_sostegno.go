package caso

import "nucleo/domain/id"

// RimuoviSostegno takes a sostegno out of the PaIS that is being defined. One that
// is active is concluded or revoked first.
type RimuoviSostegno struct {
	Sostegno id.Sostegno
}

// Decide answers RimuoviSostegno.
func (c RimuoviSostegno) Decide(s State) ([]Event, error) {
	if err := s.definisce(); err != nil {
		return nil, err
	}
	presente, err := rimuove(s.PaIS, s.PaIS.Bozza.Sostegni, c.Sostegno.UUID)
	if err != nil || !presente {
		return nil, err
	}
	if s.Sostegni.Stato(c.Sostegno).attivo() {
		return nil, ErrSostegnoAttivo
	}
	return []Event{SostegnoRimosso(c)}, nil
}
