package eventlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// brisk is a scrub that does not pause between passes.
var brisk = Pace{Every: time.Nanosecond, Bytes: 1 << 40, First: time.Nanosecond, Again: time.Millisecond}

// output is a log that a test can read while it is written.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// scrubbed opens a log and scrubs it until the test ends.
func scrubbed(t *testing.T, path string, pace Pace) (*Log, *output) {
	t.Helper()
	out := &output{}
	l, err := Open(path, Options{WAL: 256 << 10, Journal: 32 << 10, Tail: 64, Log: slog.New(slog.NewTextHandler(out, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Scrub(ctx, pace) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, l.Close()); err != nil {
			t.Error(err)
		}
	})
	return l, out
}

// until waits for what the scrub tells.
func until(t *testing.T, l *Log, what string, is func(Scrubbed) bool) Scrubbed {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if s := l.Scrubbed(); is(s) {
			return s
		}
	}
	t.Fatalf("%s: the scrub says %+v", what, l.Scrubbed())
	return Scrubbed{}
}

func wholeSince(when time.Time) func(Scrubbed) bool {
	return func(s Scrubbed) bool { return s.Fault == nil && s.Whole.After(when) }
}

// A bit that flips in the file of a log that is open is found by the next pass, told
// until it is put right, and reads of what is elsewhere go on.
func TestTheScrubFindsWhatChangesInTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.db")
	var positions []int64
	writeLog(t, path, &positions)
	l, out := scrubbed(t, path, brisk)
	s := until(t, l, "a whole pass", func(s Scrubbed) bool { return !s.Whole.IsZero() })
	if s.Position != positions[len(positions)-1] || s.Fault != nil {
		t.Errorf("%+v, the last event stands at %d", s, positions[len(positions)-1])
	}
	at := int64(-1)
	change(t, path, func(b []byte) { // in the data of an event that nobody reads
		at = int64(bytes.Index(b, []byte(`{"n":101,`)))
		b[at+6] ^= 1
	})
	var fault *CorruptError
	s = until(t, l, "the flip", func(s Scrubbed) bool { return s.Fault != nil })
	if !errors.As(s.Fault, &fault) || s.Position >= positions[101] {
		t.Errorf("%+v, of a flip at %d", s, positions[101])
	}
	if fault.Position != positions[101] {
		t.Errorf("the fault is at %d, the flip at %d: %v", fault.Position, positions[101], fault)
	}
	if !strings.Contains(out.String(), "level=ERROR") || !strings.Contains(out.String(), fmt.Sprint(positions[101])) {
		t.Errorf("logged %q", out)
	}
	if _, err := l.Append(t.Context(), "s-new", Any, []Proposed{{ID: uuid.New(), Type: "t"}}); err != nil {
		t.Error(err)
	}
	change(t, path, func(b []byte) { b[at+6] ^= 1 })
	until(t, l, "put right", wholeSince(time.Now()))
}

