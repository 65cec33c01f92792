package eventlog_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	_ "modernc.org/sqlite"

	"nucleo/eventstore/node/eventlog"
)

// small keeps the logs of tests small and quick to make.
func small() eventlog.Options {
	return eventlog.Options{WAL: 256 << 10, Journal: 32 << 10, Readers: 2, Tail: 1024}
}

func open(t testing.TB, path string, opts eventlog.Options) *eventlog.Log {
	t.Helper()
	l, err := eventlog.Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func fresh(t testing.TB) (*eventlog.Log, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.db")
	return open(t, path, small()), path
}

func proposed(n int) []eventlog.Proposed {
	out := make([]eventlog.Proposed, n)
	for i := range out {
		out[i] = eventlog.Proposed{ID: uuid.New(), Type: "t", JSON: true, Data: []byte(`{"n":1}`), Metadata: []byte{}}
	}
	return out
}

func appendTo(t testing.TB, l *eventlog.Log, stream string, n int) eventlog.Result {
	t.Helper()
	r, err := l.Append(t.Context(), stream, eventlog.Any, proposed(n))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func revisions(t testing.TB, l *eventlog.Log, stream string, from int64, dir eventlog.Direction, limit uint64) []int64 {
	t.Helper()
	out := []int64{}
	for e, err := range l.ReadStream(t.Context(), stream, from, dir, limit) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e.Revision)
	}
	return out
}

