package operatore

import (
	"nucleo/domain"
	"nucleo/domain/id"
)

// RevocaIndisponibilita takes an absence back.
type RevocaIndisponibilita struct {
	ID  id.Indisponibilita
	Chi Accreditante
}

// ErrIndisponibilita refuses to speak of an absence that is none.
var ErrIndisponibilita = domain.Refuse(domain.NotFound, "indisponibilita.inesistente", "the operator has no such absence: read the operator again")

// Decide answers RevocaIndisponibilita.
func (c RevocaIndisponibilita) Decide(s State) ([]Event, error) {
	if !s.organizza(c.Chi) {
		return nil, ErrInesistente
	}
	i, trovata := s.trovaIndisponibilita(c.ID)
	switch {
	case !trovata:
		return nil, ErrIndisponibilita
	case i.Revocata:
		return nil, nil
	}
	return []Event{IndisponibilitaRevocata{Indisponibilita: c.ID}}, nil
}
