package eventstore

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
)

// readMeta reads metadata. As they are always written in one way, that way is
// read without a JSON decoder, which would take most of the time of a rebuild;
// anything else is left to it.
func readMeta(b []byte) (m domain.Meta, err error) {
	w := words{rest: b, fine: true}
	w.id(`{"comando":"`, &m.Comando)
	m.Impronta = w.text(`","impronta":"`)
	w.id(`","$correlationId":"`, &m.Correlazione)
	w.id(`","$causationId":"`, &m.Causa)
	w.id(`","attore":"`, &m.Attore)
	m.Ruolo = domain.Ruolo(w.text(`","ruolo":"`))
	w.territorio(`","territorio":`, &m.Territorio)
	m.Canale = domain.Canale(w.text(`,"canale":"`))
	w.time(`","istante":"`, &m.Istante)
	w.digest(`","prev":"`, &m.Prev)
	w.digest(`","self":"`, &m.Self)
	w.expect(`"}`)
	if w.fine && len(w.rest) == 0 {
		return m, nil
	}
	m = domain.Meta{}
	return m, json.Unmarshal(b, &m)
}

// words reads what stands between the texts that are expected.
type words struct {
	rest []byte
	fine bool
}

func (w *words) expect(text string) {
	if w.fine = w.fine && len(w.rest) >= len(text) && string(w.rest[:len(text)]) == text; w.fine {
		w.rest = w.rest[len(text):]
	}
}

// raw reads the inside of a string, up to its quote, after a text.
func (w *words) raw(after string) []byte {
	w.expect(after)
	if !w.fine {
		return nil
	}
	end := bytes.IndexByte(w.rest, '"')
	if w.fine = end >= 0; !w.fine {
		return nil
	}
	value := w.rest[:end]
	w.rest = w.rest[end:]
	for _, c := range value {
		if c == '\\' || c < ' ' || c > '~' {
			w.fine = false
		}
	}
	return value
}

func (w *words) text(after string) string { return string(w.raw(after)) }

func (w *words) id(after string, to *uuid.UUID) {
	value := w.raw(after)
	id, err := uuid.ParseBytes(value)
	if w.fine = w.fine && err == nil && len(value) == 36; w.fine {
		*to = id
	}
}

func (w *words) time(after string, to *time.Time) {
	value := w.raw(after)
	if w.fine = w.fine && to.UnmarshalText(value) == nil; !w.fine {
		*to = time.Time{}
	}
}

func (w *words) digest(after string, to *domain.Digest) {
	value := w.raw(after)
	w.fine = w.fine && to.UnmarshalText(value) == nil
}

// territorio reads an object that holds no object.
func (w *words) territorio(after string, to *domain.Territorio) {
	w.expect(after)
	if !w.fine {
		return
	}
	end := bytes.IndexByte(w.rest, '}') + 1
	value := w.rest[:end]
	w.rest = w.rest[end:]
	if string(value) == "{}" {
		return
	}
	one := words{rest: value, fine: true}
	if ambito := one.text(`{"ambito":"`); one.fine && string(one.rest) == `"}` {
		to.Ambito = ambito
		return
	}
	w.fine = json.Unmarshal(value, to) == nil
}
