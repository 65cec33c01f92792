package eventlog

import (
	"os"
	"syscall"
)

// datasync makes what was written to f durable, with the part of its metadata that
// reading it back needs.
func datasync(f *os.File) error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); err != syscall.EINTR {
			return err
		}
	}
}
