package eventstore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"nucleo/domain"
)

// Damage is what a change to a stored stream looks like.
type Damage string

// The kinds of damage. Whoever can change the store can also compute a chain
// anew: these are what is seen when they did not, or not to the end.
const (
	EditedData     Damage = "edited data"     // its data, type or id, or values of its metadata
	EditedMetadata Damage = "edited metadata" // surely its metadata
	Missing        Damage = "missing"         // one or more events before this one were taken away
	Inserted       Damage = "inserted"        // this event was put in
	Swapped        Damage = "swapped"         // this event changed places with the next
	Replaced       Damage = "replaced"        // another event stands here, whose own digest is right
)

// BrokenChain says where a stream is no longer as it was written.
type BrokenChain struct {
	Stream  string
	Version uint64 // of the first event that is not as it was written
	Damage  Damage
}

func (e *BrokenChain) Error() string {
	return fmt.Sprintf("the chain of %s is broken at event %d: %s", e.Stream, e.Version, e.Damage)
}

// VerifyChain reads the stored events of one stream, from its first, and
// returns a BrokenChain for the first that is not as it was written.
func VerifyChain(stored iter.Seq2[Stored, error]) error {
	v := verifier{}
	var waiting *Stored
	for e, err := range stored {
		if err != nil {
			return fmt.Errorf("verify: %w", err)
		}
		if waiting != nil {
			if err := v.check(*waiting, &e); err != nil {
				return err
			}
		}
		waiting = &e
	}
	if waiting == nil {
		return nil
	}
	return v.check(*waiting, nil)
}

// verifier remembers the head of the events that were found right.
type verifier struct{ at domain.Head }

func (v *verifier) check(e Stored, next *Stored) error {
	l, damaged := read(e)
	if damaged == nil && l.follows(v.at) {
		v.at = domain.Head{Version: e.Version, Self: l.meta.Self, Istante: l.meta.Istante}
		return nil
	}
	broken := &BrokenChain{Stream: e.Stream, Version: v.at.Version + 1}
	if damaged != nil {
		broken.Damage = EditedMetadata
		return broken
	}
	broken.Damage = l.diagnose(v.at, next)
	if broken.Damage == Replaced && l.carriedOn(next) {
		broken.Version-- // what follows knows this event: it is the previous one that is new
	}
	return broken
}

// link is an event as a link of the chain.
type link struct {
	Stored
	meta  domain.Meta
	start []byte // of the metadata, up to the chain
}

var errForeign = errors.New("its metadata are not as Nucleo writes them")

// read takes the metadata apart, and refuses what is not byte for byte as it
// would be written.
func read(e Stored) (link, error) {
	l := link{Stored: e}
	if err := json.Unmarshal(e.Meta, &l.meta); err != nil {
		return l, errForeign
	}
	var err error
	if l.start, err = canonical(l.meta); err != nil {
		return l, errForeign
	}
	if !bytes.Equal(withChain(l.start, l.meta.Prev, l.meta.Self), e.Meta) {
		return l, errForeign
	}
	return l, nil
}

func (l link) follows(at domain.Head) bool {
	return l.Version == at.Version+1 && l.meta.Prev == at.Self && l.was(l.Version)
}

// was reports whether the event was written as the version-th of its stream.
func (l link) was(version uint64) bool {
	return digestAt(l.Stored, version-1, l.start, l.meta.Prev) == l.meta.Self
}

// diagnose says what happened to an event that does not follow at.
func (l link) diagnose(at domain.Head, next *Stored) Damage {
	n := at.Version + 1
	switch {
	case l.Version > n:
		return Missing
	case l.Version < n:
		return Inserted
	case l.was(n) && n > 1:
		return Replaced
	}
	if next != nil {
		if after, err := read(*next); err == nil && after.was(n) {
			if l.was(n + 1) {
				return Swapped
			}
			return Inserted
		}
	}
	if v := l.place(n); v > n {
		return Missing
	} else if v > 0 {
		return Inserted
	}
	if l.meta.Prev != at.Self || !l.named() {
		return EditedMetadata
	}
	return EditedData
}

// carriedOn reports whether nothing says that the next event follows another.
func (l link) carriedOn(next *Stored) bool {
	if next == nil {
		return true
	}
	after, err := read(*next)
	return err != nil || after.meta.Prev == l.meta.Self
}

// place finds as which version near n the event was written, 0 when as none.
func (l link) place(n uint64) uint64 {
	for v := max(n, 1000) - 999; v < n+1000; v++ {
		if l.was(v) {
			return v
		}
	}
	return 0
}

// named reports whether the id is one that the command in the metadata gives.
func (l link) named() bool {
	for i := range 1000 {
		if EventID(l.meta.Comando, l.Stream, i) == l.ID {
			return true
		}
	}
	return false
}

// linked is nil when a stored event follows head at. It looks at the bytes
// alone, which is cheap; what is not right is then looked at in full.
func linked(e Stored, at domain.Head) error {
	if _, follows := Next(e, at); follows {
		return nil
	}
	return (&verifier{at}).check(e, nil)
}
