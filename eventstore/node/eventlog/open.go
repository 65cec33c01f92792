package eventlog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

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

// connect opens the connections. The writer leaves the sync of a commit to the log,
// which needs fdatasync where SQLite calls fsync; SQLite still syncs around
// checkpoints.
func (l *Log) connect() (err error) {
	common := []string{"journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "temp_store=MEMORY", "wal_autocheckpoint=0"}
	if l.writer, err = dial(l.path, append(common, "synchronous=NORMAL", "cache_size=-16384", "mmap_size=134217728")...); err != nil {
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
		l.lent++
	}
	return nil
}

// findEnd reads the last event, whole.
func (l *Log) findEnd() error {
	l.next = firstPosition
	err := l.writer.query(selectLast, func(row []any) error {
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
// half the time of one that makes the file grow. SQLite ignores the zeros. What a
// process before this one wrote and did not sync is durable afterwards.
func (l *Log) reserve() (err error) {
	if l.wal, err = os.OpenFile(l.path+"-wal", os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return fmt.Errorf("reserve the write-ahead log: %w", err)
	}
	info, err := l.wal.Stat()
	if size := min(l.opts.WAL, reserved); err == nil && info.Size() < size {
		_, err = l.wal.WriteAt(make([]byte, size-info.Size()), info.Size())
	}
	if errors.Is(err, syscall.ENOSPC) {
		l.opts.Log.Warn("no space to reserve for the write-ahead log", "error", err)
		err = nil
	}
	if err := errors.Join(err, l.wal.Sync()); err != nil {
		return fmt.Errorf("reserve the write-ahead log: %w", err)
	}
	return syncDir(filepath.Dir(l.path))
}
