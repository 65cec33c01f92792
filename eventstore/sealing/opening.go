package sealing

import (
	"errors"
	"slices"

	"github.com/google/uuid"
)

// Opening opens what one subject has in one event, and nothing else: it is what
// a subject's key is made into for this event. Who is given it learns nothing
// of the key, and so of no other event.
type Opening struct {
	Subject string
	Key     [keySize]byte
}

// Openings are those of the sealed values whose keys are found. find answers
// ErrDestroyed for a key that was destroyed: what it sealed has no opening any
// more. Any other error of it is returned.
func (s Sealed) Openings(at Place, find func(uuid.UUID) (Secret, error)) ([]Opening, error) {
	var all []Opening
	for i := range s.values {
		v := &s.values[i]
		secret, err := find(v.key)
		switch {
		case errors.Is(err, ErrDestroyed):
			continue
		case err != nil:
			return nil, err
		}
		if _, err := v.open(nil, secret, at); err != nil {
			return nil, err
		}
		okm := derived(secret, at, v.subject)
		all = append(all, Opening{v.subject, [keySize]byte(okm[:keySize])})
	}
	return all, nil
}

// OpenBy returns the JSON of an event with the members of the values put back
// that openings open; those of the others are not in it. An opening that opens
// nothing here is ErrDamaged.
func (s Sealed) OpenBy(at Place, openings ...Opening) ([]byte, error) {
	var targets []target
	for _, o := range openings {
		i := slices.IndexFunc(s.values, func(v value) bool { return v.subject == o.Subject })
		if i < 0 {
			return nil, ErrDamaged
		}
		var err error
		if targets, err = s.values[i].openBy(targets, gcm(o.Key), at); err != nil {
			return nil, err
		}
	}
	return s.put(targets)
}

// Opens reports whether a secret opens anything that a subject has sealed in an
// event: for who wants to know that none does any more.
func (s Sealed) Opens(at Place, subject string, secret Secret) bool {
	for i := range s.values {
		if v := &s.values[i]; v.subject == subject {
			if _, err := v.open(nil, secret, at); err == nil {
				return true
			}
		}
	}
	return false
}
