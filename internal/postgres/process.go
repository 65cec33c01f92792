package postgres

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
)

// alive says whether a process runs. A dead child of ours is reaped on the way.
func alive(pid int) bool {
	if pid <= 0 {
		return false
	}
	if reaped, err := syscall.Wait4(pid, nil, syscall.WNOHANG, nil); err == nil && reaped == pid {
		return false
	}
	if err := syscall.Kill(pid, 0); err == syscall.ESRCH {
		return false
	}
	return !zombie(pid)
}

// zombie says whether a process has ended and only waits for its parent.
func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, after, found := bytes.Cut(stat, []byte(") "))
	return found && len(after) > 0 && after[0] == 'Z'
}

// worksIn says whether a process works in dir, as the processes of a server do.
// Where the system does not tell, it is believed.
func worksIn(pid int, dir string) bool {
	if runtime.GOOS != "linux" {
		return true
	}
	cwd, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return false
	}
	want, err := os.Stat(dir)
	return err == nil && os.SameFile(cwd, want)
}

// endOrphans signals the processes that a killed server has left in dir. They
// would go on serving, and committing, for clients of the dead server. It does
// nothing where the system does not tell who works in dir.
func endOrphans(dir string, signal syscall.Signal) {
	if runtime.GOOS != "linux" {
		return
	}
	entries, err := filepath.Glob("/proc/[0-9]*/comm")
	if err != nil {
		return
	}
	for _, entry := range entries {
		comm, err := os.ReadFile(entry)
		if err != nil || !bytes.HasPrefix(comm, []byte("postgres")) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(entry)))
		if err == nil && worksIn(pid, dir) {
			_ = syscall.Kill(pid, signal) // gone by now, or not ours
		}
	}
}
