package projections

import (
	"context"
	"iter"
	"sync/atomic"

	"nucleo/domain"
	"nucleo/domain/codicefiscale"
	"nucleo/eventstore"
)

// Source is the log that the models are made from.
type Source interface {
	eventstore.Source
	// Stored yields the events of a stream, from its first.
	Stored(ctx context.Context, stream string) iter.Seq2[eventstore.Stored, error]
	// All yields the events after a position, or all when not resumed, and
	// ends with the log.
	All(ctx context.Context, after uint64, resumed bool) iter.Seq2[eventstore.Stored, error]
	// End is the position of the last event.
	End(ctx context.Context) (uint64, error)
}

// Origin is the log and how its events are read.
type Origin struct {
	Source  Source
	Catalog domain.Catalog
	Pepe    codicefiscale.Pepe // of the blind indexes of models that keep some
}

// pass is one reading of the log, up to its present end.
type pass struct {
	origin Origin
	seen   atomic.Int64 // position of the last event that was read, wanted or not
	events atomic.Int64
}

// batches yields what the models read of the log after a position, and not
// after another. Events of streams that none reads are not decoded.
func (p *pass) batches(ctx context.Context, after, until int64, models []*model, n int) iter.Seq2[[]domain.Recorded, error] {
	p.seen.Store(after)
	wanted := func(yield func(eventstore.Stored, error) bool) {
		for e, err := range p.origin.Source.All(ctx, uint64(max(after, 0)), after >= 0) {
			if err == nil {
				if int64(e.Position) > until {
					return
				}
				p.events.Add(1)
				p.seen.Store(int64(e.Position))
				if !read(models, e.Stream) {
					continue
				}
			}
			if !yield(e, err) {
				return
			}
		}
	}
	return func(yield func([]domain.Recorded, error) bool) {
		for batch, err := range eventstore.Batches(ctx, p.origin.Catalog, p.origin.Source.Keys(), wanted, n) {
			if err == nil {
				batch, err = p.origin.rilegge(ctx, batch)
			}
			if !yield(batch, err) {
				return
			}
		}
	}
}

func read(models []*model, stream string) bool {
	for _, m := range models {
		if m.of.reads(stream) {
			return true
		}
	}
	return false
}
