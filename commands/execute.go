package commands

import (
	"context"
	"errors"
	"fmt"

	"nucleo/domain"
)

// azione is one request put to one aggregate.
type azione[S any, E domain.Event] struct {
	decider domain.Decider[S, E]
	chiave  string
	// visibile refuses an actor who may not know of the aggregate. Optional.
	visibile func(S) error
	// versione is what If-Match speaks of: the version of a facet. Optional.
	versione func(Esito[S]) uint64
	// comando makes the command, with the facts that it needs of elsewhere.
	comando func(context.Context, S) (domain.Command[S, E], error)
}

// is makes a command that needs nothing of elsewhere.
func is[S any, E domain.Event](c domain.Command[S, E]) func(context.Context, S) (domain.Command[S, E], error) {
	return func(context.Context, S) (domain.Command[S, E], error) { return c, nil }
}

// tentativi is how often a command is decided again after losing a race.
const tentativi = 8

// execute carries out an action: once for each command id, however often it is
// asked. A race lost to another command is decided again on what is true then.
func execute[S any, E domain.Event](ctx context.Context, s *Service, req Request, a azione[S, E]) (Esito[S], error) {
	for n := 1; ; n++ {
		esito, err := try(ctx, s.Store, req, a)
		if errors.Is(err, domain.ErrStale) && n < tentativi && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return esito, fmt.Errorf("%s: %w", a.decider.Category, err)
		}
		return esito, nil
	}
}

func try[S any, E domain.Event](ctx context.Context, store Store, req Request, a azione[S, E]) (Esito[S], error) {
	stream := a.decider.Stream(a.chiave)
	letto, fatto, err := leggi(ctx, store, req, a.decider, stream)
	if err == nil && a.visibile != nil {
		err = a.visibile(letto.Stato)
	}
	switch {
	case err != nil:
		return letto, err
	case fatto != nil:
		return *fatto, nil
	case req.Atteso != nil && a.versione != nil && !req.Atteso(a.versione(letto)):
		return letto, ErrPrecondizione
	}
	comando, err := a.comando(ctx, letto.Stato)
	if err != nil {
		return letto, err
	}
	decisi, err := comando.Decide(letto.Stato)
	if err != nil || len(decisi) == 0 {
		return letto, err
	}
	return appendi(ctx, store, req, a.decider, stream, letto, decisi)
}

// leggi folds a stream. When the command stands in it already, fatto is what
// it left behind then.
func leggi[S any, E domain.Event](ctx context.Context, store Store, req Request, d domain.Decider[S, E], stream string) (letto Esito[S], fatto *Esito[S], err error) {
	for r, err := range store.Read(ctx, stream) {
		if err != nil {
			return letto, nil, err
		}
		e, ok := r.Event.(E)
		if !ok {
			return letto, nil, fmt.Errorf("%s in %s: %w", r.Type, stream, errFuoriAggregato)
		}
		letto.Stato, letto.Head = d.Evolve(letto.Stato, e), r.Head()
		if r.Meta.Comando != req.Comando {
			continue
		}
		if r.Meta.Impronta != req.Impronta {
			return letto, nil, ErrChiaveRiusata
		}
		fatto = &Esito[S]{Stato: letto.Stato, Head: letto.Head, Posizione: r.Position, Ripetuto: true}
	}
	return letto, fatto, nil
}

func appendi[S any, E domain.Event](ctx context.Context, store Store, req Request, d domain.Decider[S, E], stream string, letto Esito[S], decisi []E) (Esito[S], error) {
	events := make([]domain.Event, len(decisi))
	for i, e := range decisi {
		events[i] = e
	}
	dove, err := store.Append(ctx, stream, letto.Head, req.meta(), events...)
	if err != nil {
		return letto, err
	}
	return Esito[S]{Stato: d.Fold(letto.Stato, decisi...), Head: dove.Head, Posizione: dove.Position}, nil
}
