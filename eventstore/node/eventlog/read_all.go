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
	sql := selectForwards
	if dir == Backwards {
		sql = selectBackwards
	}
	var page []Event
	err := l.read(ctx, func(c *conn) error {
		bytes := int64(0)
		err := c.query(sql, func(row []any) error {
			e, err := scan(row)
			if err != nil {
				return err
			}
			page, bytes = append(page, e), bytes+e.size()
			if bytes >= pageBytes {
				return errEnough
			}
			return nil
		}, from, last, int64(n))
		return enoughIsFine(err)
	})
	if err != nil {
		return nil, fmt.Errorf("read the log: %w", err)
	}
	return page, nil
}
