package eventlog

import (
	"context"
	"database/sql/driver"
	"fmt"
	"iter"
	"math"
)

// Direction of a read.
type Direction bool

// The two directions.
const (
	Forwards  Direction = false
	Backwards Direction = true
)

// End is a place after every event, for reads backwards.
const End int64 = math.MaxInt64

// Bounds of what one page holds in memory.
const (
	pageEvents = 256
	pageBytes  = 2 << 20
)

// State is what reads of a stream see of it.
type State struct {
	Last  int64 // newest revision
	First int64 // oldest revision that may be read
	since int64 // oldest time that may be read, in ticks
}

// read lends a connection for one short query.
func (l *Log) read(ctx context.Context, do func(c *conn) error) error {
	select {
	case c := <-l.readers:
		defer func() { l.readers <- c }()
		return do(c)
	case <-ctx.Done():
		return ctx.Err()
	case <-l.ending:
		return ErrClosed
	}
}

// Stream says where a stream stands: ErrStreamNotFound when it was never written
// or is soft deleted, ErrStreamDeleted when it is tombstoned.
func (l *Log) Stream(ctx context.Context, stream string) (State, error) {
	h, err := l.headFor(ctx, stream)
	if err != nil {
		return State{}, err
	}
	if isMetastream(stream) {
		base, err := l.headFor(ctx, stream[2:])
		if err != nil {
			return State{}, err
		}
		if base.last == Tombstone {
			return State{Last: Tombstone}, ErrStreamDeleted
		}
	}
	switch {
	case h.last == Tombstone:
		return State{Last: Tombstone}, ErrStreamDeleted
	case h.last < 0 || h.meta.softDeleted():
		return State{Last: h.last}, ErrStreamNotFound
	}
	s := State{Last: h.last, First: h.meta.firstVisible(h.last)}
	if h.meta.MaxAge > 0 {
		s.since = l.opts.Now().UnixNano()/100 - h.meta.MaxAge*10_000_000
	}
	return s, nil
}

// headFor finds a head without the write loop. What was loaded while nothing was
// committed is remembered, so that the append that follows finds it.
func (l *Log) headFor(ctx context.Context, stream string) (head, error) {
	for try := 0; ; try++ {
		l.mu.RLock()
		h, ok := l.heads.peek(stream)
		before := l.last
		l.mu.RUnlock()
		if ok {
			return h, nil
		}
		if try == 3 { // commits follow one another closely: hold them for a moment
			l.commit.Lock()
			defer l.commit.Unlock()
		}
		err := l.read(ctx, func(c *conn) (err error) {
			h, err = l.loadHead(c, stream)
			return err
		})
		if err != nil {
			return head{}, err
		}
		if l.keep(stream, h, before) {
			return h, nil
		}
	}
}

// keep remembers a head when nothing was committed since before.
func (l *Log) keep(stream string, h head, before int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last != before {
		return false
	}
	if _, ok := l.heads.peek(stream); !ok {
		l.heads.put(stream, h)
	}
	return true
}

// ReadStream yields at most limit events of a stream from a revision on, that one
// included, a page at a time. It yields ErrStreamNotFound and ErrStreamDeleted as
// Stream does.
func (l *Log) ReadStream(ctx context.Context, stream string, from int64, dir Direction, limit uint64) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		s, err := l.Stream(ctx, stream)
		if err != nil {
			yield(Event{}, err)
			return
		}
		for limit > 0 {
			low, high, more := s.window(from, dir, limit)
			if !more {
				return
			}
			page, err := l.streamPage(ctx, stream, low, high, dir)
			if err != nil {
				yield(Event{}, err)
				return
			}
			for i := range page {
				from = page[i].Revision + 1
				if dir == Backwards {
					from = page[i].Revision - 1
				}
				if page[i].Created < s.since {
					continue
				}
				limit--
				if !yield(page[i], nil) {
					return
				}
			}
		}
	}
}

// window is the next range of revisions to fetch; more is false at the end.
func (s State) window(from int64, dir Direction, limit uint64) (low, high int64, more bool) {
	width := int64(min(limit, pageEvents)) - 1
	if dir == Backwards {
		high = min(from, s.Last)
		return max(s.First, high-width), high, high >= s.First
	}
	low = max(from, s.First)
	if low > s.Last {
		return 0, 0, false
	}
	return low, low + min(width, s.Last-low), true
}

// streamPage fetches the revisions low..high of a stream, fewer when they are big,
// and checks that none is missing.
func (l *Log) streamPage(ctx context.Context, stream string, low, high int64, dir Direction) ([]Event, error) {
	var page []Event
	err := l.read(ctx, func(c *conn) error {
		list, err := l.positions(c, stream, low, high)
		if err != nil {
			return err
		}
		page, err = fetch(c, stream, list, dir)
		if err != nil {
			return err
		}
		return continuous(page, low, high, dir)
	})
	return page, err
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
func fetch(c *conn, stream string, list []entry, dir Direction) ([]Event, error) {
	page := make([]Event, 0, len(list))
	bytes := int64(0)
	for len(list) > 0 && bytes < pageBytes {
		n := min(fetchWidth, len(list))
		part := list[:n]
		if dir == Backwards {
			part = list[len(list)-n:]
		}
		events, err := fetchSome(c, part)
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

func fetchSome(c *conn, part []entry) ([]Event, error) {
	args := make([]driver.Value, fetchWidth)
	for i, en := range part {
		args[i] = en.position
	}
	events := make([]Event, 0, len(part))
	err := c.query(selectMany, func(row []driver.Value) error {
		e, err := scan(row)
		events = append(events, e)
		return err
	}, args...)
	if err == nil && len(events) != len(part) {
		err = &CorruptError{part[0].position, "the stream index names an event that is missing"}
	}
	return events, err
}

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
		err := c.query(sql, func(row []driver.Value) error {
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
		list, err := l.positions(c, stream, from, min(from, Tombstone-pageEvents)+pageEvents-1)
		if err != nil {
			return err
		}
		page, err = fetch(c, stream, list, Forwards)
		return err
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
			e, err = at(c, h.position)
			return err
		})
	}
	yield(e, err)
}
