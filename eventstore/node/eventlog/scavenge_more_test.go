package eventlog

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// While it goes on, events are appended, read, and moved, and the file gets smaller.
func TestAScavengeGoesOnBesideAppendsAndGivesSpaceBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.db")
	l := scavengeable(t, path, &clock{now: time.Now()})
	for range 30 {
		for _, stream := range []string{"dead", "alive"} {
			batch := make([]Proposed, 50)
			for i := range batch {
				batch[i] = Proposed{ID: uuid.New(), Type: "t", Data: make([]byte, 6000)}
				if stream == "alive" {
					batch[i].Data = batch[i].Data[:100]
				}
			}
			if _, err := l.Append(t.Context(), stream, Any, batch); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := l.Delete(t.Context(), "dead", Any); err != nil {
		t.Fatal(err)
	}
	appendSome(t, l, "alive", 40, 100)
	before, err := l.Size()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var took []time.Duration
	var others sync.WaitGroup
	others.Go(func() {
		for ctx.Err() == nil {
			begun := time.Now()
			appendSome(t, l, "beside", 1, 100)
			took = append(took, time.Since(begun))
		}
	})
	others.Go(func() {
		for from := int64(0); ctx.Err() == nil; from = (from + 97) % 1500 {
			for e, err := range l.ReadStream(t.Context(), "alive", from, Forwards, 300) {
				if err != nil || e.Stream != "alive" {
					t.Error(e.Stream, err)
				}
			}
			for range l.ReadStream(t.Context(), "dead", 0, Forwards, 1) { // it is not found: how is for others to test
			}
		}
	})
	done, err := l.Scavenge(t.Context(), Scavenging{})
	stop()
	others.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if done.Events != 1500 || done.Streams != 1 || len(took) < 5 {
		t.Errorf("%+v, beside %d appends", done, len(took))
	}
	sound(t, l)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l = scavengeable(t, path, &clock{now: time.Now()})
	after, err := l.Size()
	if err != nil {
		t.Fatal(err)
	}
	if after > before/2 {
		t.Errorf("the log took %d bytes and takes %d, of which most are dead", before, after)
	}
	slices.Sort(took)
	t.Logf("METRIC scavenge removed=%d appends=%d append-p50=%s append-p99=%s append-max=%s bytes=%d from=%d",
		done.Events, len(took), took[len(took)/2], took[len(took)*99/100], took[len(took)-1], after, before)
}

// Streams that somebody wants kept are kept, and named.
func TestAScavengeKeepsWhatItIsTold(t *testing.T) {
	l := scavengeable(t, filepath.Join(t.TempDir(), "events.db"), &clock{now: time.Now()})
	for _, stream := range []string{"caso-1", "other"} {
		appendSome(t, l, stream, 30, 10)
		setMetadata(t, l, stream, `{"$tb":20}`)
	}
	appendSome(t, l, "last", 1, 1)
	done, err := l.Scavenge(t.Context(), Scavenging{Hurry: true, Keep: func(s string) bool { return s == "caso-1" }})
	if err != nil || done.Events != 20 || !slices.Equal(done.Kept, []string{"caso-1"}) {
		t.Errorf("%+v %v", done, err)
	}
	setMetadata(t, l, "caso-1", `{}`)
	n := 0
	for _, err := range l.ReadStream(t.Context(), "caso-1", 0, Forwards, 100) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 30 {
		t.Errorf("of the 30 events of a stream that is kept, %d are left", n)
	}
	if !l.scavenging.TryLock() {
		t.Fatal("it has not ended")
	}
	if _, err := l.Scavenge(t.Context(), Scavenging{}); !errors.Is(err, ErrScavenging) {
		t.Error(err)
	}
}

// What is missing without a note of its removal is found.
func TestAnEventThatIsMissingElsewhereThanInAHoleIsFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.db")
	l := scavengeable(t, path, &clock{now: time.Now()})
	appendSome(t, l, "a", 60, 10)
	setMetadata(t, l, "a", `{"$tb":20}`)
	appendSome(t, l, "a", 60, 10)
	if _, err := l.Scavenge(t.Context(), Scavenging{Hurry: true}); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for i, harm := range [][]string{
		{"DELETE FROM events WHERE revision = 20", "DELETE FROM stream_index WHERE revision = 20", "UPDATE trimmed SET before = 21"},
		{"DELETE FROM events WHERE revision = 70", "DELETE FROM stream_index WHERE revision = 70"},
		{"UPDATE gone SET next = next + 1"}, {"UPDATE gone SET first = first + 1"}, {"DELETE FROM gone"}, {"DELETE FROM trimmed"}, {"UPDATE trimmed SET before = before + 1"},
	} {
		harmed := filepath.Join(t.TempDir(), "events.db")
		if err := os.CopyFS(filepath.Dir(harmed), os.DirFS(filepath.Dir(path))); err != nil {
			t.Fatal(err)
		}
		c, err := dial(harmed)
		if err != nil {
			t.Fatal(err)
		}
		for _, sql := range harm {
			err = errors.Join(err, c.exec(sql))
		}
		if err := errors.Join(err, c.close()); err != nil {
			t.Fatal(err)
		}
		fast, slow := bothWays(t, harmed)
		if fast == nil || slow == nil {
			t.Errorf("%d: %v: %v, and one after the other %v", i, harm, fast, slow)
		}
	}
}
