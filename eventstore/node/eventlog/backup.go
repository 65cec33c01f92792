package eventlog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Backup writes a copy of the log, as it is now, to a new file while appends go on.
// It opens like the log itself. Until it ends the write-ahead log cannot start
// anew and grows.
func (l *Log) Backup(ctx context.Context, path string) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	c, err := dial(l.path, "busy_timeout=10000")
	if err == nil {
		err = errors.Join(c.exec("VACUUM INTO ?", path), c.close())
	}
	if err := errors.Join(err, l.settled(), f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("backup: %w", err), os.Remove(path))
	}
	return syncDir(filepath.Dir(path))
}

// settled waits until what SQLite shows now is durable.
func (l *Log) settled() error {
	l.commit.Lock()
	defer l.commit.Unlock()
	return l.failureNow()
}
