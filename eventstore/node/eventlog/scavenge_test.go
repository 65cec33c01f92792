package eventlog

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/internal/longtest"
)

// clock is the time of the logs of these tests.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) goOn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func scavengeable(t testing.TB, path string, c *clock) *Log {
	t.Helper()
	l, err := Open(path, Options{WAL: 256 << 10, Journal: 32 << 10, Tail: 16, Heads: 7, Readers: 2, Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func appendSome(t testing.TB, l *Log, stream string, n, size int) {
	t.Helper()
	for range n {
		if _, err := l.Append(t.Context(), stream, Any, []Proposed{{ID: uuid.New(), Type: "t", Data: make([]byte, size)}}); err != nil {
			t.Fatal(err)
		}
	}
}

func setMetadata(t testing.TB, l *Log, stream, json string) {
	t.Helper()
	if _, err := l.Append(t.Context(), "$$"+stream, Any, []Proposed{{ID: uuid.New(), Type: TypeMetadata, JSON: true, Data: []byte(json)}}); err != nil {
		t.Fatal(err)
	}
}

// answers is all that reads of streams say of a log.
func answers(t testing.TB, l *Log, streams []string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, s := range streams {
		for _, stream := range []string{s, "$$" + s} {
			state, err := l.Stream(t.Context(), stream)
			out[stream] = fmt.Sprintln(state, err)
			for _, dir := range []Direction{Forwards, Backwards} {
				for _, from := range []int64{0, 3, End - 1} {
					for e, err := range l.ReadStream(t.Context(), stream, from, dir, 1000) {
						out[stream] += fmt.Sprintln(dir, from, e.Position, e.Revision, e.ID, len(e.Data), err)
					}
				}
			}
		}
	}
	return out
}

func positionsOf(t testing.TB, l *Log) (out []int64) {
	t.Helper()
	for e, err := range l.ReadAll(t.Context(), 0, Forwards, math.MaxUint64) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e.Position)
	}
	return out
}

// deadOf lists, by the rules and event by event, what can go.
func deadOf(t testing.TB, l *Log) map[int64]bool {
	t.Helper()
	var all []Event
	last := map[string]int64{}
	for e, err := range l.ReadAll(t.Context(), 0, Forwards, math.MaxUint64) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
		last[e.Stream] = e.Revision
	}
	dead := map[int64]bool{}
	for _, e := range all[:len(all)-1] {
		m := Metadata{MaxCount: 1}
		if isMetastream(e.Stream) {
			dead[e.Position] = e.Revision < last[e.Stream] || last[e.Stream[2:]] == Tombstone
			continue
		}
		m = Metadata{}
		for _, of := range all {
			if of.Stream == "$$"+e.Stream {
				m = parseMetadata(&of)
			}
		}
		switch {
		case last[e.Stream] == Tombstone:
			dead[e.Position] = e.Revision < Tombstone
		case m.softDeleted():
			dead[e.Position] = true
		case e.Revision < last[e.Stream]:
			dead[e.Position] = e.Revision < m.firstVisible(last[e.Stream]) ||
				m.MaxAge > 0 && e.Created < l.opts.Now().UnixNano()/100-m.MaxAge*10_000_000
		}
	}
	maps.DeleteFunc(dead, func(_ int64, is bool) bool { return !is })
	return dead
}

