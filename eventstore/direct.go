package eventstore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"

	"nucleo/domain"
	"nucleo/eventstore/node/eventlog"
)

// Direct reads the streams of a catalogue from the log of a node, without a
// node: for who looks at a data directory that no program runs on.
type Direct struct {
	Log     *eventlog.Log
	Catalog domain.Catalog
}

// All yields what Store.All does, in the same order.
func (d Direct) All(ctx context.Context, after uint64, resumed bool) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		from := int64(0)
		if resumed {
			from = int64(after) + 1
		}
		for e, err := range d.Log.ReadAll(ctx, from, eventlog.Forwards, math.MaxUint64) {
			if err != nil {
				yield(Stored{}, err)
				return
			}
			if Ours(d.Catalog, e.Stream) && !yield(fromLog(&e), nil) {
				return
			}
		}
	}
}

// Checking is a Direct whose first reading of the whole log looks at its
// checksums and index as well: they are read once, and Check says what it found.
type Checking struct {
	Direct
	Check *eventlog.Check

	read bool
}

// All yields what Direct.All does.
func (c *Checking) All(ctx context.Context, after uint64, resumed bool) iter.Seq2[Stored, error] {
	if resumed || c.read {
		return c.Direct.All(ctx, after, resumed)
	}
	c.read = true
	return func(yield func(Stored, error) bool) {
		for e, err := range c.Check.All(ctx) {
			if err != nil {
				yield(Stored{}, err)
				return
			}
			if Ours(c.Catalog, e.Stream) && !yield(fromLog(&e), nil) {
				return
			}
		}
	}
}

// Stored yields the events of a stream as they are stored.
func (d Direct) Stored(ctx context.Context, stream string) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		for e, err := range d.Log.ReadStream(ctx, stream, 0, eventlog.Forwards, math.MaxUint64) {
			switch {
			case errors.Is(err, eventlog.ErrStreamNotFound):
				return
			case err != nil:
				yield(Stored{}, fmt.Errorf("stream %s: %w", stream, err))
				return
			}
			if !yield(fromLog(&e), nil) {
				return
			}
		}
	}
}