// change writes to the file of an open log as a disk would, behind its back.
func change(t *testing.T, path string, how func([]byte)) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before := bytes.Clone(b)
	how(b)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		if b[i] != before[i] {
			if _, err := f.WriteAt(b[i:i+1], int64(i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// What a check of the whole log finds, a pass finds.
func TestAPassFindsWhatAWholeCheckFinds(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "events.db")
	var positions []int64
	writeLog(t, whole, &positions)
	for i, harm := range harms {
		path := filepath.Join(t.TempDir(), "events.db")
		if err := os.CopyFS(filepath.Dir(path), os.DirFS(filepath.Dir(whole))); err != nil {
			t.Fatal(err)
		}
		harm = fmt.Sprintf(harm, positions[40+i])
		c, err := dial(path)
		if err := errors.Join(err, c.exec(harm), c.close()); err != nil {
			t.Fatal(harm, err)
		}
		l, _ := scrubbed(t, path, brisk)
		err = l.Verify(t.Context(), nil)
		s := until(t, l, harm, func(s Scrubbed) bool { return s.Fault != nil || !s.Whole.IsZero() })
		if (s.Fault == nil) != (err == nil) {
			t.Errorf("%s: the scrub says %v, a whole check %v", harm, s.Fault, err)
		}
	}
}

// A pass goes on where it was when the log was closed, and does not begin anew.
func TestAPassGoesOnAfterARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.db")
	var positions []int64
	writeLog(t, path, &positions)
	clock := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	o := Options{WAL: 256 << 10, Journal: 32 << 10, Tail: 64, Now: func() time.Time { return clock }}
	l, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	for range 300 { // more than a page
		r, err := l.Append(t.Context(), "s-more", Any, []Proposed{{ID: uuid.New(), Type: "t"}})
		if err != nil {
			t.Fatal(err)
		}
		positions = append(positions, r.Position)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Scrub(ctx, Pace{Every: 24 * time.Hour, Bytes: 1, First: time.Nanosecond}) }() // after a page it rests for hours
	s := until(t, l, "a page", func(s Scrubbed) bool { return s.Position > 0 })
	stop()
	if err := errors.Join(<-ended, l.Close()); err != nil {
		t.Fatal(err)
	}
	clock = clock.Add(time.Hour)
	if l, err = Open(path, o); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	k := &scrub{log: l, pace: brisk, c: l.decider}
	k.resume()
	if k.now.Position != s.Position || k.at.Phase != inEvents || !k.now.Begun.Equal(s.Begun) {
		t.Errorf("it goes on from %+v, it was at %+v", k.now, s)
	}
	for !k.at.done() {
		if _, err := k.step(); err != nil {
			t.Fatal(err)
		}
	}
	if k.now.Position != positions[len(positions)-1] {
		t.Errorf("the pass ended at %d", k.now.Position)
	}
}

// Another log in the place of the one that was looked through is looked through from
// its beginning.
func TestTheScrubOfAnotherLogBeginsAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.db")
	var positions []int64
	writeLog(t, path, &positions)
	for _, kept := range []string{`{"mark":{"phase":"events","next":65,"end":999999},"position":999,"last":64}`, `{"mark":{"phase":"index"},"last":99999999}`, `{`, ``} {
		if err := os.WriteFile(scrubPath(path), []byte(kept), 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := &scrub{log: l, c: l.decider}
		if s.resume(); !s.at.done() || !s.now.Begun.IsZero() {
			t.Errorf("of %q it goes on from %+v", kept, s.at)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// While it goes on, events are appended and moved, and it takes nothing of that for a fault.
func TestTheScrubOfALogThatGrows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.db")
	l, _ := scrubbed(t, path, brisk)
	begun := time.Now()
	for n := 0; n < 3000 || !l.Scrubbed().Whole.After(begun); n++ {
		if _, err := l.Append(t.Context(), fmt.Sprintf("s-%d", n%37), Any, []Proposed{{ID: uuid.New(), Type: "t", Data: make([]byte, n%900)}}); err != nil {
			t.Fatal(err)
		}
		if s := l.Scrubbed(); s.Fault != nil {
			t.Fatal(s.Fault)
		}
	}
}

// A stream that was ended is as it was written, also where its last event is in the table
// of the index.
func TestATombstoneIsNoFault(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.db")
	l, err := Open(path, Options{WAL: 256 << 10, Journal: 32 << 10, Tail: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, stream := range []string{"a", "b"} {
		if _, err := l.Append(t.Context(), stream, Any, []Proposed{{ID: uuid.New(), Type: "t"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Tombstone(t.Context(), stream, Any); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if fast, slow := bothWays(t, path); fast != nil || slow != nil {
		t.Errorf("%v, and one after the other %v", fast, slow)
	}
	l, _ = scrubbed(t, path, brisk)
	if s := until(t, l, "a pass", func(s Scrubbed) bool { return s.Fault != nil || !s.Whole.IsZero() }); s.Fault != nil {
		t.Error(s.Fault)
	}
}
