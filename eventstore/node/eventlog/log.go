package eventlog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Log is an open event log. Its methods may be called from many goroutines.
type Log struct {
	path    string
	opts    Options
	lock    *os.File
	writer  *conn    // that alone writes to the table; the goroutine's that moves
	wal     *os.File // the write-ahead log, to sync it
	decider *conn    // the write loop's, to read
	readers chan *conn
	lent    int // how many readers there are

	queue   chan *request
	wake    chan struct{} // there is something to move
	tasks   chan task
	jobs    chan job
	ending  chan struct{}
	gone    chan struct{} // closed when the write loop has ended
	ended   sync.WaitGroup
	closing sync.Once
	closed  error
	failed  chan error

	commit  sync.Mutex // held while a transaction is under way
	next    int64      // position of the next event; the write loop's
	created int64      // newest time in the log; the write loop's
	ids     *ids       // the write loop's
	journal *journal   // the write loop's
	moving  moving

	full    atomic.Bool  // the last move found the disk full
	retired atomic.Int64 // position of the last event in the journal's file that is not being written
	durable atomic.Int64 // position up to which the table is durable
	moved   atomic.Int64 // position of the newest event in the table

	scrubbing  scrubbing
	scavenging sync.Mutex   // held by the scavenge that goes on
	removals   atomic.Int64 // transactions that removed something

	mu      sync.RWMutex
	heads   *heads
	tail    *tail
	pending pending
	last    int64         // position of the last committed event
	changed chan struct{} // closed at the next commit
	failure error
}

const firstPosition = 64

// Open opens the log at path, or makes an empty one. It refuses a file of another
// program or version (ErrFormat) and one that another process holds (ErrLocked).
func Open(path string, opts Options) (*Log, error) {
	held, err := lock(path + ".lock")
	if err != nil {
		return nil, err
	}
	l := &Log{
		path: path, opts: opts.withDefaults(), lock: held,
		queue: make(chan *request, 1024), wake: make(chan struct{}, 1), tasks: make(chan task), jobs: make(chan job),
		ending: make(chan struct{}), gone: make(chan struct{}), failed: make(chan error, 1), changed: make(chan struct{}),
		tail: &tail{byStream: map[string][]entry{}},
	}
	l.heads, l.ids = newHeads(l.opts.Heads), newIDs(l.opts.IDs)
	if err := l.open(); err != nil {
		return nil, errors.Join(err, l.release())
	}
	l.ended.Add(2)
	go l.write()
	go l.keepMoving()
	return l, nil
}

// Close waits for the appends that were taken, and lets the file go.
func (l *Log) Close() error {
	l.closing.Do(func() {
		close(l.ending)
		l.ended.Wait()
		l.closed = l.release()
	})
	return l.closed
}

func (l *Log) release() error {
	var errs []error
	for range l.lent {
		select {
		case c := <-l.readers:
			errs = append(errs, c.close())
		case <-time.After(10 * time.Second):
			errs = append(errs, errors.New("a read is still running"))
		}
	}
	if l.journal != nil {
		errs = append(errs, l.journal.close())
		if l.journal.spent {
			errs = append(errs, forgetJournal(l.path))
		}
	}
	for _, c := range []*conn{l.decider, l.writer} {
		if c != nil {
			errs = append(errs, c.close())
		}
	}
	if l.wal != nil {
		errs = append(errs, l.wal.Close())
	}
	return errors.Join(append(errs, l.lock.Close())...)
}

// Failed yields the error of a commit that failed. The process must end then: the
// log takes no more appends and never retries.
func (l *Log) Failed() <-chan error { return l.failed }

func (l *Log) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failure == nil {
		l.failure = fmt.Errorf("%w: %w", ErrFailed, err)
		l.failed <- l.failure
	}
}

func (l *Log) failureNow() error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.failure
}

// Last is the position of the last committed event (0: none), with a channel that
// is closed when there is a later one.
func (l *Log) Last() (position int64, changed <-chan struct{}) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.last, l.changed
}

// Wait returns once an event stands after position.
func (l *Log) Wait(ctx context.Context, position int64) error {
	for {
		last, changed := l.Last()
		if last > position {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-l.ending:
			return ErrClosed
		}
	}
}

// Size is how many bytes the log takes on disk.
func (l *Log) Size() (int64, error) {
	var sum int64
	for _, path := range []string{l.path, l.path + "-wal", segmentPath(l.path, 0), segmentPath(l.path, 1)} {
		info, err := os.Stat(path)
		if err != nil {
			return 0, fmt.Errorf("size of the event log: %w", err)
		}
		sum += info.Size()
	}
	return sum, nil
}
