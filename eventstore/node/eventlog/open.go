package eventlog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"nucleo/internal/durable"
)

func (l *Log) open() error {
	format, err := ensureFile(l.path)
	if err != nil {
		return err
	}
	if err := l.connect(); err != nil {
		return err
	}
	if err := l.findEnd(); err != nil {
		return err
	}
	if err := l.replay(); err != nil {
		return err
	}
	if err := l.completeIndex(); err != nil {
		return fmt.Errorf("complete the stream index: %w", err)
	}
	if format < formatVersion {
		if err := l.raise(); err != nil {
			return err
		}
	}
	if err := l.settleFile(); err != nil {
		return err
	}
	l.moved.Store(l.last)
	l.retired.Store(l.last)
	l.durable.Store(l.last)
	l.journal, err = begin(l.path, l.opts.Journal)
	return err
}

// connect opens the connections. The writer leaves the sync of a commit to the log,
// which needs it once in many commits; SQLite still syncs around checkpoints.
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
	reading := append(common, "query_only=1", "cache_size=-4096", "mmap_size=134217728")
	if l.decider, err = dial(l.path, reading...); err != nil {
		return err
	}
	l.readers = make(chan *conn, l.opts.Readers)
	for range l.opts.Readers {
		c, err := dial(l.path, reading...)
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

// raise lets the file say, in its own header, that a journal may belong to it:
// programs that do not know of one refuse it.
func (l *Log) raise() error {
	if err := l.setFormat(formatVersion); err != nil {
		return err
	}
	left, err := l.passive()
	if err != nil {
		return fmt.Errorf("raise the format: %w", err)
	}
	if left > 0 {
		return fmt.Errorf("raise the format: another program reads %s; close it and start again", l.path)
	}
	return nil
}

// setFormat lets the file say that it has a format, if it does not say a later one.
func (l *Log) setFormat(to int64) error {
	now, _, err := l.writer.number("PRAGMA user_version")
	if err == nil && now < to {
		err = l.writer.exec(fmt.Sprintf("PRAGMA user_version=%d", to))
	}
	if err != nil {
		return fmt.Errorf("raise the format: %w", err)
	}
	return nil
}

// settleFile makes durable what the file and its write-ahead log hold, also what a
// process before this one wrote and did not sync.
func (l *Log) settleFile() (err error) {
	if l.wal, err = os.OpenFile(l.path+"-wal", os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return fmt.Errorf("open the write-ahead log: %w", err)
	}
	if err := l.wal.Sync(); err != nil {
		return fmt.Errorf("sync the write-ahead log: %w", err)
	}
	if err := l.empty(); err != nil {
		return err
	}
	return durable.SyncDir(filepath.Dir(l.path))
}

// empty folds in what a process before this one left in the write-ahead log, and
// begins it anew: its end is cut off silently where a byte of it changed, and the
// journal that would tell is about to be forgotten. What another program reads
// meanwhile, or a full disk, can keep it from that.
func (l *Log) empty() error {
	info, err := l.wal.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	err = l.writer.exec("PRAGMA busy_timeout=0")
	if err == nil {
		if err = l.writer.exec("PRAGMA wal_checkpoint(TRUNCATE)"); isCode(err, codeBusy) || isCode(err, codeFull) {
			err = nil
		}
	}
	if err = errors.Join(err, l.writer.exec("PRAGMA busy_timeout=10000")); err != nil {
		return fmt.Errorf("fold in the write-ahead log: %w", err)
	}
	return nil
}
