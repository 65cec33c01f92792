package postgres

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

const (
	port       = "5432" // only names the socket: nothing listens on TCP
	socketName = ".s.PGSQL." + port
	maxSocket  = 103 // bytes of a socket's path: 107 on Linux, 103 on macOS
	database   = "nucleo"
	role       = "nucleo"
	analyst    = "nucleo_analista" // reads what it is granted, and nothing by itself
	keys       = "nucleo_chiavi"   // a database, and the role that alone may connect to it
	superuser  = "postgres"
)

// place is the layout of a cluster's directory:
//
//	data/    the cluster itself         socket/  the unix socket, when its path is short enough
//	log/     a file a weekday           lock, users  locks, never removed
type place struct {
	dir       string
	data      string
	logs      string
	socketDir string
	account   account
}

// prepare makes the directories that are missing and settles who owns them.
func prepare(dir string) (place, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return place{}, err
	}
	p := place{dir: dir, data: filepath.Join(dir, "data"), logs: filepath.Join(dir, "log"), socketDir: filepath.Join(dir, "socket")}
	if p.account, err = serverAccount(p.data); err != nil {
		return place{}, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return place{}, err
	}
	mode := os.FileMode(0o700)
	if p.account.drop {
		mode = 0o711 // the server's user passes through to its socket and log
	}
	if err := ensureDir(dir, mode, os.Geteuid(), os.Getegid()); err != nil {
		return place{}, err
	}
	if len(filepath.Join(p.socketDir, socketName)) > maxSocket {
		p.socketDir = shortSocketDir(dir)
	}
	for _, own := range [...]string{p.logs, p.socketDir} {
		if err := ensureDir(own, 0o700, int(p.account.uid), int(p.account.gid)); err != nil {
			return place{}, err
		}
	}
	return p, nil
}

// shortSocketDir is where the socket of a directory with a long path stands. It
// follows from the path, so that every process finds the same one.
func shortSocketDir(dir string) string {
	sum := sha256.Sum256([]byte(dir))
	return fmt.Sprintf("/tmp/nucleo-pg-%x", sum[:8])
}

// ensureDir makes path a directory of this owner and mode. One that someone
// else has put there, or a link, is refused: /tmp is open to everybody.
func ensureDir(path string, mode os.FileMode, uid, gid int) error {
	err := os.Mkdir(path, mode)
	if err == nil {
		if err := os.Lchown(path, uid, gid); err != nil {
			return err
		}
		return os.Chmod(path, mode)
	}
	if !os.IsExist(err) {
		return err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	owner := int(info.Sys().(*syscall.Stat_t).Uid)
	switch {
	case !info.IsDir():
		return fmt.Errorf("%s is not a directory", path)
	case owner == uid && info.Mode().Perm() == mode:
		return nil
	case owner != uid && owner != os.Geteuid():
		return fmt.Errorf("%s belongs to uid %d instead of %d", path, owner, uid)
	}
	if err := os.Lchown(path, uid, gid); err != nil {
		return err
	}
	return os.Chmod(path, mode)
}

// serverPath is how the server names a directory beside data: relative to data,
// where it works, so that closed parents do not matter.
func (p place) serverPath(dir string) string {
	if filepath.Dir(dir) == p.dir {
		return "../" + filepath.Base(dir)
	}
	return dir
}
