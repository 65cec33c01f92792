// Package durable makes names in the file system survive a power cut: what was written
// in a file and synced is gone all the same when the name that leads to it was not.
package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// MakeDir makes a directory, and those above it that are missing. It is no error when
// it is there.
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
	err = SyncDir(filepath.Dir(filepath.Clean(dir)))
	if errors.Is(err, fs.ErrPermission) { // not ours to read, so not ours to make things in
		return nil
	}
	if err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	return nil
}

// SyncDir makes what was made, renamed or removed in a directory last.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
