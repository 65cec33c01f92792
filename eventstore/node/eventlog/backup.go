package eventlog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"nucleo/internal/durable"
)

// Backup writes a copy of the log, as it is now, to a new file while appends go on:
// all that was answered before it began.
// It opens like the log itself. Until it ends the write-ahead log cannot start
// anew and grows.
func (l *Log) Backup(ctx context.Context, path string) error {
	last, _ := l.Last()
	if err := l.move(ctx, last); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	_, err := vacuum(ctx, l.path, path)
	return err
}

// Copy writes a copy of the log at path to a new file, also while another
// process appends to it (this one must not have it open: that is Backup), and returns the position of the last event in the copy:
// what that process has in its journal alone is not in it.
func Copy(ctx context.Context, path, to string) (last int64, err error) {
	if _, err := checkHeader(path); err != nil {
		return 0, err
	}
	return vacuum(ctx, path, to)
}

func vacuum(ctx context.Context, path, to string) (last int64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return 0, fmt.Errorf("copy of the log: %w", err)
	}
	c, err := dial(path, "busy_timeout=10000")
	if err == nil {
		err = errors.Join(c.exec("VACUUM INTO ?", to), c.close())
	}
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return 0, errors.Join(fmt.Errorf("copy of the log: %w", err), os.Remove(to))
	}
	if err := durable.SyncDir(filepath.Dir(to)); err != nil {
		return 0, err
	}
	return lastOf(to)
}

// Cut removes the events after a position from a log that nobody has open, and
// returns how many they were. Its index is made anew when it is opened.
func Cut(path string, after int64) (removed int64, err error) {
	held, err := lock(path + ".lock")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, held.Close()) }()
	if _, err := checkHeader(path); err != nil {
		return 0, err
	}
	if err := noJournal(path); err != nil {
		return 0, err
	}
	c, err := dial(path, "synchronous=FULL")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if removed, _, err = c.number("SELECT count(*) FROM events WHERE position > ?", after); err != nil {
		return 0, err
	}
	for _, sql := range []string{"BEGIN IMMEDIATE", "DELETE FROM state", "DELETE FROM stream_index", goneSchema} {
		if err := c.exec(sql); err != nil {
			return 0, fmt.Errorf("cut the log: %w", err)
		}
	}
	if err := errors.Join(c.exec("DELETE FROM events WHERE position > ?", after), c.exec(forgetGone, after), c.exec("COMMIT"), c.exec("PRAGMA wal_checkpoint(TRUNCATE)")); err != nil {
		return 0, fmt.Errorf("cut the log: %w", err)
	}
	return removed, nil
}

// noJournal refuses a log that was not closed: its journal would be taken in again.
func noJournal(path string) error {
	for i := range 2 {
		if _, err := os.Stat(segmentPath(path, i)); !errors.Is(err, os.ErrNotExist) {
			return errors.Join(fmt.Errorf("%s was not closed: open it once, so that its journal moves into it", path), err)
		}
	}
	return nil
}

func lastOf(path string) (int64, error) {
	c, err := dial(path)
	if err != nil {
		return 0, err
	}
	last, _, err := c.number("SELECT max(position) FROM events")
	return last, errors.Join(err, c.close())
}
