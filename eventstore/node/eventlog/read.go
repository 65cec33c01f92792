package eventlog

import (
	"context"
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
	if err := ctx.Err(); err != nil {
		return err // also where a connection is free
	}
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

// headFor finds a head without the write loop, and remembers it, so that the append
// that follows finds it.
func (l *Log) headFor(ctx context.Context, stream string) (head, error) {
	for try := 0; ; try++ {
		l.mu.RLock()
		h, ok := l.heads.peek(stream)
		before := l.heads.puts
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

// warm loads a head in the caller's time when the write loop would have to look for
// it in the table, and a connection is free.
func (l *Log) warm(stream string) {
	l.mu.RLock()
	_, ok := l.heads.peek(stream)
	before := l.heads.puts
	l.mu.RUnlock()
	if ok {
		return
	}
	select {
	case c := <-l.readers:
		h, err := l.loadHead(c, stream)
		l.readers <- c
		if err == nil { // else the write loop finds the same, and answers it
			l.keep(stream, h, before)
		}
	default:
	}
}

// keep remembers a head that was loaded since before. A head that changed meanwhile
// stands there already, unless so many did that it was forgotten again.
func (l *Log) keep(stream string, h head, before int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.heads.puts-before >= l.heads.size {
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
			page, first, err := l.streamPage(ctx, stream, low, high, dir)
			if err != nil {
				yield(Event{}, err)
				return
			}
			if first > low {
				s.First = first
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
