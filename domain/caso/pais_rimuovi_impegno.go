package caso

import "nucleo/domain/id"

// RimuoviImpegno takes an impegno out of the PaIS that is being defined.
type RimuoviImpegno struct {
	Impegno id.Impegno
}

// Decide answers RimuoviImpegno.
func (c RimuoviImpegno) Decide(s State) ([]Event, error) {
	if err := s.definisce(); err != nil {
		return nil, err
	}
	presente, err := rimuove(s.PaIS, s.PaIS.Bozza.Impegni, c.Impegno.UUID)
	if err != nil || !presente {
		return nil, err
	}
	return []Event{ImpegnoRimosso{Impegno: c.Impegno}}, nil
}
