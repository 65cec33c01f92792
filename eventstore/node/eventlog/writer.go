package eventlog

import (
	"context"
	"fmt"
	"runtime"
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
	l.warm(stream)
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
	g, err := l.newGroup(len(batch)), l.failureNow()
	if err == nil {
		err = l.serve(g, batch)
	}
	for _, r := range batch {
		if err != nil {
			r.result, r.err = Result{}, err
		}
		close(r.done)
	}
	if err == nil {
		l.tidy(g)
	}
}

func (l *Log) serve(g *group, batch []*request) error {
	for _, r := range batch {
		before := len(g.rows)
		r.result, r.err = r.apply(g, r)
		if r.err != nil && len(g.rows) != before {
			return fmt.Errorf("append stopped half-way: %w", r.err) // nothing of the group is stored
		}
	}
	return l.store(g)
}
