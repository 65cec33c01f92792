package operatore

import (
	"slices"
	"strings"
	"unicode/utf8"

	"nucleo/domain"
)

type (
	// Sospeso says that the person may not act, under any of their roles, until
	// somebody lets them again.
	Sospeso struct {
		Motivo string `json:"motivo" personale:"testo"`
	}
	// Riattivato lets the person act again, under the roles that hold.
	Riattivato struct {
		Motivo string `json:"motivo" personale:"testo"`
	}
)

// Sospendi keeps a person from acting: at once, and until Riattiva. Their open
// cases go to who can carry them on, as after a revocation; who is away for a
// while is registered as absent instead.
type Sospendi struct {
	Motivo string `personale:"testo"`
	Chi    Accreditante
}

// Riattiva lets a person act again.
type Riattiva struct {
	Motivo string `personale:"testo"`
	Chi    Accreditante
}

// ErrSospeso refuses new roles for a person who may not act.
var ErrSospeso = domain.Refuse(domain.Refused, "accreditamento.operatore_sospeso", "the operator is suspended: reactivate them first")

// Decide answers Sospendi.
func (c Sospendi) Decide(s State) ([]Event, error) {
	if err := s.sospensibile(c.Chi, c.Motivo); err != nil || s.Sospeso {
		return nil, err
	}
	return []Event{Sospeso{Motivo: c.Motivo}}, nil
}

// Decide answers Riattiva.
func (c Riattiva) Decide(s State) ([]Event, error) {
	if err := s.sospensibile(c.Chi, c.Motivo); err != nil || !s.Sospeso {
		return nil, err
	}
	return []Event{Riattivato{Motivo: c.Motivo}}, nil
}

// sospensibile says whether an actor decides whether a person acts: whoever may
// revoke every role that the person has. To an amministratore who has nothing
// to do with the person there is none.
func (s State) sospensibile(chi Accreditante, motivo string) error {
	attivi := s.inVigore()
	tocca := slices.ContainsFunc(attivi, func(a Accreditamento) bool { return a.Territorio.Ambito == chi.Territorio.Ambito })
	if !s.Registrato || chi.Ruolo != domain.SuperUtente && !tocca {
		return ErrInesistente
	}
	if chi.SeStesso {
		return ErrSeStesso
	}
	for _, a := range attivi {
		if err := chi.puo(a.Ruolo, a.Territorio.Ambito); err != nil {
			return err
		}
	}
	return motivato(motivo)
}

// inVigore are the accreditations that were not revoked, those included that
// begin later.
func (s State) inVigore() []Accreditamento {
	return slices.DeleteFunc(slices.Clone(s.Accreditamenti), func(a Accreditamento) bool { return a.Revocato })
}

// motivato refuses what nobody says why of.
func motivato(motivo string) error {
	switch {
	case strings.TrimSpace(motivo) == "":
		return ErrMotivo.At("motivo")
	case utf8.RuneCountInString(motivo) > massimoMotivo:
		return ErrMotivoTroppoLungo.At("motivo")
	}
	return nil
}

func (Sospeso) EventType() string    { return "OperatoreSospeso" }
func (Riattivato) EventType() string { return "OperatoreRiattivato" }

func (Sospeso) isOperatore()    {}
func (Riattivato) isOperatore() {}
