package eventlog

import (
	"context"
	"fmt"
	"iter"
)

const (
	selectForwards  = `SELECT ` + columns + ` FROM events WHERE position >= ? AND position <= ? ORDER BY position LIMIT ?`
	selectBackwards = `SELECT ` + columns + ` FROM events WHERE position < ? AND position <= ? ORDER BY position DESC LIMIT ?`
)

// ReadAll yields at most limit events of the whole log: forwards those at a
// position and after it, backwards those before it. It ends at the last event that
// was committed when it began.
func (l *Log) ReadAll(ctx context.Context, from int64, dir Direction, limit uint64) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		last, _ := l.Last()
		for limit > 0 {
			page, err := l.Page(ctx, from, last, dir, int(min(limit, pageEvents)))
			if err != nil {
				yield(Event{}, err)
				return
			}
			if len(page) == 0 {
				return
			}
			for i := range page {
				from = page[i].Position
				if dir == Forwards {
					from++
				}
				limit--
				if !yield(page[i], nil) {
					return
				}
			}
		}
	}
}

// Page reads up to n events of the whole log, none after the position last; fewer
// when they are big, none at the end.
func (l *Log) Page(ctx context.Context, from, last int64, dir Direction, n int) ([]Event, error) {
	var page []Event
	bytes, mem := int64(0), l.unmoved()
	add := func(e *Event) (more bool) {
		page, bytes = append(page, *e), bytes+e.size()
		return len(page) < n && bytes < pageBytes
	}
	more := n > 0
	if dir == Backwards && from > mem.first() {
		mem.descend(min(from, last+1), func(e *Event) bool { more = add(e); return more })
	}
	if more && (dir == Backwards || from < mem.first()) {
		sql := selectForwards
		if dir == Backwards {
			sql = selectBackwards
		}
		err := l.read(ctx, func(c *conn) error {
			return enoughIsFine(c.query(sql, func(row []any) error {
				e, err := scan(row)
				if err != nil {
					return err
				}
				if more = add(&e); !more {
					return errEnough
				}
				return nil
			}, from, min(last, mem.first()-1), int64(n-len(page))))
		})
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
	}
	if more && dir == Forwards {
		mem.ascend(from, func(e *Event) bool { return e.Position <= last && add(e) })
	}
	return page, nil
}
