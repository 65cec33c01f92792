package caso

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

// EscludiNucleo stops the work on a nucleo in which nobody has duties: each
// adult is exempt, or without duties by law. Why, follows from the people.
type EscludiNucleo struct {
	Data giorno.Giorno
	Oggi giorno.Giorno
}

// ErrObblighi refuses to exclude a nucleo in which somebody has duties.
var ErrObblighi = domain.Refuse(domain.Refused, "nucleo.con_obblighi", "somebody in the nucleo has duties on that day: record the exemption first")

// Decide answers EscludiNucleo.
func (c EscludiNucleo) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case c.Data.IsZero() || c.Data > c.Oggi || c.Data < s.Domanda.DataPresentazione:
		return nil, ErrData.At("data")
	case s.Stato == Escluso:
		return nil, nil
	case !s.Stato.Aperto():
		return nil, ErrNonAperto
	}
	motivo, senza := s.senzaObblighi(c.Data)
	if !senza {
		return nil, ErrObblighi
	}
	return s.fermando(c.Data, NucleoEsclusoDagliObblighi{Motivo: motivo, Data: c.Data}), nil
}

// senzaObblighi reports whether nobody has duties on a day, and why.
func (s State) senzaObblighi(il giorno.Giorno) (MotivoEsclusione, bool) {
	esonerati, esclusi := 0, 0
	valgono := s.Esoneri.Il(il)
	for _, p := range s.Nucleo.Componenti {
		switch {
		case p.Minore(il):
		case p.EsclusoPerLegge(s.Domanda.Misura, il):
			esclusi++
		case slices.ContainsFunc(valgono, func(e Esonero) bool { return e.Componente == p.ID }):
			esonerati++
		default:
			return "", false
		}
	}
	switch {
	case esonerati == 0:
		return TuttiEsclusi, true
	case esclusi == 0:
		return TuttiEsonerati, true
	}
	return ChiEChi, true
}
