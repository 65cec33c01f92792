package caso

import (
	"nucleo/domain"
	"nucleo/domain/giorno"
)

// RegistraPAD records that the nucleo signed its patto di attivazione digitale
// after the domanda had come (ambiguity 9.37).
type RegistraPAD struct {
	Data giorno.Giorno
	Oggi giorno.Giorno
}

// Refusals of a PAD.
var (
	ErrPADSoloADI      = domain.Refuse(domain.Refused, "pad.solo_adi", "only a domanda of assegno di inclusione has a PAD: check the domanda")
	ErrPADSottoscritto = domain.Refuse(domain.Refused, "pad.gia_sottoscritto", "the PAD was signed on another day: terms run from it, and it is not changed")
)

// Decide answers RegistraPAD.
func (c RegistraPAD) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case s.Domanda.Misura != ADI:
		return nil, ErrPADSoloADI
	case c.Data.IsZero() || c.Data > c.Oggi || c.Data < s.Domanda.DataPresentazione:
		return nil, ErrData.At("dal")
	case s.PAD == c.Data:
		return nil, nil
	case !s.PAD.IsZero():
		return nil, ErrPADSottoscritto
	}
	return []Event{PADSottoscritto{Data: c.Data}}, nil
}
