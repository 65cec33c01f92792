package eventlog

import (
	"context"
	"database/sql/driver"
	"fmt"
	"runtime"
	"strings"
)

// request is one caller's wish; done receives once, after the commit.
type request struct {
	stream   string
	expected int64
	events   []Proposed
	apply    func(g *group, r *request) (Result, error)
	done     chan struct{}
	result   Result
	err      error
}

// Append stores events at the end of a stream, all or none, and returns once they
// are durable. When ctx ends first the outcome is not known.
func (l *Log) Append(ctx context.Context, stream string, expected int64, events []Proposed) (Result, error) {
	if err := check(stream, events); err != nil {
		return Result{}, err
	}
	return l.ask(ctx, &request{stream: stream, expected: expected, events: events,
		apply: func(g *group, r *request) (Result, error) { return g.append(r.stream, r.expected, r.events) }})
}

// Delete soft-deletes a stream: reads no longer find it, a later append continues
// its revisions.
func (l *Log) Delete(ctx context.Context, stream string, expected int64) (Result, error) {
	if err := check(stream, nil); err != nil {
		return Result{}, err
	}
	return l.ask(ctx, &request{stream: stream, expected: expected,
		apply: func(g *group, r *request) (Result, error) { return g.delete(r.stream, r.expected) }})
}

// Tombstone ends a stream for ever.
func (l *Log) Tombstone(ctx context.Context, stream string, expected int64) (Result, error) {
	if err := check(stream, nil); err != nil {
		return Result{}, err
	}
	return l.ask(ctx, &request{stream: stream, expected: expected,
		apply: func(g *group, r *request) (Result, error) { return g.tombstone(r.stream, r.expected) }})
}

func (l *Log) ask(ctx context.Context, r *request) (Result, error) {
	select { // a closed log must not win against room in the queue
	case <-l.ending:
		return Result{}, ErrClosed
	default:
	}
	r.done = make(chan struct{})
	select {
	case l.queue <- r:
	case <-ctx.Done():
		return Result{}, ctx.Err()
	case <-l.ending:
		return Result{}, ErrClosed
	}
	select {
	case <-r.done:
		return r.result, r.err
	case <-ctx.Done():
		return Result{}, ctx.Err()
	case <-l.gone: // queued behind the last look of the write loop
		select {
		case <-r.done:
			return r.result, r.err
		default:
			return Result{}, ErrClosed
		}
	}
}

// Bounds of one transaction.
const (
	maxRequests = 512
	maxBytes    = 8 << 20
)

// write is the only goroutine that changes the log.
func (l *Log) write() {
	defer l.ended.Done()
	defer close(l.gone)
	for {
		select {
		case r := <-l.queue:
			l.handle(l.gather(r))
		case <-l.ending:
			l.drain()
			return
		}
	}
}

// gather yields to the callers until no more of them arrive, and takes what waits.
func (l *Log) gather(first *request) []*request {
	for waiting := -1; waiting < len(l.queue); {
		waiting = len(l.queue)
		runtime.Gosched()
	}
	batch, bytes := []*request{first}, first.size()
	for len(batch) < maxRequests && bytes < maxBytes {
		select {
		case r := <-l.queue:
			batch, bytes = append(batch, r), bytes+r.size()
		default:
			return batch
		}
	}
	return batch
}

func (r *request) size() int {
	n := 0
	for i := range r.events {
		n += len(r.events[i].Data) + len(r.events[i].Metadata) + recordOverhead
	}
	return n
}

// drain serves what was queued before Close, until no caller is left.
func (l *Log) drain() {
	for {
		select {
		case r := <-l.queue:
			l.handle(l.gather(r))
		default:
			return
		}
	}
}

// handle decides a batch, commits it and answers.
func (l *Log) handle(batch []*request) {
	err := l.failureNow()
	if err == nil {
		err = l.serve(batch)
	}
	for _, r := range batch {
		if err != nil {
			r.result, r.err = Result{}, err
		}
		close(r.done)
	}
}

func (l *Log) serve(batch []*request) error {
	g := l.newGroup()
	for _, r := range batch {
		before := len(g.rows)
		r.result, r.err = r.apply(g, r)
		if r.err != nil && len(g.rows) != before {
			return fmt.Errorf("append stopped half-way: %w", r.err) // nothing of the group is stored
		}
	}
	return l.store(g)
}

