package storetest

import (
	"bytes"

	"nucleo/domain"
	"nucleo/eventstore"
)

// Rechain computes the chain of a stored event anew, after a head, and the head
// after it: what whoever can change a store and knows the formula can do.
func Rechain(e eventstore.Stored, at domain.Head) (eventstore.Stored, domain.Head) {
	start := bytes.LastIndex(e.Meta, []byte(`"prev":"`))
	if start < 0 {
		return e, at
	}
	with := func(self domain.Digest) []byte {
		return append(bytes.Clone(e.Meta[:start]), `"prev":"`+at.Self.String()+`","self":"`+self.String()+`"}`...)
	}
	open := e
	open.Version, open.Meta = at.Version+1, with(domain.Digest{1}) // as long as it will be
	head, _ := eventstore.Next(open, at)
	open.Meta = with(head.Self)
	return open, head
}
