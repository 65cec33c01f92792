package eventlog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

const countEntries = `SELECT count(*) FROM stream_index WHERE position <= ?`

// Verify reads every event and returns a *CorruptError with the first position
// whose checksum, place in its stream or entry in the stream index is wrong.
// progress may be nil; it hears how far the check has come.
func (l *Log) Verify(ctx context.Context, progress func(position, last int64)) error {
	for {
		err := l.verify(ctx, progress)
		if !errors.Is(err, errScavenged) {
			return err
		}
	}
}

func (l *Log) verify(ctx context.Context, progress func(position, last int64)) error {
	c, err := l.Check(ctx)
	if err != nil {
		return err
	}
	for part := range c.Parts(ctx) {
		err := part(func(e *Event) bool {
			if progress != nil {
				progress(e.Position, c.last)
			}
			return true
		})
		if ctx.Err() != nil {
			return err
		}
		if err != nil || c.doubtful() {
			c.suspect() // there is a fault: End looks for the first
			return cmp.Or(c.End(ctx), err)
		}
	}
	return c.End(ctx)
}

// verifier looks at one event after the other, and asks the index for each. That
// names the first fault, and takes many times as long as to see that there is none (Check).
type verifier struct {
	log   *Log
	upTo  int64
	count int64 // events up to upTo
	end   int64 // where the record before ended
	good  int64 // the last event that is as it was written
	table bool  // what the table of the index does not hold yet is not asked for
}

// whole looks at all events up to a position.
func (v *verifier) whole(ctx context.Context, last int64) error {
	for from := int64(0); ; {
		page, err := v.log.Page(ctx, from, last, Forwards, pageEvents)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return v.finish(ctx)
		}
		if err := v.log.read(ctx, func(c *conn) error { return v.page(c, page) }); err != nil {
			return err
		}
		from = page[len(page)-1].Position + 1
	}
}

func (v *verifier) page(c *conn, page []Event) error {
	for i := range page {
		e := &page[i]
		if ok, err := c.follows(e.Position, v.end); err != nil {
			return err
		} else if !ok {
			return &CorruptError{v.end, fmt.Sprintf("the next event stands at %d", e.Position)}
		}
		if e.Position <= v.upTo {
			v.count++
		}
		if e.Position <= v.upTo || !v.table {
			if err := v.event(c, e); err != nil {
				return err
			}
		}
		v.end, v.good = e.Position+e.size(), e.Position
	}
	return nil
}

// event checks that the index knows this event, and only this one, at its revision,
// and that the revision before it came earlier.
func (v *verifier) event(c *conn, e *Event) error {
	at, err := v.entries(c, e, e.Revision)
	if err != nil {
		return err
	}
	if len(at) != 1 || at[0] != e.Position {
		return &CorruptError{e.Position, fmt.Sprintf("the stream index has revision %d at %v", e.Revision, at)}
	}
	if e.Revision == 0 || e.Revision == Tombstone {
		return nil
	}
	before, err := v.entries(c, e, e.Revision-1)
	if err != nil {
		return err
	}
	if len(before) == 0 {
		if trimmed, err := c.trimmed(e.Stream); err != nil || trimmed == e.Revision {
			return err
		}
	}
	if len(before) != 1 || before[0] >= e.Position {
		return &CorruptError{e.Position, fmt.Sprintf("revision %d of its stream does not stand before it", e.Revision-1)}
	}
	return nil
}

// entries lists the positions that the index, in memory and on disk, has for a
// revision of the stream of e.
func (v *verifier) entries(c *conn, e *Event, revision int64) ([]int64, error) {
	list, err := v.log.positions(c, e.Stream, revision, revision)
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, en := range list {
		if len(list) > 1 { // another stream may have the same hash
			other, err := v.log.at(c, en.position)
			if err != nil {
				return nil, err
			}
			if other.Stream != e.Stream {
				continue
			}
		}
		out = append(out, en.position)
	}
	return out, nil
}

// finish looks for entries without an event.
func (v *verifier) finish(ctx context.Context) error {
	return v.log.read(ctx, func(c *conn) error {
		n, _, err := c.number(countEntries, v.upTo)
		if err == nil && n != v.count {
			err = &CorruptError{v.upTo, fmt.Sprintf("the stream index has %d entries for %d events", n, v.count)}
		}
		return err
	})
}
