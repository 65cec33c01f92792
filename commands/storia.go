package commands

import (
	"context"
	"time"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// Alla is a moment in the life of an aggregate: after so many of its events,
// or at an instant. The zero Alla is now.
type Alla struct {
	Versione uint64
	Istante  time.Time
}

// dopo reports whether an event lies after the moment.
func (a Alla) dopo(r domain.Recorded) bool {
	return a.Versione > 0 && r.Version > a.Versione || !a.Istante.IsZero() && r.Meta.Istante.After(a.Istante)
}

// Refusals of moments in the life of a case.
var (
	ErrNonAncora       = domain.Refuse(domain.NotFound, "caso.non_ancora", "the case had not begun at that moment: ask for one after its first event")
	ErrVersioneAssente = domain.Refuse(domain.NotFound, "caso.versione_assente", "the case has not come so far: it has fewer events")
)

// Storia is a case as it was, and the events that made it so.
type Storia struct {
	Stato  caso.State
	Head   domain.Head
	Eventi []domain.Recorded
}

// StoriaCaso replays a case up to a moment, from its stream and from nothing
// else (GEPI cannot; ADR 0005).
func (s *Service) StoriaCaso(ctx context.Context, c id.Caso, alla Alla) (Storia, error) {
	var storia Storia
	oltre := false
	for r, err := range s.Store.Read(ctx, caso.Decider.Stream(c.String())) {
		if err != nil {
			return storia, err
		}
		if oltre = alla.dopo(r); oltre {
			break
		}
		e, ok := r.Event.(caso.Event)
		if !ok {
			return storia, errFuoriAggregato
		}
		storia.Stato, storia.Head = caso.Decider.Evolve(storia.Stato, e), r.Head()
		storia.Eventi = append(storia.Eventi, r)
	}
	switch {
	case len(storia.Eventi) == 0 && oltre:
		return storia, ErrNonAncora
	case len(storia.Eventi) == 0:
		return storia, caso.ErrInesistente
	case storia.Head.Version < alla.Versione:
		return storia, ErrVersioneAssente
	}
	return storia, nil
}

// Caso is a case as it is now, for an actor in whose territory it lies.
func (s *Service) Caso(ctx context.Context, a domain.Attore, c id.Caso) (Caso, error) {
	letto, _, err := leggi(ctx, s.Store, Request{}, caso.Decider, caso.Decider.Stream(c.String()))
	if err == nil {
		err = Vede(a, letto.Stato)
	}
	return letto, err
}
