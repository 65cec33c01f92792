package eventstore

import (
	"context"
	"iter"
	"sync"

	"nucleo/domain"
)

// Batches reads a log n events at a time, on all processors, one batch ahead
// of whoever ranges over it. It is how read models are built from nothing.
// When ctx ends it ends early, and without a gap: look at ctx afterwards.
func Batches(ctx context.Context, catalog domain.Catalog, keys *Keys, log iter.Seq2[Stored, error], n int) iter.Seq2[[]domain.Recorded, error] {
	return func(yield func([]domain.Recorded, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		raw, ready := make(chan chunk, 1), make(chan decoded, 1)
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()
		running.Go(func() { chunks(ctx, log, n, raw) })
		running.Go(func() {
			defer close(ready)
			for c := range raw {
				batch, err := decode(ctx, catalog, keys, c.events)
				if err != nil {
					batch, c.err = nil, err
				}
				select {
				case ready <- decoded{batch, c.err}:
				case <-ctx.Done():
					return // with one batch lost, none may follow
				}
				if err != nil {
					return
				}
			}
		})
		for d := range ready {
			if len(d.batch) > 0 && !yield(d.batch, nil) {
				return
			}
			if d.err != nil {
				yield(nil, d.err)
				return
			}
		}
	}
}

type chunk struct {
	events []Stored
	err    error
}

type decoded struct {
	batch []domain.Recorded
	err   error
}

// chunks cuts a log into pieces of n events; the last one may carry an error.
func chunks(ctx context.Context, log iter.Seq2[Stored, error], n int, out chan<- chunk) {
	defer close(out)
	send := func(c chunk) bool {
		select {
		case out <- c:
			return true
		case <-ctx.Done():
			return false
		}
	}
	events := make([]Stored, 0, n)
	for e, err := range log {
		if err != nil {
			send(chunk{events, err})
			return
		}
		if events = append(events, e); len(events) == n {
			if !send(chunk{events: events}) {
				return
			}
			events = make([]Stored, 0, n)
		}
	}
	send(chunk{events, ctx.Err()})
}
