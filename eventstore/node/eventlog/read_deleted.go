package eventlog

import (
	"context"
	"iter"
)

// ReadDeleted yields what a stream that is deleted for ever holds from a revision
// on, the tombstone last, for those who followed it until then.
func (l *Log) ReadDeleted(ctx context.Context, stream string, from int64) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for {
			page, err := l.deletedPage(ctx, stream, from)
			if err != nil {
				yield(Event{}, err)
				return
			}
			if len(page) == 0 {
				break
			}
			for i := range page {
				if from = page[i].Revision + 1; !yield(page[i], nil) {
					return
				}
			}
		}
		l.yieldTombstone(ctx, stream, yield)
	}
}

func (l *Log) deletedPage(ctx context.Context, stream string, from int64) (page []Event, err error) {
	err = l.read(ctx, func(c *conn) error {
		for {
			list, err := l.positions(c, stream, from, min(from, Tombstone-pageEvents)+pageEvents-1)
			if err != nil {
				return err
			}
			if page, err = l.fetch(c, stream, list, Forwards); err == nil {
				return nil
			}
			if from, err = c.unlessTrimmed(err, stream, from); err != nil {
				return err
			}
		}
	})
	return page, err
}

func (l *Log) yieldTombstone(ctx context.Context, stream string, yield func(Event, error) bool) {
	h, err := l.headFor(ctx, stream)
	if err == nil && h.last != Tombstone {
		return
	}
	var e Event
	if err == nil {
		err = l.read(ctx, func(c *conn) (err error) {
			e, err = l.at(c, h.position)
			return err
		})
	}
	yield(e, err)
}
