package sealing

import (
	"bytes"
	"encoding/base64"
	"errors"

	"github.com/google/uuid"
)

const prefix = `{"` + Member + `":[`

var errFound = errors.New("found")

var coding = base64.RawURLEncoding.Strict()

// append writes the group sealed by a key.
func (g *group) append(out []byte, at Place, key Key, random func([]byte)) []byte {
	var nonce [nonceSize]byte
	random(nonce[:])
	g.plain[0] = '[' // for the comma
	g.plain = append(g.plain, ']')
	aead, commitment := derive(key.Secret, at, g.subject)
	sealed := aead.Seal(make([]byte, 0, len(g.plain)+aead.Overhead()), nonce[:], g.plain, bound(at, g.subject, g.places))
	out = append(append(append(out, `{"sog":"`...), g.subject...), `","kid":"`...)
	kid, _ := key.ID.MarshalText() // never an error
	out = append(append(out, kid...), `","dove":["`...)
	for i, p := range g.places {
		if i > 0 {
			out = append(out, `","`...)
		}
		out = append(out, p...)
	}
	out = coding.AppendEncode(append(out, `"],"imp":"`...), commitment[:])
	out = coding.AppendEncode(append(out, `","n":"`...), nonce[:])
	out = coding.AppendEncode(append(out, `","ct":"`...), sealed)
	return append(out, `"}`...)
}

// value is a sealed value as it is read.
type value struct {
	subject    string
	key        uuid.UUID
	places     []string
	commitment []byte
	nonce      []byte
	sealed     []byte
}

// Sealed is the JSON of an event, some of whose data are sealed.
type Sealed struct {
	clear  []byte // from the member after sigillati on
	values []value
}

// Parse reads what is sealed in the JSON of an event. Nothing, when the JSON is
// in the clear.
func Parse(data []byte) (s Sealed, sealed bool, err error) {
	if !bytes.HasPrefix(data, []byte(prefix)) {
		return Sealed{}, false, nil
	}
	w := words{rest: data[len(prefix):], fine: true}
	s.values = make([]value, 0, 4)
	for {
		s.values = append(s.values, w.value())
		if !w.fine {
			return Sealed{}, true, ErrDamaged
		}
		if !w.found(`,`) {
			break
		}
	}
	w.expect(`]`)
	if w.found(`,`); !w.fine || len(w.rest) == 0 {
		return Sealed{}, true, ErrDamaged
	}
	s.clear = w.rest
	return s, true, nil
}

// Refs are whose the sealed values are, and by which keys they are sealed.
func (s Sealed) Refs() []Ref {
	refs := make([]Ref, len(s.values))
	for i, v := range s.values {
		refs[i] = Ref{v.subject, v.key}
	}
	return refs
}

// words reads what is written in one way only.
type words struct {
	rest []byte
	fine bool
}

func (w *words) found(text string) bool {
	if len(w.rest) < len(text) || string(w.rest[:len(text)]) != text {
		return false
	}
	w.rest = w.rest[len(text):]
	return true
}

func (w *words) expect(text string) { w.fine = w.fine && w.found(text) }

// text reads the inside of a string that needs no escapes, after a text.
func (w *words) text(after string) []byte {
	w.expect(after)
	end := bytes.IndexByte(w.rest, '"')
	if w.fine = w.fine && end >= 0 && bytes.IndexByte(w.rest[:max(end, 0)], '\\') < 0; !w.fine {
		return nil
	}
	text := w.rest[:end]
	w.rest = w.rest[end+1:]
	return text
}

func (w *words) bytes(after string) []byte {
	text := w.text(after)
	b, err := coding.AppendDecode(make([]byte, 0, coding.DecodedLen(len(text))), text)
	w.fine = w.fine && err == nil
	return b
}

func (w *words) value() (v value) {
	v.subject = string(w.text(`{"sog":"`))
	kid := w.text(`,"kid":"`)
	id, err := uuid.ParseBytes(kid)
	w.fine = w.fine && err == nil && len(kid) == 36
	v.key = id
	w.expect(`,"dove":[`)
	for w.fine {
		v.places = append(v.places, string(w.text(`"`)))
		if !w.found(`,`) {
			break
		}
	}
	v.commitment = w.bytes(`],"imp":"`)
	v.nonce = w.bytes(`,"n":"`)
	v.sealed = w.bytes(`,"ct":"`)
	w.expect(`}`)
	w.fine = w.fine && len(v.commitment) == commitmentSize && len(v.nonce) == nonceSize
	return v
}
