package eventlog

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"iter"
	"sync"
)

// Check is what Verify does, while somebody reads the events for another reason:
// they are read once.
//
// It only sees that there is no fault, and does that fast: parts of the log are read
// side by side, and the index is read once, in its own order, and held against the
// events as a whole. Where anything is not as it should be, a verifier looks for
// what it is.
type Check struct {
	log  *Log
	last int64
	upTo int64 // the events up to here have an entry in the table of the index
	then int64 // how often something had been removed when it began
	seed maphash.Seed

	mu      sync.Mutex
	parts   map[int64]part // by the position that they begin at
	doubt   bool           // something is not as it should be
	differs bool           // the index is surely not that of the events
}

// part is what was seen of a part of the log.
type part struct {
	first, end int64 // where its events begin and end; 0 when it has none
	indexed    crowd // of its events up to upTo
}

// partBytes is how much of the log is read at once, about.
const partBytes = 512 << 10

// Check begins a check of the events that there are now.
func (l *Log) Check(ctx context.Context) (*Check, error) {
	then := l.removals.Load()
	last, _ := l.Last()
	if err := l.move(ctx, last); err != nil && !errors.Is(err, ErrNoSpace) {
		return nil, err
	}
	upTo, err := l.flushed(ctx)
	upTo = min(upTo, last) // the index may have come further since
	c := &Check{log: l, last: last, upTo: upTo, then: then, seed: maphash.MakeSeed(), parts: map[int64]part{}}
	c.doubt = l.unmoved().first() <= last // the disk is full: not all stands in the table
	return c, err
}

// Parts are the parts of the log, in order, as functions that read them: each yields the
// events of its part, which hold, data and metadata, until yield returns. They may run
// side by side. What they find is told by End: whoever reads the events may have
// more to say of the same fault.
func (c *Check) Parts(ctx context.Context) iter.Seq[func(yield func(*Event) bool) error] {
	return func(yield func(func(func(*Event) bool) error) bool) {
		for from := int64(0); from <= c.last; from += partBytes {
			if !yield(func(each func(*Event) bool) error { return c.part(ctx, from, min(from+partBytes-1, c.last), each) }) {
				return
			}
		}
	}
}

func (c *Check) part(ctx context.Context, from, to int64, each func(*Event) bool) error {
	if c.doubtful() {
		return c.slowly(ctx, from, to, each)
	}
	var p part
	var newest []Event
	goesOn, fine, next := true, false, from
	err := c.log.read(ctx, func(k *conn) (err error) {
		fine, err = k.rows(from, to, func(e *Event) bool {
			if p.first == 0 {
				p.first, p.end = e.Position, e.Position
			}
			if e.Position != p.end {
				if follows, err := k.follows(e.Position, p.end); err != nil || !follows {
					c.suspect()
				}
			}
			p.end, next = e.Position+e.size(), e.Position+1
			if e.Position <= c.upTo {
				p.indexed.add(c.seed, hashOf(e.Stream), e.Revision, e.Position)
			} else {
				newest = append(newest, Event{Position: e.Position, Stream: e.Stream, Revision: e.Revision})
			}
			goesOn = each(e)
			return goesOn
		})
		return err
	})
	c.mu.Lock()
	c.parts[from] = p
	c.mu.Unlock()
	if goesOn && (err != nil || !fine) && ctx.Err() == nil {
		c.suspect()
		return c.slowly(ctx, next, to, each)
	}
	if err != nil || !goesOn {
		return err
	}
	return c.newest(ctx, newest)
}

// slowly reads rows whatever they are.
func (c *Check) slowly(ctx context.Context, from, to int64, each func(*Event) bool) error {
	for {
		page, err := c.log.Page(ctx, from, to, Forwards, pageEvents)
		if err != nil || len(page) == 0 {
			return err
		}
		for i := range page {
			if !each(&page[i]) {
				return nil
			}
		}
		from = page[len(page)-1].Position + 1
	}
}

func (c *Check) suspect() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.doubt = true
}

func (c *Check) doubtful() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.doubt
}

// End says what was found, once all events were read: a *CorruptError, or nil.
func (c *Check) End(ctx context.Context) error {
	err := c.end(ctx)
	if c.log.removals.Load() != c.then && errors.As(err, new(*CorruptError)) {
		return errScavenged
	}
	return err
}

// errScavenged says that nothing is known: what was read first was gone when the
// rest was.
var errScavenged = errors.New("events were removed while the log was checked: check it again")

