package caso

import (
	"strings"
	"unicode/utf8"

	"nucleo/domain/id"
)

// Riassegna moves an open case from the case manager whom the caller believes
// to be responsible to another (GEPI-44; one case at a time, GEPI-45).
type Riassegna struct {
	Da, A     id.Operatore
	Incarichi []Incarico // of the new case manager, as they are now
	Motivo    string     `personale:"testo"`
}

// Decide answers Riassegna.
func (c Riassegna) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case strings.TrimSpace(c.Motivo) == "":
		return nil, ErrMotivoMancante.At("motivo")
	case utf8.RuneCountInString(c.Motivo) > massimoMotivo:
		return nil, ErrMotivoTroppoLungo.At("motivo")
	case c.Da == c.A:
		return nil, ErrStessoCaseManager.At("a")
	case c.A.IsZero():
		return nil, ErrNonIdoneo.At("a")
	case !s.Stato.Aperto():
		return nil, ErrNonAperto
	case s.Assegnazione.CaseManager.IsZero():
		return nil, ErrNonAssegnato
	case s.Assegnazione.CaseManager == c.A:
		return nil, nil
	case s.Assegnazione.CaseManager != c.Da:
		return nil, ErrNonResponsabile
	}
	incarico, err := s.Idoneo(c.Incarichi)
	if err != nil {
		return nil, ErrNonIdoneo.At("a")
	}
	return []Event{Riassegnato{Da: c.Da, A: c.A, Fondo: incarico.Fondo, Motivo: c.Motivo}}, nil
}
