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

// Checking is a Direct whose reading of the whole log, in parts, looks at its checksums
// and index as well: they are read once, and Check says what it found.
type Checking struct {
	Direct
	Check *eventlog.Check
}

// Parts are the parts of the log, in order, as functions that read them: each yields the
// events of its part, whose data and metadata hold until yield returns. They may
// run side by side.
func (c Checking) Parts(ctx context.Context) iter.Seq[func(yield func(Stored) bool) error] {
	return func(yield func(func(func(Stored) bool) error) bool) {
		for part := range c.Check.Parts(ctx) {
			if !yield(func(each func(Stored) bool) error {
				return part(func(e *eventlog.Event) bool { return !Ours(c.Catalog, e.Stream) || each(fromLog(e)) })
			}) {
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
