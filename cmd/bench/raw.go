package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"runtime"
	"syscall"
)

// raw is the limit that logs are measured against: a preallocated file, group
// commit, a checksum and fdatasync, and nothing else. Entries are of one size;
// when the file is full it begins again.
type raw struct {
	f       *os.File
	entry   int // bytes, without the checksum
	queue   chan rawWrite
	ended   chan struct{}
	at      int64
	written int64 // entries
}

type rawWrite struct {
	data []byte
	done chan error
}

const rawSize = 256 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func openRaw(path string, entry int) (*raw, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	zeros := make([]byte, 1<<20)
	for at := int64(0); at < rawSize && err == nil; at += int64(len(zeros)) {
		_, err = f.WriteAt(zeros, at)
	}
	if err = errors.Join(err, f.Sync()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	r := &raw{f: f, entry: entry, queue: make(chan rawWrite, 1024), ended: make(chan struct{})}
	go r.run()
	return r, nil
}

func (r *raw) append(data []byte) error {
	w := rawWrite{data, make(chan error, 1)}
	r.queue <- w
	return <-w.done
}

func (r *raw) run() {
	defer close(r.ended)
	var buffer []byte
	for first := range r.queue {
		for n := -1; n < len(r.queue); { // let the group grow
			n = len(r.queue)
			runtime.Gosched()
		}
		group := []rawWrite{first}
		for len(r.queue) > 0 {
			group = append(group, <-r.queue)
		}
		buffer = buffer[:0]
		for _, w := range group {
			buffer = binary.LittleEndian.AppendUint32(buffer, crc32.Checksum(w.data, castagnoli))
			buffer = append(buffer, w.data...)
		}
		err := r.commit(buffer)
		r.written += int64(len(group))
		for _, w := range group {
			w.done <- err
		}
	}
}

func (r *raw) commit(buffer []byte) error {
	if r.at+int64(len(buffer)) > rawSize {
		r.at = 0
	}
	if _, err := r.f.WriteAt(buffer, r.at); err != nil {
		return err
	}
	r.at += int64(len(buffer))
	return syscall.Fdatasync(int(r.f.Fd()))
}

// close ends the writer, and reads back what lies before its place.
func (r *raw) close() error {
	close(r.queue)
	<-r.ended
	frame := make([]byte, 4+r.entry)
	var err error
	for at := int64(0); at < r.at && err == nil; at += int64(len(frame)) {
		if _, err = r.f.ReadAt(frame, at); err == nil && binary.LittleEndian.Uint32(frame) != crc32.Checksum(frame[4:], castagnoli) {
			err = fmt.Errorf("the raw file is damaged at %d", at)
		}
	}
	return errors.Join(err, r.f.Close())
}
