package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
)

// account is the system user that the server runs as.
type account struct {
	uid, gid uint32
	drop     bool // this process is root, which PostgreSQL refuses to run as
}

// serverAccount is the user of the server: the owner of an existing cluster,
// this process's own user, or, for root, an unprivileged one.
func serverAccount(data string) (account, error) {
	self := os.Geteuid()
	info, err := os.Stat(data)
	switch {
	case err == nil:
		owner := info.Sys().(*syscall.Stat_t) //nolint:errcheck // always so on unix
		if self != 0 && int(owner.Uid) != self {
			return account{}, fmt.Errorf("%s belongs to uid %d and this process is uid %d: run as that user or as root", data, owner.Uid, self)
		}
		return account{uid: owner.Uid, gid: owner.Gid, drop: self == 0}, nil
	case !os.IsNotExist(err):
		return account{}, err
	case self != 0:
		return account{uid: uint32(self), gid: uint32(os.Getegid())}, nil
	}
	return unprivileged()
}

// unprivileged finds a user for the server of a process that is root.
func unprivileged() (account, error) {
	for _, name := range [...]string{"postgres", "_postgres", "nobody", "daemon"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
		if errUID == nil && errGID == nil && uid != 0 {
			return account{uid: uint32(uid), gid: uint32(gid), drop: true}, nil
		}
	}
	return account{}, fmt.Errorf("PostgreSQL does not run as root and there is no user postgres or nobody: create one (useradd --system postgres)")
}

// command is a program of PostgreSQL that works on the directory data. When
// privileges are dropped on Linux the directory is handed over as a file
// descriptor, so that its parents may stay closed to the server's user.
func (a account) command(data, program string, args ...string) (*exec.Cmd, func(), error) {
	cmd := exec.Command(program)
	cmd.Dir = "/"
	cmd.Env = []string{"LC_ALL=C", "TZ=UTC", "PATH=" + filepath.Dir(program) + ":/usr/bin:/bin"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	done := func() {}
	if a.drop {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
		if runtime.GOOS == "linux" {
			dir, err := os.Open(data)
			if err != nil {
				return nil, nil, err
			}
			cmd.ExtraFiles = []*os.File{dir} // becomes descriptor 3
			data, done = "/proc/self/fd/3", func() { dir.Close() }
		}
	}
	cmd.Args = append([]string{program, "-D", data}, args...)
	return cmd, done, nil
}
