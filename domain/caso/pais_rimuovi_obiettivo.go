package caso

import "nucleo/domain/id"

// RimuoviObiettivo takes an obiettivo out of the PaIS that is being defined.
type RimuoviObiettivo struct {
	Obiettivo id.Obiettivo
}

// Decide answers RimuoviObiettivo.
func (c RimuoviObiettivo) Decide(s State) ([]Event, error) {
	if err := s.definisce(); err != nil {
		return nil, err
	}
	presente, err := rimuove(s.PaIS, s.PaIS.Bozza.Obiettivi, c.Obiettivo.UUID)
	if err != nil || !presente {
		return nil, err
	}
	return []Event{ObiettivoRimosso{Obiettivo: c.Obiettivo}}, nil
}
