package eventstore_test

import (
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
