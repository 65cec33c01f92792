package sealing

import (
	"crypto/cipher"
	"crypto/subtle"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// Open returns the JSON of an event as it was before it was sealed. t is the
// shape of the event, which says what stands for data whose key was destroyed:
// Cancellato for texts, nothing for all else. find answers ErrDestroyed for
// such a key; any other error of it is returned. What does not belong in this
// place is ErrDamaged.
func (s Sealed) Open(t reflect.Type, at Place, find func(uuid.UUID) (Secret, error)) ([]byte, error) {
	var room [16]target
	targets := room[:0]
	for i := range s.values {
		v := &s.values[i]
		secret, err := find(v.key)
		switch {
		case errors.Is(err, ErrDestroyed):
			targets = v.erased(targets, planOf(t))
		case err != nil:
			return nil, err
		default:
			if targets, err = v.open(targets, secret, at); err != nil {
				return nil, err
			}
		}
	}
	return s.put(targets)
}

// put is the JSON with members put back.
func (s Sealed) put(targets []target) ([]byte, error) {
	size := len(s.clear)
	for _, t := range targets {
		size += len(t.members) + 1
	}
	o := opener{data: s.clear, out: make([]byte, 0, size+1)}
	o.out = append(o.out, '{')
	end, err := o.members(0, targets, 0)
	if err != nil || end != len(s.clear) || o.reached != len(targets) {
		return nil, ErrDamaged
	}
	return o.out, nil
}

// target is an object that members are put back into.
type target struct {
	rest    string // of its JSON pointer, from the present value on
	members []byte
}

// erased stand for what cannot be opened any more.
func (v *value) erased(targets []target, n *node) []target {
	owner := ofPerson
	if strings.HasPrefix(v.subject, Documento+"/") {
		owner = ofDocument
	}
	for _, p := range v.places {
		targets = append(targets, target{p, n.lost(p, owner)})
	}
	return targets
}

func (v *value) open(targets []target, secret Secret, at Place) ([]target, error) {
	aead, commitment := derive(secret, at, v.subject)
	if subtle.ConstantTimeCompare(commitment[:], v.commitment) != 1 {
		return nil, ErrDamaged
	}
	return v.openBy(targets, aead, at)
}

func (v *value) openBy(targets []target, aead cipher.AEAD, at Place) ([]target, error) {
	plain, err := aead.Open(make([]byte, 0, len(v.sealed)), v.nonce, v.sealed, bound(at, v.subject, v.places))
	if err != nil {
		return nil, ErrDamaged
	}
	next := 0
	end, err := parts(plain, 0, func(p part) (int, error) {
		end, err := skip(plain, p.value)
		if err != nil || next == len(v.places) || end-p.value < 2 || plain[p.value] != '{' {
			return 0, ErrDamaged
		}
		targets = append(targets, target{v.places[next], plain[p.value+1 : end-1]})
		next++
		return end, nil
	})
	if err != nil || end != len(plain) || next != len(v.places) {
		return nil, ErrDamaged
	}
	return targets, nil
}

// opener puts members back into JSON.
type opener struct {
	data    []byte
	out     []byte
	reached int      // targets
	room    []target // of the parts that are being written
}

// put writes a part, with what belongs in or below it.
func (o *opener) put(p part, name []byte, targets []target, depth int) (int, error) {
	begun := len(o.room)
	o.room = within(o.room, targets, name)
	defer func() { o.room = o.room[:begun] }()
	if below := o.room[begun:]; len(below) > 0 {
		o.out = append(o.out, o.data[p.begin:p.value]...)
		return o.value(p.value, below, depth+1)
	}
	return o.copy(p)
}

// deepest bounds the recursion: no event is as deep as that.
const deepest = 32

func (o *opener) value(i int, targets []target, depth int) (int, error) {
	if i >= len(o.data) || depth > deepest {
		return 0, ErrDamaged
	}
	switch o.data[i] {
	case '{':
		o.out = append(o.out, '{')
		return o.members(i+1, targets, depth)
	case '[':
		return o.list(i, targets, depth)
	}
	return 0, ErrDamaged // nothing can be put into it
}

// members writes an object from behind its brace on: first what is put into
// it, then what was there.
func (o *opener) members(i int, targets []target, depth int) (int, error) {
	begun := len(o.out)
	comma := func() {
		if len(o.out) > begun {
			o.out = append(o.out, ',')
		}
	}
	deeper := false
	for _, t := range targets {
		switch {
		case t.rest != "":
			deeper = true
			continue
		case len(t.members) > 0:
			comma()
			o.out = append(o.out, t.members...)
		}
		o.reached++
	}
	end, err := inside(o.data, i, '}', func(p part) (int, error) {
		comma()
		if deeper {
			return o.put(p, p.name, targets, depth)
		}
		return o.copy(p)
	})
	o.out = append(o.out, '}')
	return end, err
}

func (o *opener) copy(p part) (int, error) {
	end, err := skip(o.data, p.value)
	if err == nil {
		o.out = append(o.out, o.data[p.begin:end]...)
	}
	return end, err
}

func (o *opener) list(i int, targets []target, depth int) (int, error) {
	o.out = append(o.out, '[')
	index := 0
	var number []byte
	end, err := parts(o.data, i, func(p part) (int, error) {
		if index > 0 {
			o.out = append(o.out, ',')
		}
		number = strconv.AppendInt(number[:0], int64(index), 10)
		index++
		return o.put(p, number, targets, depth)
	})
	o.out = append(o.out, ']')
	return end, err
}

// within are the targets in or below the part of a name.
func within(below, targets []target, name []byte) []target {
	for _, t := range targets {
		if len(t.rest) > len(name) && t.rest[0] == '/' && t.rest[1:1+len(name)] == string(name) {
			rest := t.rest[1+len(name):]
			if rest == "" || rest[0] == '/' {
				below = append(below, target{rest, t.members})
			}
		}
	}
	return below
}
