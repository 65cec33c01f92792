// Package makedir makes directories that are there after a power cut as well: what was
// written in one and synced is gone all the same when the name of the directory was not.
package makedir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Make makes a directory, and those above it that are missing. It is no error when
// it is there.
func Make(dir string, mode os.FileMode) error {
	err := os.Mkdir(dir, mode)
	if errors.Is(err, fs.ErrNotExist) {
		if err := Make(filepath.Dir(filepath.Clean(dir)), mode); err != nil {
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

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
