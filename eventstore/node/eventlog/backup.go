package eventlog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Backup writes a copy of the log, as it is now, to a new file while appends go on:
// all that was answered before it began.
// It opens like the log itself. Until it ends the write-ahead log cannot start
// anew and grows.
func (l *Log) Backup(ctx context.Context, path string) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	last, _ := l.Last()
	if err := l.move(ctx, last); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	c, err := dial(l.path, "busy_timeout=10000")
	if err == nil {
		err = errors.Join(c.exec("VACUUM INTO ?", path), c.close())
	}
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("backup: %w", err), os.Remove(path))
	}
	return syncDir(filepath.Dir(path))
}