// Whatever was done to a log, a scavenge removes what no read gives any more and nothing
// else, and no read of a stream says anything else than before; not after the log was
// opened again either, nor with its index made anew.
func TestAScavengeRemovesWhatIsDeadAndChangesNoAnswer(t *testing.T) {
	removed := int64(0)
	from, to := longtest.Seeds(t, 4, 300)
	for seed := from; seed < to; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			chance := rand.New(rand.NewPCG(39, seed))
			path := filepath.Join(t.TempDir(), "events.db")
			now := &clock{now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
			l := scavengeable(t, path, now)
			streams := []string{"a", "b", "c", "d", "e"}
			for range 3 {
				live(t, l, chance, streams, now)
				appendSome(t, l, "last", 1, 10)
				before, all, dead := answers(t, l, streams), positionsOf(t, l), deadOf(t, l)
				done, err := l.Scavenge(t.Context(), Scavenging{Hurry: true})
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(before, answers(t, l, streams)); d != "" {
					t.Fatal(d)
				}
				want := slices.DeleteFunc(all, func(p int64) bool { return dead[p] })
				if d := cmp.Diff(want, positionsOf(t, l)); d != "" {
					t.Fatal(d)
				}
				if int(done.Events) != len(dead) {
					t.Errorf("%d events were removed, %d are dead", done.Events, len(dead))
				}
				removed += done.Events
				sound(t, l)
				if err := l.Close(); err != nil {
					t.Fatal(err)
				}
				if chance.IntN(2) == 0 {
					c, err := dial(path)
					if err := errors.Join(err, c.exec("DELETE FROM stream_index WHERE hash > 0"), c.exec("DELETE FROM state"), c.close()); err != nil {
						t.Fatal(err)
					}
				}
				l = scavengeable(t, path, now)
				if d := cmp.Diff(before, answers(t, l, streams)); d != "" {
					t.Fatal("opened again", d)
				}
				sound(t, l)
			}
		})
	}
	if removed < int64(20*(to-from)) {
		t.Errorf("only %d events were removed", removed)
	}
}

// live does something with some streams.
func live(t *testing.T, l *Log, chance *rand.Rand, streams []string, now *clock) {
	t.Helper()
	for range 60 {
		stream := streams[chance.IntN(len(streams))]
		switch chance.IntN(12) {
		case 0:
			setMetadata(t, l, stream, fmt.Sprintf(`{"$maxCount":%d}`, 1+chance.IntN(5)))
		case 1:
			setMetadata(t, l, stream, fmt.Sprintf(`{"$tb":%d}`, chance.IntN(30)))
		case 2:
			setMetadata(t, l, stream, `{"$maxAge":300}`)
		case 3:
			setMetadata(t, l, stream, `{"key":"value"}`)
		case 4:
			if _, err := l.Delete(t.Context(), stream, Any); err != nil && !errors.As(err, new(*WrongVersionError)) && !errors.Is(err, ErrStreamDeleted) {
				t.Fatal(err)
			}
		case 5:
			if chance.IntN(8) == 0 {
				stream = fmt.Sprint("end", chance.IntN(3))
				if _, err := l.Append(t.Context(), stream, Any, []Proposed{{ID: uuid.New(), Type: "t"}}); errors.Is(err, ErrStreamDeleted) {
					continue
				}
				setMetadata(t, l, stream, `{"$maxCount":9}`)
				if _, err := l.Tombstone(t.Context(), stream, Any); err != nil {
					t.Fatal(err)
				}
			}
		default:
			appendSome(t, l, stream, 1+chance.IntN(9), chance.IntN(3000))
		}
		now.goOn(time.Duration(chance.IntN(60)) * time.Second)
	}
}

// sound checks a log in every way there is.
func sound(t *testing.T, l *Log) {
	t.Helper()
	last, _ := l.Last()
	upTo, err := l.flushed(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v := verifier{log: l, upTo: upTo, end: firstPosition}
	if err := errors.Join(l.Verify(t.Context(), nil), v.whole(t.Context(), last)); err != nil {
		t.Fatal(err)
	}
	c, err := l.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for part := range c.Parts(t.Context()) {
		if err := part(func(*Event) bool { return true }); err != nil {
			t.Fatal(err)
		}
	}
	if c.doubtful() {
		t.Error("the fast way doubts what is sound")
	}
	s := &scrub{log: l, c: l.decider}
	if err := s.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	for !s.at.done() {
		if _, err := s.step(); err != nil {
			t.Fatal(err)
		}
	}
}
