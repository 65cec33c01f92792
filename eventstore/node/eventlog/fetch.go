package eventlog

import (
	"context"
	"fmt"
)

// streamPage fetches the revisions low..high of a stream, fewer when they are big,
// and checks that none is missing.
//
// What was removed is not missing: then first is where the stream begins.
func (l *Log) streamPage(ctx context.Context, stream string, low, high int64, dir Direction) (page []Event, first int64, err error) {
	first = low
	err = l.read(ctx, func(c *conn) error {
		for first <= high {
			err := func() error {
				list, err := l.positions(c, stream, first, high)
				if err != nil {
					return err
				}
				if page, err = l.fetch(c, stream, list, dir); err != nil {
					return err
				}
				return continuous(page, first, high, dir)
			}()
			if err == nil {
				return nil
			}
			page = nil
			if first, err = c.unlessTrimmed(err, stream, first); err != nil {
				return err
			}
		}
		return nil
	})
	return page, first, err
}

func continuous(page []Event, low, high int64, dir Direction) error {
	want, step := low, int64(1)
	if dir == Backwards {
		want, step = high, -1
	}
	for i := range page {
		if page[i].Revision != want {
			return &CorruptError{page[i].Position, fmt.Sprintf("the stream has revision %d where %d should be", page[i].Revision, want)}
		}
		want += step
	}
	if len(page) == 0 {
		return &CorruptError{0, fmt.Sprintf("the stream index has no entry for revision %d", want)}
	}
	return nil
}

// fetchWidth is how many positions one statement reads.
const fetchWidth = 20

const selectMany = `SELECT ` + columns + ` FROM events WHERE position IN (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ORDER BY position`

// fetch reads the events at the listed positions in the wanted order, leaving out
// other streams with the same hash, up to pageBytes.
func (l *Log) fetch(c *conn, stream string, list []entry, dir Direction) ([]Event, error) {
	mem := l.unmoved()
	page := make([]Event, 0, len(list))
	bytes := int64(0)
	for len(list) > 0 && bytes < pageBytes {
		n := min(fetchWidth, len(list))
		part := list[:n]
		if dir == Backwards {
			part = list[len(list)-n:]
		}
		events, err := fetchSome(c, mem, part)
		if err != nil {
			return nil, err
		}
		for i := range events {
			e := &events[i]
			if dir == Backwards {
				e = &events[len(events)-1-i]
			}
			if e.Stream == stream {
				page, bytes = append(page, *e), bytes+e.size()
			}
		}
		if dir == Backwards {
			list = list[:len(list)-n]
		} else {
			list = list[n:]
		}
	}
	return page, nil
}

func fetchSome(c *conn, mem pending, part []entry) ([]Event, error) {
	args := make([]any, fetchWidth)
	events, newest := make([]Event, 0, len(part)), []Event{}
	for i, en := range part {
		if e, ok := mem.at(en.position); ok {
			newest = append(newest, *e)
			continue
		}
		args[i] = en.position
	}
	if len(newest) == len(part) {
		return newest, nil
	}
	err := c.query(selectMany, func(row []any) error {
		e, err := scan(row)
		events = append(events, e)
		return err
	}, args...)
	events = append(events, newest...)
	if err == nil && len(events) != len(part) {
		err = &CorruptError{part[0].position, "the stream index names an event that is missing"}
	}
	return events, err
}
