package node

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
)

// maxSocketPath is what the kernel takes as the path of a unix socket, in bytes.
const maxSocketPath = 107

// addressFile holds the socket's path when it could not stand in the directory.
const addressFile = "node.addr"

// listen opens where clients connect. The caller holds the lock of the directory,
// so a socket that is still there belongs to nobody.
func listen(dir, where string, log *slog.Logger) (l net.Listener, cleanup func() error, err error) {
	nothing := func() error { return nil }
	if where == "" {
		where = "unix:" + filepath.Join(dir, "node.sock")
	}
	path, isUnix := strings.CutPrefix(where, "unix:")
	if !isUnix {
		l, err := net.Listen("tcp", where)
		return l, nothing, err
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, nothing, err
	}
	if len(path) > maxSocketPath {
		if path, cleanup, err = shortPath(dir); err != nil {
			return nil, nothing, err
		}
		log.Warn("the socket's path is too long, a shorter one is used", "socket", path, "recorded", filepath.Join(dir, addressFile))
		if l, err = listenUnix(path); err != nil {
			err = errors.Join(err, cleanup())
		}
		return l, cleanup, err
	}
	l, err = listenUnix(path)
	return l, func() error { return ignoreMissing(os.Remove(path)) }, err
}

func listenUnix(path string) (net.Listener, error) {
	if info, err := os.Lstat(path); err == nil {
		if info.Mode().Type() != os.ModeSocket {
			return nil, fmt.Errorf("%s is not a socket; remove it or choose another address", path)
		}
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("stale socket: %w", err)
		}
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// shortPath makes a directory of our own for the socket and records it.
func shortPath(dir string) (path string, cleanup func() error, err error) {
	home, err := os.MkdirTemp("/tmp", "nucleo-")
	if err != nil {
		return "", nil, fmt.Errorf("directory for the socket: %w", err)
	}
	path = filepath.Join(home, "node.sock")
	record := filepath.Join(dir, addressFile)
	cleanup = func() error {
		return errors.Join(os.RemoveAll(home), ignoreMissing(os.Remove(record)))
	}
	if err := os.WriteFile(record, []byte("unix:"+path+"\n"), 0o600); err != nil {
		return "", nil, errors.Join(err, cleanup())
	}
	return path, cleanup, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
