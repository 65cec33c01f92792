package eventlog_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/eventstore/node/eventlog"
)

// powerCut is a log whose process ends and whose SQLite file keeps nothing of what
// was written since it was opened: the journal alone has it.
type powerCut struct {
	*eventlog.Log
	path, image string
}

// roomy holds all events of a test in the journal's first file.
func roomy() eventlog.Options {
	opts := small()
	opts.Journal = 1 << 20
	return opts
}

func powered(t *testing.T, opts eventlog.Options) *powerCut {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.db")
	l := open(t, path, opts)
	appendTo(t, l, "a", 3)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	image := filepath.Join(t.TempDir(), "events.db")
	copyFile(t, path, image)
	return &powerCut{open(t, path, opts), path, image}
}

// cut copies the journal to the older SQLite file, and returns its path.
func (p *powerCut) cut(t *testing.T) string {
	t.Helper()
	for _, file := range []string{".journal-0", ".journal-1"} {
		copyFile(t, p.path+file, p.image+file)
	}
	return p.image
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, string(b))
}

func change(t *testing.T, path string, do func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(do(b)))
}

// marked appends an event that can be found in a file.
func marked(t *testing.T, l *eventlog.Log, mark string) eventlog.Result {
	t.Helper()
	p := proposed(1)
	p[0].Data = []byte(mark)
	r, err := l.Append(t.Context(), "a", eventlog.Any, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheJournalAloneBringsBackWhatWasAnswered(t *testing.T) {
	p := powered(t, roomy())
	for range 50 {
		appendTo(t, p.Log, "a", 3)
		appendTo(t, p.Log, "b", 1)
	}
	want := all(t, p.Log)
	path := p.cut(t)
	for range 2 { // the second time there is nothing to do
		l := open(t, path, roomy())
		if d := cmp.Diff(want, all(t, l)); d != "" {
			t.Fatal(d)
		}
		if err := l.Verify(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		l.Close()
	}
}

func TestAFrameTornAtItsEndIsDroppedWithWhatItHeld(t *testing.T) {
	for name, tear := range map[string]func(b []byte, at int) []byte{
		"cut off":    func(b []byte, at int) []byte { return b[:at+3] },
		"its middle": func(b []byte, at int) []byte { copy(b[at:], "????"); return b },
		"its head":   func(b []byte, at int) []byte { clear(b[at-79 : at-60]); return b },
	} {
		t.Run(name, func(t *testing.T) {
			p := powered(t, roomy())
			for range 20 {
				appendTo(t, p.Log, "a", 3)
			}
			want := all(t, p.Log)
			marked(t, p.Log, "{torn}")
			path := p.cut(t)
			change(t, path+".journal-0", func(b []byte) []byte { return tear(b, bytes.Index(b, []byte("{torn}"))) })
			l := open(t, path, roomy())
			if d := cmp.Diff(want, all(t, l)); d != "" {
				t.Fatal(d)
			}
			if r := appendTo(t, l, "a", 1); r.Revision != int64(len(want)) {
				t.Fatalf("went on at revision %d of %d", r.Revision, len(want))
			}
		})
	}
}

func TestATornFrameIsToldToTheOperator(t *testing.T) {
	p := powered(t, roomy())
	marked(t, p.Log, "{torn}")
	path := p.cut(t)
	change(t, path+".journal-0", func(b []byte) []byte { return bytes.Replace(b, []byte("{torn}"), []byte("{t?rn}"), 1) })
	var said strings.Builder
	opts := roomy()
	opts.Log = slog.New(slog.NewTextHandler(&said, nil))
	open(t, path, opts)
	if !strings.Contains(said.String(), "level=WARN") || !strings.Contains(said.String(), "events.db.journal-0") {
		t.Fatalf("the log says %q", said.String())
	}
}

func TestDamageInTheJournalIsFoundAndNamed(t *testing.T) {
	flip := func(b []byte, at int) []byte { b[at] ^= 4; return b }
	for name, harm := range map[string]func(b []byte, mark int) []byte{
		"data":     func(b []byte, mark int) []byte { return flip(b, mark+2) },
		"length":   func(b []byte, mark int) []byte { return flip(b, bytes.LastIndex(b[:mark], b[8:16])+12) },
		"checksum": func(b []byte, mark int) []byte { return flip(b, bytes.LastIndex(b[:mark], b[8:16])+8) },
		"salt":     func(b []byte, mark int) []byte { return flip(b, bytes.LastIndex(b[:mark], b[8:16])+1) },
		"header":   func(b []byte, _ int) []byte { return flip(b, 9) },
		"empty":    func([]byte, int) []byte { return nil },
		"zeros":    func(b []byte, _ int) []byte { clear(b); return b },
	} {
		t.Run(name, func(t *testing.T) {
			p := powered(t, roomy())
			appendTo(t, p.Log, "a", 1)
			lost := marked(t, p.Log, "{marked}")
			appendTo(t, p.Log, "a", 1)
			path := p.cut(t)
			change(t, path+".journal-0", func(b []byte) []byte { return harm(b, bytes.Index(b, []byte("{marked}"))) })
			_, err := eventlog.Open(path, roomy())
			var corrupt *eventlog.CorruptError
			if !errors.As(err, &corrupt) {
				t.Fatalf("open says %v", err)
			}
			if corrupt.Position > lost.Position || corrupt.Position < lost.Position-2*eventSize {
				t.Fatalf("damage at %d is reported at %d", lost.Position, corrupt.Position)
			}
		})
	}
}

func TestAJournalThatGoesOnLaterThanTheTableIsRefused(t *testing.T) {
	p := powered(t, small())
	for range 500 { // several times around
		appendTo(t, p.Log, "a", 2)
	}
	_, err := eventlog.Open(p.cut(t), small())
	var corrupt *eventlog.CorruptError
	if !errors.As(err, &corrupt) || !strings.Contains(err.Error(), "events.db.journal-*") {
		t.Fatalf("open says %v", err)
	}
	if err := errors.Join(os.Remove(p.image+".journal-0"), os.Remove(p.image+".journal-1")); err != nil {
		t.Fatal(err)
	}
	if got := len(all(t, open(t, p.image, small()))); got != 3 {
		t.Fatalf("without the journal the copy holds %d events", got)
	}
}

func TestAnEventBiggerThanTheJournalIsStoredAndBroughtBack(t *testing.T) {
	p := powered(t, small())
	big := proposed(1)
	big[0].Data = bytes.Repeat([]byte("x"), 300<<10)
	if _, err := p.Append(t.Context(), "big", eventlog.Any, big); err != nil {
		t.Fatal(err)
	}
	want := all(t, p.Log)
	if d := cmp.Diff(want, all(t, open(t, p.cut(t), small()))); d != "" {
		t.Fatal(d)
	}
}

func TestALogThatWasClosedIsOneFile(t *testing.T) {
	l, path := fresh(t)
	appendTo(t, l, "a", 10)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{path, path + ".lock"}, files); d != "" {
		t.Fatal(d)
	}
}

func TestAFileOfTheFormatBeforeIsOpenedAndRaised(t *testing.T) {
	l, path := fresh(t)
	appendTo(t, l, "a", 10)
	want := all(t, l)
	l.Close()
	surgery(t, path, "PRAGMA user_version = 1")
	l = open(t, path, small())
	if d := cmp.Diff(want, all(t, l)); d != "" {
		t.Fatal(d)
	}
	head, err := os.ReadFile(path) // a program of that format looks here, and refuses
	if err != nil {
		t.Fatal(err)
	}
	if version := head[63]; version != 2 {
		t.Fatalf("while it is open, the file says format %d", version)
	}
}

func TestSQLiteReadsBesideTheLogWhatWasMoved(t *testing.T) {
	l, path := fresh(t)
	for range 100 {
		appendTo(t, l, "a", 3)
	}
	if err := l.Verify(t.Context(), nil); err != nil { // moves what was answered before
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM events").Scan(&n); err != nil || n != 300 {
		t.Fatalf("%d events, %v", n, err)
	}
}

// TestReadsAreTheSameWhereverTheEventsStand reads across the place where the table
// ends and the journal goes on.
func TestReadsAreTheSameWhereverTheEventsStand(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "events.db"), roomy())
	streams := func() (out string) {
		for _, s := range []string{"a", "b"} {
			for _, from := range []int64{0, 7, 290, 310, 600} {
				out += fmt.Sprintln(s, revisions(t, l, s, from, eventlog.Forwards, 300), revisions(t, l, s, from, eventlog.Backwards, 300))
			}
		}
		return out
	}
	whole := func(limit uint64) (out []int64) {
		for _, from := range []int64{0, 30_000, 60_000, 90_000, eventlog.End} {
			for _, dir := range []eventlog.Direction{eventlog.Forwards, eventlog.Backwards} {
				for e, err := range l.ReadAll(t.Context(), from, dir, limit) {
					if err != nil {
						t.Fatal(err)
					}
					out = append(out, e.Position)
				}
			}
		}
		return out
	}
	for range 100 {
		appendTo(t, l, "a", 3)
		appendTo(t, l, "b", 3)
	}
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		appendTo(t, l, "a", 3)
		appendTo(t, l, "b", 3)
	}
	gotStreams, gotAll, gotSome := streams(), whole(math.MaxUint64), whole(270)
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(gotStreams, streams()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(gotAll, whole(math.MaxUint64)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(gotSome, whole(270)); d != "" {
		t.Error(d)
	}
}
