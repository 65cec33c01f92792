package node_test

import (
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// raw is the limit that the log is measured against: a preallocated file, group
// commit, a checksum and fdatasync, and nothing else.
type raw struct {
	f     *os.File
	queue chan rawWrite
	ended chan struct{}
	size  int64
}

type rawWrite struct {
	data []byte
	done chan error
}

const rawSize = 256 << 20

func openRaw(b *testing.B) *raw {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
	if err != nil {
		b.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for at := int64(0); at < rawSize; at += int64(len(zeros)) {
		if _, err := f.WriteAt(zeros, at); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.Sync(); err != nil {
		b.Fatal(err)
	}
	r := &raw{f: f, queue: make(chan rawWrite, 1024), ended: make(chan struct{})}
	go r.run()
	b.Cleanup(func() {
		close(r.queue)
		<-r.ended
		f.Close()
	})
	return r
}

func (r *raw) append(data []byte) error {
	w := rawWrite{data, make(chan error, 1)}
	r.queue <- w
	return <-w.done
}

func (r *raw) run() {
	defer close(r.ended)
	table := crc32.MakeTable(crc32.Castagnoli)
	var buffer []byte
	for first := range r.queue {
		for n := -1; n < len(r.queue); {
			n = len(r.queue)
			runtime.Gosched()
		}
		group := []rawWrite{first}
		for len(r.queue) > 0 {
			group = append(group, <-r.queue)
		}
		buffer = buffer[:0]
		for _, w := range group {
			sum := crc32.Checksum(w.data, table)
			buffer = append(buffer, byte(sum), byte(sum>>8), byte(sum>>16), byte(sum>>24))
			buffer = append(buffer, w.data...)
		}
		if r.size+int64(len(buffer)) > rawSize {
			r.size = 0
		}
		_, err := r.f.WriteAt(buffer, r.size)
		if err == nil {
			err = syscall.Fdatasync(int(r.f.Fd()))
		}
		r.size += int64(len(buffer))
		for _, w := range group {
			w.done <- err
		}
	}
}
