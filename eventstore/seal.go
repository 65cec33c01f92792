package eventstore

import (
	"errors"
	"fmt"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/eventstore/sealing"
)

// Between JSON and the wire personal data are sealed, per person (ADR 0008).
// The chain is computed over what is sealed, so that a key can be destroyed and
// the chain still holds.

// place is where a stored event stands, which binds what is sealed in it.
func (s *Stored) place() sealing.Place {
	return sealing.Place{Stream: s.Stream, Type: s.Type, ID: s.ID}
}

// opened is stored events with what it takes to read them.
type opened struct {
	parsed  []sealing.Sealed // of those that are sealed
	errs    []error          // of what cannot even be parsed
	secrets map[uuid.UUID]sealing.Secret
	gone    map[uuid.UUID]bool // destroyed
}

// data is the JSON of the i-th event, in the clear.
func (o *opened) data(i int, s *Stored, catalog domain.Catalog) ([]byte, error) {
	if o == nil || o.parsed == nil {
		return inClear(s)
	}
	if o.errs[i] != nil {
		return nil, o.errs[i]
	}
	if len(o.parsed[i].Refs()) == 0 {
		return s.Data, nil
	}
	return o.parsed[i].Open(catalog.Shape(s.Type), s.place(), o.find)
}

// find is a key that was found; ErrDestroyed for one that was destroyed.
func (o *opened) find(kid uuid.UUID) (sealing.Secret, error) {
	secret, there := o.secrets[kid]
	switch {
	case there:
		return secret, nil
	case o.gone[kid]:
		return secret, sealing.ErrDestroyed
	}
	return secret, fmt.Errorf("%w (%s)", errKeyLost, kid)
}

// inClear is the JSON of an event that is not sealed.
func inClear(s *Stored) ([]byte, error) {
	if _, sealed, _ := sealing.Parse(s.Data); sealed {
		return nil, errNoKeys
	}
	return s.Data, nil
}

var (
	errNoKeys  = errors.New("its personal data are sealed, and this program was given no keys")
	errKeyLost = errors.New("a key of it is not in the key database, and nobody destroyed it: restore the backup of the key database")
)
