package eventlog

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"nucleo/internal/durable"
)

// journal is where a group becomes durable, before it stands in the table: two
// files written in turns, in space that exists already, so that a group costs one
// write and one fdatasync. A file is written over once the table holds, durably,
// all that it held. The write loop alone uses it.
type journal struct {
	salt     salt
	segments [2]segment
	current  int
	spent    bool // all that it holds stands in the table, durably
}

type segment struct {
	f    *os.File
	size int64 // that is written over in place; a group alone may go beyond
	at   int64 // end of the newest frame
	last int64 // position of the newest event
}

func segmentPath(path string, i int) string { return fmt.Sprintf("%s.journal-%d", path, i) }

// begin makes an empty journal in the place of one whose events all stand in the
// table, durably.
func begin(path string, size int64) (*journal, error) {
	j := &journal{}
	if _, err := rand.Read(j.salt[:]); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	for i := range j.segments {
		f, err := newSegment(segmentPath(path, i), j.salt, size)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("journal: %w", err), j.close())
		}
		j.segments[i] = segment{f: f, size: size, at: segmentHeader}
	}
	return j, durable.SyncDir(filepath.Dir(path))
}

// newSegment writes the file beside its place and renames it, so that a crash
// leaves the old one or the new one. On a full disk it is shorter, and grows later.
func newSegment(path string, s salt, size int64) (*os.File, error) {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.WriteAt(s.header(), 0)
	zeros := make([]byte, min(256<<10, size))
	for at := int64(segmentHeader); at < size && err == nil; at += int64(len(zeros)) {
		if _, err = f.WriteAt(zeros[:min(int64(len(zeros)), size-at)], at); errors.Is(err, syscall.ENOSPC) && at > segmentHeader {
			err = nil
			break
		}
	}
	if err = errors.Join(err, f.Sync()); err == nil { // what is not whole must not take the place of what was
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// fits reports whether a frame has room in the file that is being written.
func (j *journal) fits(frame int) bool {
	s := &j.segments[j.current]
	return s.at == segmentHeader || s.at+int64(frame) <= s.size
}

// other is the file that is not being written.
func (j *journal) other() *segment { return &j.segments[1-j.current] }

// turn goes on in the other file, over what it held.
func (j *journal) turn() {
	j.current = 1 - j.current
	j.segments[j.current].at = segmentHeader
}

// append makes a frame durable. After syscall.ENOSPC nothing of it counts; after
// any other error it is not known what the file holds.
func (j *journal) append(frame []byte, last int64) error {
	s := &j.segments[j.current]
	if _, err := s.f.WriteAt(frame, s.at); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	if err := datasync(s.f); err != nil {
		// Never tried again: what was not written may be forgotten by then. It is
		// no refusal for want of space either, for the frame may stand there.
		return fmt.Errorf("sync the journal: %v", err)
	}
	s.at, s.last = s.at+int64(len(frame)), last
	return nil
}

func (j *journal) close() error {
	var err error
	for _, s := range j.segments {
		if s.f != nil {
			err = errors.Join(err, s.f.Close())
		}
	}
	return err
}

// The header of a segment.
const (
	segmentMagic  = "nucleoj1"
	segmentHeader = 64
)

func (s salt) header() []byte {
	b := make([]byte, segmentHeader)
	copy(b, segmentMagic)
	copy(b[8:], s[:])
	copy(b[16:], s[:]) // again: a byte that changed is noticed
	return b
}

func saltOf(header []byte) (s salt, ok bool) {
	copy(s[:], header[8:])
	return s, string(header) == string(s.header())
}

// readSegment finds the frames of a file that was left behind; a file that is not
// there has none.
func readSegment(path string) (found [][]Event, torn int, err error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("journal: %w", err)
	}
	b, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, 0, fmt.Errorf("journal: %w", err)
	}
	if len(b) < segmentHeader {
		return nil, 0, fmt.Errorf("%s is cut short", path)
	}
	s, ok := saltOf(b[:segmentHeader])
	if !ok {
		return nil, 0, fmt.Errorf("the header of %s is damaged", path)
	}
	found, torn = frames(s, b[segmentHeader:])
	return found, torn, nil
}