func all(t testing.TB, l *eventlog.Log) []eventlog.Event {
	t.Helper()
	out := []eventlog.Event{}
	for e, err := range l.ReadAll(t.Context(), 0, eventlog.Forwards, math.MaxUint64) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

// surgery changes a closed file with plain SQL, as a broken disk or a person would.
func surgery(t testing.TB, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestPositionsGrowAndSurviveAReopen(t *testing.T) {
	l, path := fresh(t)
	first := appendTo(t, l, "a", 2)
	if first.Position <= 0 {
		t.Fatalf("position %d", first.Position)
	}
	before := all(t, l)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l = open(t, path, small())
	if d := cmp.Diff(before, all(t, l)); d != "" {
		t.Fatal("the log changed over a reopen", d)
	}
	if r := appendTo(t, l, "a", 1); r.Position <= first.Position || r.Revision != 2 {
		t.Fatalf("after %+v came %+v", first, r)
	}
}

func TestReadsPageThroughAStreamInBothDirections(t *testing.T) {
	l, _ := fresh(t)
	const n = 700 // more than two pages
	for range n / 7 {
		appendTo(t, l, "other", 1)
		appendTo(t, l, "s", 7)
	}
	up, down := []int64{}, []int64{}
	for i := range int64(n) {
		up, down = append(up, i), append(down, n-1-i)
	}
	for name, c := range map[string]struct{ got, want []int64 }{
		"forwards":            {revisions(t, l, "s", 0, eventlog.Forwards, math.MaxUint64), up},
		"backwards":           {revisions(t, l, "s", eventlog.End, eventlog.Backwards, math.MaxUint64), down},
		"forwards from 300":   {revisions(t, l, "s", 300, eventlog.Forwards, 3), up[300:303]},
		"backwards from 300":  {revisions(t, l, "s", 300, eventlog.Backwards, 3), down[n-301 : n-298]},
		"beyond the end":      {revisions(t, l, "s", n, eventlog.Forwards, 5), []int64{}},
		"backwards from 0":    {revisions(t, l, "s", 0, eventlog.Backwards, 5), []int64{0}},
		"backwards from past": {revisions(t, l, "s", n+50, eventlog.Backwards, 2), down[:2]},
	} {
		if d := cmp.Diff(c.want, c.got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestReadsOfTheWholeLogIncludeTheStartForwardsAndExcludeItBackwards(t *testing.T) {
	l, _ := fresh(t)
	appendTo(t, l, "a", 600)
	log := all(t, l)
	at := func(dir eventlog.Direction, from int64) (out []int64) {
		for e, err := range l.ReadAll(t.Context(), from, dir, 2) {
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, e.Position)
		}
		return out
	}
	if d := cmp.Diff([]int64{log[300].Position, log[301].Position}, at(eventlog.Forwards, log[300].Position)); d != "" {
		t.Error("forwards", d)
	}
	if d := cmp.Diff([]int64{log[299].Position, log[298].Position}, at(eventlog.Backwards, log[300].Position)); d != "" {
		t.Error("backwards", d)
	}
}

func TestAStreamOlderThanTheIndexInMemoryIsRead(t *testing.T) {
	l, path := fresh(t)
	appendTo(t, l, "old", 30)
	for i := range 60 { // several flushes
		appendTo(t, l, fmt.Sprintf("s%d", i), 200)
		appendTo(t, l, "old", 1)
	}
	want := make([]int64, 90)
	for i := range want {
		want[i] = int64(i)
	}
	if d := cmp.Diff(want, revisions(t, l, "old", 0, eventlog.Forwards, 1000)); d != "" {
		t.Fatal(d)
	}
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	l.Close()
	l = open(t, path, small())
	if d := cmp.Diff(want, revisions(t, l, "old", 0, eventlog.Forwards, 1000)); d != "" {
		t.Fatal("after a reopen", d)
	}
	if r := appendTo(t, l, "old", 1); r.Revision != 90 {
		t.Fatalf("revision %d after a reopen", r.Revision)
	}
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

func TestALostOrStaleIndexIsBuiltAnew(t *testing.T) {
	for name, harm := range map[string][]string{
		"table dropped":        {"DROP TABLE stream_index"},
		"state dropped":        {"DROP TABLE state"},
		"index ahead of log":   {"UPDATE state SET value = 1 << 60"},
		"index of another log": {"DELETE FROM stream_index"},
	} {
		t.Run(name, func(t *testing.T) {
			l, path := fresh(t)
			for i := range 25 {
				appendTo(t, l, fmt.Sprintf("s%d", i), 200)
			}
			want := all(t, l)
			l.Close()
			surgery(t, path, harm...)
			l = open(t, path, small())
			if err := l.Verify(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			for i := range 25 {
				if got := revisions(t, l, fmt.Sprintf("s%d", i), 0, eventlog.Forwards, 1000); len(got) != 200 {
					t.Fatalf("stream s%d has %d events", i, len(got))
				}
			}
			if d := cmp.Diff(want, all(t, l)); d != "" {
				t.Fatal(d)
			}
		})
	}
}

func TestDamageIsFoundAndNamed(t *testing.T) {
	for name, harm := range map[string]string{
		"data":          "UPDATE events SET data = X'7b7d' WHERE position = %d",
		"metadata":      "UPDATE events SET metadata = X'00' WHERE position = %d",
		"type":          "UPDATE events SET type = 'u' WHERE position = %d",
		"stream":        "UPDATE events SET stream = 'b' WHERE position = %d",
		"revision":      "UPDATE events SET revision = revision + 1 WHERE position = %d",
		"time":          "UPDATE events SET created = created + 1 WHERE position = %d",
		"moved":         "UPDATE events SET position = position + 1 WHERE position = %d",
		"removed":       "DELETE FROM events WHERE position = %d",
		"index removed": "DELETE FROM stream_index WHERE position = %d",
		"index wrong":   "UPDATE stream_index SET revision = revision + 1000 WHERE position = %d",
	} {
		t.Run(name, func(t *testing.T) {
			l, path := fresh(t)
			for range 30 {
				appendTo(t, l, "a", 200)
			}
			victim := all(t, l)[100].Position
			l.Close()
			surgery(t, path, fmt.Sprintf(harm, victim))
			l = open(t, path, small())
			err := l.Verify(t.Context(), nil)
			var corrupt *eventlog.CorruptError
			if !errors.As(err, &corrupt) {
				t.Fatalf("verify says %v", err)
			}
			if corrupt.Position < victim || corrupt.Position > victim+eventSize {
				t.Fatalf("damage at %d reported at %d", victim, corrupt.Position)
			}
		})
	}
}

// eventSize is more than an event of these tests takes.
const eventSize = 100

func TestABitFlipInTheFileIsFoundOnRead(t *testing.T) {
	l, path := fresh(t)
	marker := []byte(`{"marker":"0123456789"}`)
	p := proposed(1)
	p[0].Data = marker
	if _, err := l.Append(t.Context(), "a", eventlog.Any, p); err != nil {
		t.Fatal(err)
	}
	appendTo(t, l, "a", 1)
	l.Close()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := indexOf(raw, marker)
	raw[at+12] ^= 4
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	l = open(t, path, small())
	var corrupt *eventlog.CorruptError
	for _, err := range l.ReadStream(t.Context(), "a", 0, eventlog.Forwards, 10) {
		if !errors.As(err, &corrupt) {
			t.Fatalf("read gave %v", err)
		}
	}
}

func indexOf(raw, marker []byte) int {
	for i := range raw {
		if i+len(marker) <= len(raw) && string(raw[i:i+len(marker)]) == string(marker) {
			return i
		}
	}
	return -1
}

func TestAFileThatIsNotOursIsRefused(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, path string){
		"empty file":      func(t *testing.T, path string) { write(t, path, "") },
		"text":            func(t *testing.T, path string) { write(t, path, string(make([]byte, 4096))) },
		"another program": func(t *testing.T, path string) { surgery(t, path, "PRAGMA application_id = 7") },
		"another version": func(t *testing.T, path string) { surgery(t, path, "PRAGMA user_version = 4") },
		"a directory":     func(t *testing.T, path string) { os.Remove(path); os.Mkdir(path, 0o700) },
		"a link":          func(t *testing.T, path string) { os.Rename(path, path+"x"); os.Symlink(path+"x", path) },
	} {
		t.Run(name, func(t *testing.T) {
			l, path := fresh(t)
			l.Close()
			harm(t, path)
			if _, err := eventlog.Open(path, small()); !errors.Is(err, eventlog.ErrFormat) {
				t.Fatalf("open says %v", err)
			}
		})
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAFullDiskRefusesAppendsAndReadsGoOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.db")
	opts := small()
	opts.Pages = 40
	l := open(t, path, opts)
	var err error
	appended := 0
	for ; err == nil && appended < 10_000; appended++ {
		_, err = l.Append(t.Context(), "a", eventlog.Any, proposed(10))
	}
	if !errors.Is(err, eventlog.ErrNoSpace) {
		t.Fatalf("a full log says %v", err)
	}
	if got := len(all(t, l)); got != (appended-1)*10 {
		t.Fatalf("%d events, %d were acknowledged", got, (appended-1)*10)
	}
	if _, err = l.Append(t.Context(), "a", eventlog.Any, proposed(10)); !errors.Is(err, eventlog.ErrNoSpace) {
		t.Fatalf("still full, but %v", err)
	}
	l.Close()
	l = open(t, path, small())
	if r := appendTo(t, l, "a", 1); r.Revision != int64(appended-1)*10 {
		t.Fatalf("with space again, revision %d", r.Revision)
	}
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

func TestCloseAnswersEveryCaller(t *testing.T) {
	l, path := fresh(t)
	var callers sync.WaitGroup
	var mu sync.Mutex
	acked := 0
	for i := range 16 {
		callers.Go(func() {
			for {
				_, err := l.Append(context.Background(), fmt.Sprintf("s%d", i), eventlog.Any, proposed(1))
				if errors.Is(err, eventlog.ErrClosed) {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				acked++
				mu.Unlock()
			}
		})
	}
	if err := l.Wait(t.Context(), 20_000); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	callers.Wait()
	if got := len(all(t, open(t, path, small()))); got != acked {
		t.Fatalf("%d events for %d acknowledged", got, acked)
	}
}

func TestTimesNeverGoBack(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	opts := small()
	opts.Now = func() time.Time { now = now.Add(-time.Hour); return now }
	path := filepath.Join(t.TempDir(), "events.db")
	l := open(t, path, opts)
	for range 3 {
		appendTo(t, l, "a", 1)
	}
	l.Close()
	l = open(t, path, opts)
	appendTo(t, l, "a", 1)
	log := all(t, l)
	for i := 1; i < len(log); i++ {
		if log[i].Created < log[i-1].Created {
			t.Fatalf("event %d is older than the one before", i)
		}
	}
}

func TestStreamMetadataHidesEvents(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	opts := small()
	opts.Now = func() time.Time { return now }
	l := open(t, filepath.Join(t.TempDir(), "events.db"), opts)
	appendTo(t, l, "a", 10)
	now = now.Add(time.Minute)
	appendTo(t, l, "a", 2)
	for _, c := range []struct {
		meta string
		want []int64
	}{
		{`{"$maxCount":3}`, []int64{9, 10, 11}},
		{`{"$tb":8}`, []int64{8, 9, 10, 11}},
		{`{"$tb":8,"$maxCount":2}`, []int64{10, 11}},
		{`{"$maxAge":30}`, []int64{10, 11}},
		{`{"$tb":100}`, []int64{}},
		{`not json`, []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
	} {
		p := proposed(1)
		p[0].Type, p[0].Data = eventlog.TypeMetadata, []byte(c.meta)
		if _, err := l.Append(t.Context(), "$$a", eventlog.Any, p); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.want, revisions(t, l, "a", 0, eventlog.Forwards, 100)); d != "" {
			t.Errorf("%s: %s", c.meta, d)
		}
	}
	if d := cmp.Diff([]int64{5}, revisions(t, l, "$$a", 0, eventlog.Forwards, 100)); d != "" {
		t.Error("a metastream shows its last event only", d)
	}
}
