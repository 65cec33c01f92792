package eventlog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// MakeDir makes a directory, and those above it that are missing, so that they are
// there after a power cut as well: a log that was synced is gone all the same when
// the name of its directory was not. It is no error when the directory is there.
func MakeDir(dir string, mode os.FileMode) error {
	err := os.Mkdir(dir, mode)
	if errors.Is(err, fs.ErrNotExist) {
		if err := MakeDir(filepath.Dir(filepath.Clean(dir)), mode); err != nil {
			return err
		}
		err = os.Mkdir(dir, mode)
	}
	if info, found := os.Stat(dir); err != nil && (found != nil || !info.IsDir()) {
		return err
	}
	// Also of one that was there: who made it may have been stopped before this.
	err = syncDir(filepath.Dir(filepath.Clean(dir)))
	if errors.Is(err, fs.ErrPermission) { // not ours to read, so not ours to make things in
		return nil
	}
	if err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	return nil
}
