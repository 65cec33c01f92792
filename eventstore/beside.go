package eventstore

import (
	"context"
	"iter"
	"math"

	"nucleo/eventstore/node/eventlog"
)

// Beside is a Store whose whole log is read straight from the file of the node
// that runs in this process. It is for building read models: there is no other
// reader of so much, and nothing is ever written past the protocol.
type Beside struct {
	*Store
	Log *eventlog.Log
}

// All yields what Store.All does, in the same order.
func (b Beside) All(ctx context.Context, after uint64, resumed bool) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		from := int64(0)
		if resumed {
			from = int64(after) + 1
		}
		for e, err := range b.Log.ReadAll(ctx, from, eventlog.Forwards, math.MaxUint64) {
			if err != nil {
				yield(Stored{}, err)
				return
			}
			if Ours(b.catalog, e.Stream) && !yield(fromLog(&e), nil) {
				return
			}
		}
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
