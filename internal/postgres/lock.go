package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lock is an advisory lock on a file. It ends with its process, however that
// ends, and is not inherited by the server.
type lock struct {
	path string
	file *os.File
}

// startLock guards starting and stopping.
func (p place) startLock() *lock { return &lock{path: filepath.Join(p.dir, "lock")} }

// usersLock is held, shared, by every process that uses the server.
func (p place) usersLock() *lock { return &lock{path: filepath.Join(p.dir, "users")} }

// acquire waits for the lock until ctx ends.
func (l *lock) acquire(ctx context.Context) (*lock, error) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		got, err := l.try(syscall.LOCK_EX)
		if err != nil {
			return nil, err
		}
		if got {
			return l, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for %s: %w", l.path, ctx.Err())
		case <-tick.C:
		}
	}
}

// share takes the lock together with others.
func (l *lock) share() error {
	got, err := l.try(syscall.LOCK_SH)
	if err == nil && !got {
		err = fmt.Errorf("%s is held by a process that is stopping the server", l.path)
	}
	return err
}

// alone says whether nobody else holds the lock, and then holds it.
func (l *lock) alone() (bool, error) { return l.try(syscall.LOCK_EX) }

func (l *lock) try(how int) (bool, error) {
	if l.file == nil {
		file, err := os.OpenFile(l.path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return false, err
		}
		l.file = file
	}
	err := syscall.Flock(int(l.file.Fd()), how|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("lock %s: %w", l.path, err)
	}
	return true, nil
}

func (l *lock) held() bool { return l.file != nil }

// release gives the lock up; it may be taken again.
func (l *lock) release() {
	if l.file != nil {
		l.file.Close()
		l.file = nil
	}
}
