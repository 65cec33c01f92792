package operatore

import (
	"nucleo/domain"
	"nucleo/domain/id"
)

type (
	// AccreditamentoSospeso says that the person may not act under one of their
	// roles, until somebody lets them again. The others hold.
	AccreditamentoSospeso struct {
		Accreditamento id.Accreditamento `json:"accreditamento_id"`
		Motivo         string            `json:"motivo" personale:"testo"`
	}
	// AccreditamentoRiattivato lets the person act under the role again.
	AccreditamentoRiattivato struct {
		Accreditamento id.Accreditamento `json:"accreditamento_id"`
		Motivo         string            `json:"motivo" personale:"testo"`
	}
)

// SospendiAccreditamento keeps a person from acting under one role. The cases
// of a case manager that no other of their roles covers go back to the queue,
// as after a revocation; the role itself stands, and keeps out what it excludes.
type SospendiAccreditamento struct {
	Accreditamento id.Accreditamento
	Motivo         string `personale:"testo"`
	Chi            Accreditante
}

// RiattivaAccreditamento lets a person act under a role again. Cases do not come
// back by themselves.
type RiattivaAccreditamento struct {
	Accreditamento id.Accreditamento
	Motivo         string `personale:"testo"`
	Chi            Accreditante
}

// ErrRuoloSospeso refuses to give again, on whichever territory, a role that was
// suspended: the suspension would be of no use.
var ErrRuoloSospeso = domain.Refuse(domain.Refused, "accreditamento.sospeso", "the operator has this role by an accreditation that is suspended: reactivate or revoke it first")

// Decide answers SospendiAccreditamento.
func (c SospendiAccreditamento) Decide(s State) ([]Event, error) {
	acc, err := s.sospendibile(c.Accreditamento, c.Chi, c.Motivo)
	if err != nil || acc.Sospeso {
		return nil, err
	}
	return []Event{AccreditamentoSospeso{Accreditamento: c.Accreditamento, Motivo: c.Motivo}}, nil
}

// Decide answers RiattivaAccreditamento.
func (c RiattivaAccreditamento) Decide(s State) ([]Event, error) {
	acc, err := s.sospendibile(c.Accreditamento, c.Chi, c.Motivo)
	if err != nil || !acc.Sospeso {
		return nil, err
	}
	return []Event{AccreditamentoRiattivato{Accreditamento: c.Accreditamento, Motivo: c.Motivo}}, nil
}

// sospendibile is an accreditation that an actor may suspend: one that they may
// revoke, and that has not ended.
func (s State) sospendibile(quale id.Accreditamento, chi Accreditante, motivo string) (Accreditamento, error) {
	acc, found := s.Trova(quale)
	switch {
	case !s.Registrato:
		return acc, ErrInesistente
	case !found:
		return acc, ErrAccreditamento
	}
	if err := chi.puo(acc.Ruolo, acc.Territorio.Ambito); err != nil {
		return acc, err
	}
	if err := motivato(motivo); err != nil {
		return acc, err
	}
	if acc.Revocato {
		return acc, ErrRevocato
	}
	return acc, nil
}

func (AccreditamentoSospeso) EventType() string    { return "AccreditamentoSospeso" }
func (AccreditamentoRiattivato) EventType() string { return "AccreditamentoRiattivato" }

func (AccreditamentoSospeso) isOperatore()    {}
func (AccreditamentoRiattivato) isOperatore() {}