func (c *Check) end(ctx context.Context) error {
	var unread error // the index could not be
	if !c.doubt {
		events, whole := c.joined(ctx)
		there, err := c.index(ctx)
		if ctx.Err() != nil {
			return err
		}
		unread = err
		c.differs = err == nil && (c.differs || there != events)
		c.doubt = c.doubt || c.differs || !whole || err != nil
	}
	if !c.doubt {
		return nil
	}
	v := verifier{log: c.log, upTo: c.upTo, end: firstPosition}
	if err := v.whole(ctx, c.last); err != nil || !c.differs {
		return cmp.Or(err, unread)
	}
	return &CorruptError{c.upTo, otherEntries}
}

const otherEntries = "the stream index holds other entries than those of the events"

// joined adds up the parts; whole says that each begins where the one before it ends,
// and that the last ends where the log does.
func (c *Check) joined(ctx context.Context) (events crowd, whole bool) {
	end := int64(firstPosition)
	whole = true
	for from := int64(0); from <= c.last; from += partBytes {
		p := c.parts[from]
		if p.first == 0 {
			continue
		}
		if whole && p.first != end {
			whole = c.log.read(ctx, func(k *conn) (err error) {
				whole, err = k.follows(p.first, end)
				return err
			}) == nil && whole
		}
		end = p.end
		events.n, events.sum = events.n+p.indexed.n, events.sum+p.indexed.sum
	}
	return events, whole && (c.last == 0 || end > c.last)
}

// newest looks for events in the part of the index that is in memory.
func (c *Check) newest(ctx context.Context, page []Event) error {
	var elsewhere []*Event
	c.log.mu.RLock()
	for i := range page {
		if e := &page[i]; !c.log.tail.holds(e) {
			elsewhere = append(elsewhere, e)
		}
	}
	c.log.mu.RUnlock()
	if len(elsewhere) == 0 {
		return nil
	}
	v := verifier{log: c.log}
	return c.log.read(ctx, func(k *conn) error {
		for _, e := range elsewhere {
			err := v.event(k, e)
			if errors.As(err, new(*CorruptError)) {
				c.suspect()
				return nil
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

const selectIndex = `SELECT hash, revision, position FROM stream_index ORDER BY hash, revision, position`

// index reads the table of the index, in which the revisions of a stream must
// follow one another, and stand in this order in the log.
func (c *Check) index(ctx context.Context) (there crowd, err error) {
	beyond := false
	err = c.log.read(ctx, func(k *conn) error {
		s, err := k.prepare(selectIndex)
		if err != nil {
			return err
		}
		defer s.end()
		var before [3]int64
		for {
			more, err := s.step()
			if err != nil || !more {
				return err
			}
			row := [3]int64{s.int(0), s.int(1), s.int(2)}
			if row[2] > c.upTo {
				beyond = true
				continue
			}
			there.add(c.seed, row[0], row[1], row[2])
			follows := there.n > 1 && row[0] == before[0]
			if !follows && row[1] != 0 && row[1] != Tombstone {
				begins, _, err := k.number(selectBegins, row[0], row[1])
				if err != nil {
					return err
				}
				c.doubt = c.doubt || begins == 0
			}
			if follows && (row[1] != before[1]+1 && row[1] != Tombstone || row[2] <= before[2]) {
				c.doubt = true // or two streams have one hash
			}
			before = row
		}
	})
	if err == nil && beyond { // it was written since, or by nobody
		upTo, errNow := c.log.flushed(ctx)
		c.differs, err = upTo == c.upTo, errNow
	}
	return there, err
}

// crowd is a sum over entries of the index, whatever their order. Which entries
// have the same sum as others nobody can know beforehand: the seed is drawn anew
// for each check.
type crowd struct {
	n   int64
	sum uint64
}

func (c *crowd) add(seed maphash.Seed, hash, revision, position int64) {
	var entry [24]byte
	binary.LittleEndian.PutUint64(entry[:], uint64(hash))
	binary.LittleEndian.PutUint64(entry[8:], uint64(revision))
	binary.LittleEndian.PutUint64(entry[16:], uint64(position))
	c.n++
	c.sum += maphash.Bytes(seed, entry[:])
}

// flushed is the position up to which every event stands in the table of the index.
func (l *Log) flushed(ctx context.Context) (upTo int64, err error) {
	err = l.read(ctx, func(c *conn) (err error) {
		upTo, _, err = c.number(selectState, indexedUpTo)
		return err
	})
	return upTo, err
}
