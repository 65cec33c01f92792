package caso

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// RevocaEsonero ends an exemption of a person, known by its first day.
type RevocaEsonero struct {
	Componente  id.Componente
	Dal         giorno.Giorno
	Motivazione string `personale:"testo"`
}

// ErrEsoneroInesistente refuses to revoke what is not there.
var ErrEsoneroInesistente = domain.Refuse(domain.NotFound, "esonero.inesistente", "no exemption of that person begins on that day, or it was revoked before")

// Decide answers RevocaEsonero.
func (c RevocaEsonero) Decide(s State) ([]Event, error) {
	if err := s.opera(); err != nil {
		return nil, err
	}
	if err := motiva(c.Motivazione); err != nil {
		return nil, err
	}
	e := EsoneroRevocato{Componente: c.Componente, Dal: c.Dal, Motivazione: c.Motivazione}
	switch {
	case slices.ContainsFunc(s.Esoneri.Attivi, e.revoca):
		if !s.Stato.esonera() {
			return nil, ErrEsoneroFuoriFase
		}
		return []Event{e}, nil
	case slices.Contains(s.Esoneri.Revocati, e):
		return nil, nil
	}
	return nil, ErrEsoneroInesistente
}
