package eventlog

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"
)

// Options are the dials of a log; the zero value is good for production.
type Options struct {
	Now     func() time.Time // default time.Now
	NewID   func() uuid.UUID // ids of the events that the log itself writes; default random
	Log     *slog.Logger     // default none
	Readers int              // concurrent reads, default 4
	Heads   int              // streams whose head is remembered, default 32768
	IDs     int              // event ids remembered for Any, default 65536
	WAL     int64            // usual size of the write-ahead log in bytes, default 16 MiB
	Pages   int64            // the file may grow to so many pages of 8 KiB; 0: as the disk allows
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = uuid.New
	}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	o.Readers = orDefault(o.Readers, 4)
	o.Heads = orDefault(o.Heads, 1<<15)
	o.IDs = orDefault(o.IDs, 1<<16)
	o.WAL = int64(orDefault(int(o.WAL), 16<<20))
	return o
}

func orDefault(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// Log is an open event log. Its methods may be called from many goroutines.
type Log struct {
	path    string
	opts    Options
	lock    *os.File
	writer  *conn // the write loop's
	keeper  *conn // the checkpoint loop's
	readers chan *conn

	queue   chan *request
	worn    chan struct{} // the write-ahead log wants a checkpoint
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
	frames  int64      // pages in the write-ahead log, about; the write loop's

	mu      sync.RWMutex
	heads   *heads
	tail    *tail
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
		queue: make(chan *request, 1024), worn: make(chan struct{}, 1),
		ending: make(chan struct{}), gone: make(chan struct{}), failed: make(chan error, 1), changed: make(chan struct{}),
		tail: &tail{byStream: map[string][]entry{}},
	}
	l.heads, l.ids = newHeads(l.opts.Heads), newIDs(l.opts.IDs)
	if err := l.open(); err != nil {
		return nil, errors.Join(err, l.release())
	}
	l.ended.Add(2)
	go l.write()
	go l.checkpoint()
	return l, nil
}

func (l *Log) open() error {
	if err := ensureFile(l.path); err != nil {
		return err
	}
	if err := l.connect(); err != nil {
		return err
	}
	if err := l.findEnd(); err != nil {
		return err
	}
	if err := l.completeIndex(); err != nil {
		return fmt.Errorf("complete the stream index: %w", err)
	}
	return l.reserve()
}

func (l *Log) connect() (err error) {
	common := []string{"journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "temp_store=MEMORY", "wal_autocheckpoint=0"}
	if l.writer, err = dial(l.path, append(common, "cache_size=-16384", "mmap_size=134217728")...); err != nil {
		return err
	}
	if l.opts.Pages > 0 {
		if err := l.writer.exec(fmt.Sprintf("PRAGMA max_page_count=%d", l.opts.Pages)); err != nil {
			return err
		}
	}
	if l.keeper, err = dial(l.path, common...); err != nil {
		return err
	}
	l.readers = make(chan *conn, l.opts.Readers)
	for range l.opts.Readers {
		c, err := dial(l.path, append(common, "query_only=1", "cache_size=-4096", "mmap_size=134217728")...)
		if err != nil {
			return err
		}
		l.readers <- c
	}
	return nil
}

// findEnd reads the last event, whole.
func (l *Log) findEnd() error {
	l.next = firstPosition
	err := l.writer.query(selectLast, func(row []driver.Value) error {
		e, err := scan(row)
		l.last, l.next, l.created = e.Position, e.Position+e.size(), e.Created
		return err
	})
	if err != nil {
		return fmt.Errorf("last event: %w", err)
	}
	return nil
}

// reserved is how much of the write-ahead log is written out at the start, in bytes.
const reserved = 4 << 20

// reserve makes room in the write-ahead log: a commit into space that exists takes
// half the time of one that makes the file grow. SQLite ignores the zeros.
func (l *Log) reserve() error {
	f, err := os.OpenFile(l.path+"-wal", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("reserve the write-ahead log: %w", err)
	}
	info, err := f.Stat()
	if size := min(l.opts.WAL, reserved); err == nil && info.Size() < size {
		_, err = f.WriteAt(make([]byte, size-info.Size()), info.Size())
	}
	err = errors.Join(err, f.Sync(), f.Close())
	if errors.Is(err, syscall.ENOSPC) {
		l.opts.Log.Warn("no space to reserve for the write-ahead log", "error", err)
		return nil
	}
	return err
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
	for range cap(l.readers) {
		select {
		case c := <-l.readers:
			errs = append(errs, c.close())
		case <-time.After(10 * time.Second):
			errs = append(errs, errors.New("a read is still running"))
		}
	}
	for _, c := range []*conn{l.keeper, l.writer} {
		if c != nil {
			errs = append(errs, c.close())
		}
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
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(l.path + suffix)
		if err != nil {
			return 0, fmt.Errorf("size of the event log: %w", err)
		}
		sum += info.Size()
	}
	return sum, nil
}
