package eventstore

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"

	"nucleo/domain"
)

// Next is the head after an event that comes right after a head, and whether it
// does: it looks at the bytes alone, and at all of them. Istante is left zero.
// Of an event that does not follow, VerifyChain says what happened to it.
func Next(e Stored, at domain.Head) (domain.Head, bool) {
	end := len(chainEnd) + hexDigest
	if at.Version > 0 {
		end += hexDigest
	}
	start := len(e.Meta) - end
	if start <= 0 || e.Version != at.Version+1 {
		return domain.Head{}, false
	}
	self := digestAt(e, at.Version, e.Meta[:start], at.Self)
	var room [256]byte // on the stack
	return domain.Head{Version: e.Version, Self: self}, bytes.Equal(appendChain(room[:0], at.Self, self), e.Meta[start:])
}

// Link is what the bytes of a stored event make of it, whatever stands before it
// in its stream.
type Link struct {
	Prev, Self domain.Digest
	Right      bool // its metadata claim this Self; what they claim as Prev stands before it or not
}

// LinkOf computes the link of a stored event.
func LinkOf(e Stored) Link {
	at := domain.Head{Version: e.Version - 1}
	if at.Version > 0 {
		at.Self = prevOf(e.Meta)
	}
	if head, follows := Next(e, at); follows {
		return Link{at.Self, head.Self, true}
	}
	return Link{Self: foreign(e)}
}

// Fingerprint is Self of a stored event as its bytes make it, whatever its
// metadata claim; right says that they claim the same. An event that does not
// end as Nucleo writes them has one too, of another kind.
func Fingerprint(e Stored) (self domain.Digest, right bool) {
	l := LinkOf(e)
	return l.Self, l.Right
}

// prevOf reads the value of prev from the end of metadata; zero when it is not
// there.
func prevOf(meta []byte) (prev domain.Digest) {
	const after = `","self":"` // and hexDigest letters, and `"}`
	end := len(meta) - hexDigest - len(after) - len(`"}`)
	if end < hexDigest || prev.UnmarshalText(meta[end-hexDigest:end]) != nil {
		return domain.Digest{}
	}
	return prev
}

const foreignTag = "nucleo-evt-foreign"

// foreign is the digest of all that is stored of an event that is not, or no
// more, a link of a chain.
func foreign(e Stored) domain.Digest {
	data, meta := sha256.Sum256(e.Data), sha256.Sum256(e.Meta)
	b := field([]byte(foreignTag), e.Stream)
	b = binary.BigEndian.AppendUint64(b, e.Version)
	b = field(field(field(b, e.ID[:]), e.Type), e.ContentType)
	return sha256.Sum256(field(field(b, data[:]), meta[:]))
}
