// Package sealing takes the personal data out of the JSON of an event and puts
// them back sealed, each person's by a key of their own (ADR 0008, ADR 0025).
// Which data, and whose, is read from the struct tags of the event's type. It
// is pure: keys are handed in.
//
// docs/formato-eventi.md tells the wire form, with a test vector.
package sealing

import (
	"errors"

	"github.com/google/uuid"

	"nucleo/domain/personale"
)

// Cancellato stands where a text was whose key was destroyed.
const Cancellato = personale.Cancellato

// Member is the member of an event's JSON that holds what is sealed. It is the
// first, so that an event in the clear is known by its first bytes.
const Member = "sigillati"

// Documento is the class of the subject that an event's free texts belong to:
// the event itself, for they may speak of several people.
const Documento = "documento"

// Secret is what a key is made of.
type Secret [32]byte

// Key is a key of some subject.
type Key struct {
	ID     uuid.UUID
	Secret Secret
}

// Place is where an event stands. What is sealed in it opens nowhere else.
type Place struct {
	Stream string
	Type   string
	ID     uuid.UUID
}

// Ref says of a sealed value whose it is, and by which key it is sealed.
type Ref struct {
	Subject string // persona/<id>, documento/<id of the event>, <category>/<key of the stream>
	Key     uuid.UUID
}

// ErrDestroyed is what a finder of keys answers for a key that was destroyed:
// what it sealed reads as erased.
var ErrDestroyed = errors.New("the key was destroyed")

// ErrDamaged says that sealed data are not what was written in this place.
var ErrDamaged = errors.New("its sealed data are damaged, or belong to another place")