// store commits a group and makes it visible.
func (l *Log) store(g *group) error {
	if len(g.rows) == 0 {
		return nil
	}
	l.commit.Lock()
	defer l.commit.Unlock()
	flush := l.tail.slice(max(64, 4*len(g.rows))) // the write loop alone changes frozen
	err := l.transact(g.rows, flush)
	switch {
	case isCode(err, codeFull):
		if rollback := l.writer.exec("ROLLBACK"); rollback != nil && !isCode(rollback, codeError) {
			l.fail(rollback)
		}
		l.wear(1 << 20)
		return ErrNoSpace
	case err != nil:
		l.fail(err)
		return l.failureNow()
	}
	l.publish(g, len(flush))
	l.wear(g.next - l.next + int64(1+len(flush))*pageSize)
	l.next, l.created = g.next, g.created
	return nil
}

const (
	upsertState = `INSERT INTO state VALUES (?,?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
	indexedUpTo = "indexed"
)

// A statement takes up to so many rows at once: it costs less than as many
// statements.
const (
	manyEvents  = 8
	manyEntries = 16
)

// insertEvents and insertIndex hold the statement for n rows at n.
var (
	insertEvents = statements(`INSERT INTO events VALUES `, `(?,?,?,?,?,?,?,?,?,?)`, manyEvents)
	insertIndex  = statements(`INSERT OR IGNORE INTO stream_index VALUES `, `(?,?,?)`, manyEntries)
)

func statements(insert, row string, most int) []string {
	out := make([]string, most+1)
	for n := 1; n <= most; n++ {
		out[n] = insert + strings.Repeat(row+`,`, n-1) + row
	}
	return out
}

// transact is the commit path. One row alone needs no BEGIN.
func (l *Log) transact(rows []Event, flush []tailEntry) error {
	if len(rows) == 1 && len(flush) == 0 {
		return l.insert(rows)
	}
	if err := l.writer.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := l.insert(rows); err != nil {
		return err
	}
	if err := l.flush(flush); err != nil {
		return err
	}
	return l.writer.exec("COMMIT")
}

func (l *Log) insert(rows []Event) error {
	args := make([]driver.Value, 0, 10*manyEvents)
	for len(rows) > 0 {
		n := min(len(rows), manyEvents)
		args = args[:0]
		for i := range rows[:n] {
			args = rows[i].values(args)
		}
		if err := l.writer.exec(insertEvents[n], args...); err != nil {
			return fmt.Errorf("insert at %d: %w", rows[0].Position, err)
		}
		rows = rows[n:]
	}
	return nil
}

// values appends the columns of an event in the order of the table.
func (e *Event) values(to []driver.Value) []driver.Value {
	isJSON := int64(0)
	if e.JSON {
		isJSON = 1
	}
	return append(to, e.Position, e.Stream, e.Revision, e.ID[:], e.Type, isJSON, e.Created, e.Data, e.Metadata, e.checksum())
}

// flush moves index entries from memory to the table, in order.
func (l *Log) flush(part []tailEntry) error {
	if len(part) == 0 {
		return nil
	}
	if err := l.writer.index(part); err != nil {
		return fmt.Errorf("flush the stream index: %w", err)
	}
	if l.tail.flushed+len(part) < len(l.tail.frozen) {
		return nil
	}
	return l.writer.exec(upsertState, indexedUpTo, l.tail.upTo)
}

func (c *conn) index(part []tailEntry) error {
	args := make([]driver.Value, 0, 3*manyEntries)
	for len(part) > 0 {
		n := min(len(part), manyEntries)
		args = args[:0]
		for _, en := range part[:n] {
			args = append(args, en.hash, en.revision, en.position)
		}
		if err := c.exec(insertIndex[n], args...); err != nil {
			return err
		}
		part = part[n:]
	}
	return nil
}

// publish lets readers see a committed group and wakes those who wait.
func (l *Log) publish(g *group, flushed int) {
	for id, p := range g.ids {
		l.ids.add(id, p)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail.done(flushed)
	for i := range g.rows {
		l.tail.add(&g.rows[i])
	}
	l.tail.freeze()
	for stream, h := range g.heads {
		l.heads.put(stream, *h)
	}
	l.last = g.rows[len(g.rows)-1].Position
	close(l.changed)
	l.changed = make(chan struct{})
}
