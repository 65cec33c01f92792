package operatore

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// RegistraIndisponibilita says that an operator is away for a time.
type RegistraIndisponibilita struct {
	ID     id.Indisponibilita
	Dal    giorno.Giorno
	Al     giorno.Giorno
	Motivo MotivoIndisponibilita `personale:"dato"`
	Chi    Accreditante
}

// Refusals. An operator whose absences are not the actor's to keep is not
// there for them.
var (
	ErrPeriodo               = domain.Refuse(domain.Unprocessable, "indisponibilita.periodo_non_valido", "give the first and the last day of the absence, in this order, at most two years apart")
	ErrMotivoIndisponibilita = domain.Refuse(domain.Unprocessable, "indisponibilita.motivo_non_valido", "the reason is FERIE, MALATTIA, MATERNITA, FORMAZIONE or ALTRO")
	ErrSovrapposta           = domain.Refuse(domain.Refused, "indisponibilita.sovrapposta", "the operator is away on some of these days already: revoke that absence first, or give other days")
)

const massimoAssenza = 2 * 366 // days: more is a mistake of typing, or a revocation

// Decide answers RegistraIndisponibilita.
func (c RegistraIndisponibilita) Decide(s State) ([]Event, error) {
	switch {
	case !s.organizza(c.Chi):
		return nil, ErrInesistente
	case c.Dal.IsZero():
		return nil, ErrPeriodo.At("dal")
	case c.Al.IsZero() || c.Al < c.Dal || c.Al-c.Dal > massimoAssenza:
		return nil, ErrPeriodo.At("al")
	case !slices.Contains(motiviIndisponibilita, c.Motivo):
		return nil, ErrMotivoIndisponibilita.At("motivo")
	}
	if _, gia := s.trovaIndisponibilita(c.ID); gia {
		return nil, nil // the same request again, even if it was revoked since
	}
	for _, p := range s.Periodi() {
		if c.Dal <= p.Al && p.Dal <= c.Al {
			return nil, ErrSovrapposta.At("dal")
		}
	}
	return []Event{IndisponibilitaRegistrata{Indisponibilita: c.ID, Dal: c.Dal, Al: c.Al, Motivo: c.Motivo}}, nil
}
