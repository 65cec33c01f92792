package eventstore_test

import (
	"bytes"
	"testing"

	"nucleo/domain"
	"nucleo/eventstore"
)

func TestNextFollowsTheBytesOfAChain(t *testing.T) {
	var at domain.Head
	for _, e := range chain(t, "prova-a", domain.Head{}, 3) {
		next, follows := eventstore.Next(e, at)
		self, right := eventstore.Fingerprint(e)
		if !follows || !right || self != next.Self || next.Version != at.Version+1 {
			t.Fatalf("event %d: %v %v %s %s", e.Version, follows, right, self, next.Self)
		}
		at = next
	}
}

// Whatever is changed of an event changes its fingerprint, or is seen not to be
// what it claims.
func TestEveryPartOfAnEventIsInItsFingerprint(t *testing.T) {
	events := chain(t, "prova-a", domain.Head{}, 2)
	for _, was := range events {
		self, _ := eventstore.Fingerprint(was)
		changed := func(what string, change func(e *eventstore.Stored)) {
			e := was
			e.Data, e.Meta = append([]byte(nil), was.Data...), append([]byte(nil), was.Meta...)
			change(&e)
			if got, right := eventstore.Fingerprint(e); right || got == self {
				t.Errorf("event %d with another %s: %v %s", was.Version, what, right, got)
			}
		}
		changed("stream", func(e *eventstore.Stored) { e.Stream += "x" })
		changed("number", func(e *eventstore.Stored) { e.Version++ })
		changed("id", func(e *eventstore.Stored) { e.ID[3]++ })
		changed("type", func(e *eventstore.Stored) { e.Type += "x" })
		changed("content type", func(e *eventstore.Stored) { e.ContentType += "x" })
		for i := range was.Data {
			changed("byte of data", func(e *eventstore.Stored) { e.Data[i] ^= 1 })
		}
		for i := range was.Meta {
			changed("byte of metadata", func(e *eventstore.Stored) { e.Meta[i] ^= 1 })
		}
		changed("end", func(e *eventstore.Stored) { e.Meta = e.Meta[:len(e.Meta)-1] })
		changed("nothing for metadata", func(e *eventstore.Stored) { e.Meta = nil })
	}
}

// FuzzLinkSaysWhatNextDoes holds the link that is computed without what stands
// before an event to the one that is computed with it.
func FuzzLinkSaysWhatNextDoes(f *testing.F) {
	f.Add(uint64(2), uint64(1), []byte{}, 0, byte(0), false)
	f.Add(uint64(1), uint64(0), []byte(`"prev":"","self":""}`), 40, byte(1), false)
	f.Add(uint64(3), uint64(2), []byte(`00`), 300, byte(0x20), true)
	f.Fuzz(func(t *testing.T, version, before uint64, end []byte, at int, flip byte, otherPrev bool) {
		events := chain(t, "prova-a", domain.Head{}, 3)
		e := events[version%3]
		e.Version = version
		e.Meta = append(bytes.Clone(e.Meta), end...)
		e.Meta[uint(at)%uint(len(e.Meta))] ^= flip
		head := domain.Head{Version: before}
		if before > 0 {
			head, _ = eventstore.Next(events[0], domain.Head{})
			if otherPrev {
				head.Self[7]++
			}
			head.Version = before
		}
		next, follows := eventstore.Next(e, head)
		l := eventstore.LinkOf(e)
		if got := l.Right && e.Version == head.Version+1 && l.Prev == head.Self; got != follows || follows && l.Self != next.Self {
			t.Errorf("version %d after %d: %+v, and Next says %v %+v", version, before, l, follows, next)
		}
	})
}
