package eventlog

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

func FuzzFrames(f *testing.F) {
	s := salt{1, 2, 3, 4, 5, 6, 7, 8}
	group := []Event{
		{Position: 64, Stream: "a", ID: uuid.UUID{1}, Type: "t", JSON: true, Data: []byte("{}"), Metadata: []byte{}},
		{Position: 130, Stream: "$$a", Revision: Tombstone, ID: uuid.UUID{2}, Type: "u", Data: []byte{}, Metadata: []byte("m"), Created: 7},
	}
	frame := encode(s, group)
	f.Add(frame)
	f.Add(bytes.Repeat(frame, 3))
	f.Add(frame[:len(frame)-1])
	f.Fuzz(func(t *testing.T, b []byte) { // what a disk may hold
		found, _ := frames(s, b)
		for _, want := range found {
			got, _, err := decode(s, encode(s, slices.Clone(want)))
			if d := cmp.Diff(want, got); d != "" || err != nil {
				t.Fatal(err, d)
			}
		}
	})
}

func TestAGroupComesBackFromItsFrame(t *testing.T) {
	s := salt{9, 8, 7, 6, 5, 4, 3, 2}
	var b []byte
	var want [][]Event
	for n := 1; n < 20; n++ {
		group := make([]Event, n)
		for i := range group {
			group[i] = Event{Position: rand.Int64(), Stream: "s", Revision: int64(i), ID: uuid.New(), Type: "t", JSON: i%2 == 0,
				Data: bytes.Repeat([]byte{byte(i)}, i), Metadata: []byte{}, Created: rand.Int64()}
		}
		b = append(append(b, encode(s, group)...), "what was here before"...)
		want = append(want, group)
	}
	got, torn := frames(s, b)
	if d := cmp.Diff(want, got); d != "" || torn != 0 {
		t.Fatal(torn, d)
	}
}

// TestWhatACallerHandedOverIsItsOwnAgain: events wait in memory after the answer.
func TestWhatACallerHandedOverIsItsOwnAgain(t *testing.T) {
	data := []byte("before")
	group := []Event{{Position: 64, Stream: "s", Data: data}}
	encode(salt{}, group)
	copy(data, "after!")
	if got := string(group[0].Data); got != "before" {
		t.Fatalf("the event holds %q", got)
	}
}

// The salt of a frame lies outside its checksum: where a bit of it changes, what the
// frame holds is not there, and nobody may be left to think that it never was.
func TestAFrameWhoseSaltChangedCountsAsTorn(t *testing.T) {
	s := salt{9, 8, 7, 6, 5, 4, 3, 2}
	frame := encode(s, []Event{{Position: 64, Stream: "s", Type: "t", Data: []byte("{}"), Metadata: []byte{}}})
	for n, where := range map[string]int{"the first": 0, "the last": len(frame)} {
		for bit := range 8 * saltSize {
			b := append(append(bytes.Clone(frame), frame...), "what was here before"...)
			b[where+bit/8] ^= 1 << (bit % 8)
			if found, torn := frames(s, b); len(found) != 1 || torn != 1 {
				t.Errorf("bit %d of %s: %d found, %d torn", bit, n, len(found), torn)
			}
		}
	}
}
