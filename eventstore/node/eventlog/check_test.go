package eventlog

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
)

// harms are ways to change a log by statements; %d is the position of an event.
var harms = []string{
	"UPDATE events SET data = X'7b7d' WHERE position = %d",
	"UPDATE events SET created = created - 1 WHERE position = %d",
	"UPDATE events SET revision = revision + 1 WHERE position = %d",
	"UPDATE events SET position = position + 1 WHERE position = %d",
	"DELETE FROM events WHERE position = %d",
	"DELETE FROM events WHERE position >= %d",
	"DELETE FROM stream_index WHERE position = %d",
	"DELETE FROM stream_index WHERE position > %d",
	"UPDATE stream_index SET revision = revision + 1000 WHERE position = %d",
	"UPDATE stream_index SET position = position + 1 WHERE position = %d",
	"UPDATE stream_index SET hash = hash + 1 WHERE position = %d",
	"INSERT INTO stream_index SELECT hash, revision + 500, position FROM stream_index WHERE position = %d",
	"INSERT INTO stream_index SELECT hash, revision, position + 1 FROM stream_index WHERE position = %d",
	"UPDATE stream_index SET revision = 1000000 - revision WHERE hash = (SELECT hash FROM stream_index WHERE position = %d)",
	"UPDATE state SET value = %d",
}

// What sees fast that there is no fault, and what looks at one event after the other,
// say the same of a log, whatever was done to it.
func TestBothWaysToCheckALogAgree(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "events.db")
	var positions []int64
	writeLog(t, whole, &positions)
	tries := 80
	if os.Getenv("NUCLEO_LONG") != "" {
		tries = 4000
	}
	dir, found := t.TempDir(), 0
	for i := range tries {
		chance := rand.New(rand.NewPCG(7, uint64(i)))
		path := filepath.Join(dir, fmt.Sprint(i), "events.db")
		if err := os.CopyFS(filepath.Dir(path), os.DirFS(filepath.Dir(whole))); err != nil {
			t.Fatal(err)
		}
		what := "nothing"
		if n := chance.IntN(2*len(harms) + 1); n < len(harms) {
			what = fmt.Sprintf(harms[n], positions[chance.IntN(len(positions))])
			c, err := dial(path)
			if err := errors.Join(err, c.exec(what), c.close()); err != nil {
				t.Fatal(what, err)
			}
		} else if n < 2*len(harms) {
			what = flipped(t, path, chance)
		}
		fast, slow := bothWays(t, path)
		var beyond *CorruptError
		if fast != nil && slow == nil && errors.As(fast, &beyond) && beyond.Reason == otherEntries {
			slow = fast // what the other way does not look for
		}
		if fmt.Sprint(fast) != fmt.Sprint(slow) {
			t.Errorf("%s: %v, and one after the other %v", what, fast, slow)
		}
		if fast != nil {
			found++
		}
		if err := os.RemoveAll(filepath.Dir(path)); err != nil {
			t.Fatal(err)
		}
	}
	if found < tries/4 {
		t.Errorf("of %d changed logs %d were found out", tries, found)
	}
}

func writeLog(t *testing.T, path string, positions *[]int64) {
	t.Helper()
	l, err := Open(path, Options{WAL: 256 << 10, Journal: 32 << 10, Tail: 64})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 240 {
		data := fmt.Appendf(nil, `{"n":%d,"text":%q}`, i, make([]byte, i*7))
		r, err := l.Append(t.Context(), fmt.Sprintf("s-%d", i*i%17), Any, []Proposed{{ID: uuid.New(), Type: "t", JSON: true, Data: data, Metadata: []byte(`{}`)}})
		if err != nil {
			t.Fatal(err)
		}
		*positions = append(*positions, r.Position)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// flipped changes some bits of a file.
func flipped(t *testing.T, path string, chance *rand.Rand) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := 100 + chance.IntN(len(b)-100) // the header is for Open
	b[at] ^= 1 << chance.IntN(8)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("a bit of byte %d", at)
}

func bothWays(t *testing.T, path string) (fast, slow error) {
	t.Helper()
	l, err := Open(path, Options{WAL: 256 << 10, Journal: 32 << 10, Tail: 64})
	if err != nil {
		return err, err
	}
	defer func() { _ = l.Close() }()
	fast = l.Verify(t.Context(), nil)
	last, _ := l.Last()
	upTo, err := l.flushed(t.Context())
	if err != nil {
		return fast, err
	}
	v := verifier{log: l, upTo: upTo, end: firstPosition}
	return fast, v.whole(t.Context(), last)
}
