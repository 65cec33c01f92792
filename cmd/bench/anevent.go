package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/eventstore"
	"nucleo/projections"
)

// anEvent keeps the same read models of the same log by a transaction an
// event: the engine's own folds and rows, in a database of its own, with what
// the engine has for it: rows stay in memory, all statements of an event go in
// one round trip, and none waits for the disk. Reading and decoding the events
// is not counted.
type anEvent struct {
	*installation
	pool         *pgxpool.Pool
	cases, moves int
}

// anEvent builds the models as they are now.
func (t *tail) anEvent(ctx context.Context, b *bench) (*anEvent, error) {
	url, err := b.database(ctx)
	if err != nil {
		return nil, err
	}
	pool, err := projections.Open(ctx, url, modelli)
	if err != nil {
		return nil, err
	}
	if err := projections.Ricostruisci(ctx, pool, t.origin(), t.log, modelli...); err != nil {
		pool.Close()
		return nil, err
	}
	return &anEvent{installation: t.installation, pool: pool, cases: t.cases, moves: t.moves}, nil
}

// round takes in the next events of the log: some to warm up, and n that count.
func (a *anEvent) round(n int) func(context.Context) (float64, error) {
	const warm = 100
	return func(ctx context.Context) (float64, error) {
		var at uint64
		if err := a.pool.QueryRow(ctx, "SELECT min(posizione) FROM proiezioni.avanzamento").Scan(&at); err != nil {
			return 0, err
		}
		events, err := a.next(ctx, at, warm+n)
		if err != nil {
			return 0, err
		}
		var begun time.Time
		err = projections.FeedEach(ctx, a.pool, modelli, func(yield func([]domain.Recorded) bool) {
			for k := range events {
				if k == warm {
					begun = time.Now()
				}
				if !yield(events[k : k+1]) {
					return
				}
			}
		})
		took := time.Since(begun)
		return rate(n, took), errors.Join(err, a.check(ctx, events[len(events)-1].Position))
	}
}

// next are the n events after a position.
func (a *anEvent) next(ctx context.Context, after uint64, n int) (events []domain.Recorded, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for batch, err := range eventstore.Batches(ctx, eventi, nil, a.beside().All(ctx, after, true), 1000) {
		if err != nil {
			return nil, err
		}
		for _, r := range batch {
			if len(events) == n {
				return events, nil
			}
			if _, is := r.Event.(caso.DomandaRicevuta); is {
				a.cases++
			} else {
				a.moves++
			}
			events = append(events, r)
		}
	}
	if len(events) < n {
		return nil, fmt.Errorf("the log has %d events after %d, not %d", len(events), after, n)
	}
	return events, nil
}

// check holds rows and checkpoints against the events.
func (a *anEvent) check(ctx context.Context, at uint64) error {
	var least, greatest uint64
	err := a.pool.QueryRow(ctx, "SELECT min(posizione), max(posizione) FROM proiezioni.avanzamento").Scan(&least, &greatest)
	if err == nil && (least != at || greatest != at) {
		err = fmt.Errorf("the models stand at %d to %d, not at %d", least, greatest, at)
	}
	return errors.Join(err, rowsAre(ctx, a.pool, map[string]int{"casi": a.cases, "cronologia": a.moves, "pesi": a.cases}))
}
