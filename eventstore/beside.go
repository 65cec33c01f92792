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

// Beside is a Store whose events are read straight from the log of the node
// that runs in this process: the whole of it, to build read models or to catch
// up, and one stream, to decide and to show. Nothing is ever written past the
// protocol, and what is followed live comes by it as well.
type Beside struct {
	*Store
	Log *eventlog.Log
}

// Read yields what Store.Read does: it sees every append that was answered.
func (b Beside) Read(ctx context.Context, stream string) iter.Seq2[domain.Recorded, error] {
	return Readable(ctx, b.Stored(ctx, stream), b.catalog, b.config.Keys)
}

// Stored yields what Store.Stored does.
func (b Beside) Stored(ctx context.Context, stream string) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		if b.base.Err() != nil {
			yield(Stored{}, fmt.Errorf("stream %s: %w", stream, ErrClosed))
			return
		}
		ctx, cancel := b.scope(ctx)
		defer cancel()
		for e, err := range b.Log.ReadStream(ctx, stream, 0, eventlog.Forwards, math.MaxUint64) {
			if ctx.Err() != nil { // also where a page was at hand
				err = context.Cause(ctx)
			}
			if errors.Is(err, eventlog.ErrStreamNotFound) {
				return
			}
			if err != nil {
				yield(Stored{}, fmt.Errorf("stream %s: %w", stream, unavailable(err)))
				return
			}
			if !yield(fromLog(&e), nil) {
				return
			}
		}
	}
}

// All yields what Store.All does, in the same order.
func (b Beside) All(ctx context.Context, after uint64, resumed bool) iter.Seq2[Stored, error] {
	return Direct{b.Log, b.catalog}.All(ctx, after, resumed)
}

// Follow yields what Store.Follow does. What was there when it began is read
// beside the protocol, and so is what came until that was read.
func (b Beside) Follow(ctx context.Context, after uint64, resumed bool) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		for e, err := range b.All(ctx, after, resumed) {
			if err != nil || b.base.Err() != nil || ctx.Err() != nil {
				break // the protocol goes on from here, or says what is wrong
			}
			if after, resumed = e.Position, true; !yield(e, nil) {
				return
			}
		}
		b.Store.Follow(ctx, after, resumed)(yield)
	}
}

func fromLog(e *eventlog.Event) Stored {
	content := "application/octet-stream"
	if e.JSON {
		content = "application/json"
	}
	return Stored{
		ID: e.ID, Type: e.Type, Stream: e.Stream, ContentType: content,
		Version: uint64(e.Revision) + 1, Position: uint64(e.Position), Data: e.Data, Meta: e.Metadata,
	}
}

var _ Log = Beside{}
