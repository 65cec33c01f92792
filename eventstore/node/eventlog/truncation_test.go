package eventlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/uuid"

	"nucleo/internal/longtest"
)

// cutShort is a log of which one file is truncated at every byte, or at some of them in
// the normal suite.
type cutShort struct {
	file  string
	files map[string][]byte // as they were left
	// fate is what must become of it: how many events it holds, or -1 when it must be
	// refused or found damaged.
	fate func(size int) int
}

// A file of a log that ends too early, at any byte: of the journal, only what was not whole
// is missing, and only at its very end; anything else is refused or found (F-08, R-05).
func TestAFileMayEndAtAnyByte(t *testing.T) {
	step := 509
	if longtest.Long() {
		step = 1
	}
	tried := 0
	left, ends := twoSegments(t)
	newest := ends[1][len(ends[1])-1].events
	cases := []cutShort{
		{".journal-1", left, func(size int) int { return before(ends[1], size, ends[0][len(ends[0])-1].events) }},
		{".journal-0", left, func(size int) int {
			if size < ends[0][len(ends[0])-1].at {
				return -1 // what stands in the other file came later
			}
			return newest
		}},
		{"", closedLog(t), func(size int) int { return -1 }},
	}
	for _, c := range cases {
		t.Run("events.db"+c.file, func(t *testing.T) { tried += c.everywhere(t, step) })
	}
	longtest.Metric(t, "R-05", "truncations", tried, "wrong", 0)
}

// frameEnd is where a frame of a segment ends, and how many events the log has by then.
type frameEnd struct{ at, events int }

func before(ends []frameEnd, size, events int) int {
	if size < segmentHeader {
		return -1
	}
	for _, e := range ends {
		if e.at <= size {
			events = e.events
		}
	}
	return events
}

func tiny() Options { return Options{WAL: 256 << 10, Journal: 32 << 10, Readers: 1, Tail: 1024} }

// twoSegments are the files of a log whose table has nothing, and whose journal is full in
// one file and half full in the other.
func twoSegments(t *testing.T) (files map[string][]byte, ends [2][]frameEnd) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.db")
	l, err := Open(path, tiny())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	empty, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if l, err = Open(path, tiny()); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for i := 0; l.journal.current == 0 || l.journal.segments[1].at < l.journal.segments[1].size-900; i++ {
		some(t, l, 1+i%3)
	}
	files = map[string][]byte{"": empty}
	events := 0
	for i := range ends {
		b, err := os.ReadFile(segmentPath(path, i))
		if err != nil {
			t.Fatal(err)
		}
		files[fmt.Sprintf(".journal-%d", i)] = b
		s, _ := saltOf(b[:segmentHeader])
		for at := segmentHeader; ; {
			rows, n, err := decode(s, b[at:])
			if err != nil {
				break
			}
			at, events = at+n, events+len(rows)
			ends[i] = append(ends[i], frameEnd{at, events})
		}
	}
	return files, ends
}

func some(t *testing.T, l *Log, n int) {
	t.Helper()
	batch := make([]Proposed, n)
	for i := range batch {
		batch[i] = Proposed{ID: uuid.New(), Type: "t", Data: bytes.Repeat([]byte("x"), 150), Metadata: []byte{}}
	}
	if _, err := l.Append(t.Context(), "a", Any, batch); err != nil {
		t.Fatal(err)
	}
}

func closedLog(t *testing.T) map[string][]byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.db")
	l, err := Open(path, tiny())
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		some(t, l, 3)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"": b}
}

func (c cutShort) everywhere(t *testing.T, step int) (tried int) {
	sizes := make(chan int)
	var all sync.WaitGroup
	for range 2 {
		dir := inMemory(t)
		all.Go(func() {
			for size := range sizes {
				if err := c.at(dir, size); err != nil {
					t.Errorf("%d bytes of events.db%s: %v", size, c.file, err)
				}
			}
		})
	}
	for size := 0; size < len(c.files[c.file]) && !t.Failed(); size += step {
		sizes <- size
		tried++
	}
	close(sizes)
	all.Wait()
	return tried
}

func inMemory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "nucleo-truncation-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// at truncates the file, and holds what the log makes of it to what it must.
func (c cutShort) at(dir string, size int) error {
	path := filepath.Join(dir, "events.db")
	for _, suffix := range []string{"-wal", "-shm", ".journal-0", ".journal-1"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	for suffix, b := range c.files {
		if suffix == c.file {
			b = b[:size]
		}
		if err := os.WriteFile(path+suffix, b, 0o600); err != nil {
			return err
		}
	}
	found, refusal := count(path)
	switch want := c.fate(size); {
	case want < 0 && refusal == nil:
		return fmt.Errorf("nobody noticed, and it holds %d events", found)
	case want >= 0 && refusal != nil:
		return fmt.Errorf("refused: %w", refusal)
	case want >= 0 && found != want:
		return fmt.Errorf("%d events, not %d", found, want)
	}
	return nil
}

// count opens a log, checks it, and counts its events.
func count(path string) (n int, err error) {
	l, err := Open(path, tiny())
	if err != nil {
		return 0, err
	}
	defer l.Close()
	for _, err := range l.ReadAll(context.Background(), 0, Forwards, math.MaxUint64) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, l.Verify(context.Background(), nil)
}
