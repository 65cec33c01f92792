package caso

import (
	"slices"

	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// RegistraMancataSottoscrizione says that somebody did not sign the PaIS that
// is being defined. The case stays where it is; what follows from it is
// reported by a segnalazione within five days.
type RegistraMancataSottoscrizione struct {
	Componente  id.Componente
	Motivazione string `personale:"testo"`
	Data        giorno.Giorno
	Oggi        giorno.Giorno
}

// Decide answers RegistraMancataSottoscrizione.
func (c RegistraMancataSottoscrizione) Decide(s State) ([]Event, error) {
	if err := s.definisce(); err != nil {
		return nil, err
	}
	if err := motiva(c.Motivazione); err != nil {
		return nil, err
	}
	e := PaISNonSottoscritto{Versione: s.InDefinizione(), Componente: c.Componente, Motivazione: c.Motivazione, Data: c.Data}
	switch {
	case c.Data.IsZero() || c.Data > c.Oggi || c.Data < s.AP.Esito.Data:
		return nil, ErrDataStrumento.At("data")
	case slices.Contains(s.PaIS.Mancate, e):
		return nil, nil
	case !s.Nucleo.contiene(c.Componente):
		return nil, ErrFuoriNucleo.At("componente_id")
	}
	return []Event{e}, nil
}
