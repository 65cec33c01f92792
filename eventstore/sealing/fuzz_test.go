package sealing_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/uuid"

	"nucleo/domain/caso"
	"nucleo/eventstore/sealing"
)

// FuzzOpen opens data of any form: it never panics, and what was not sealed by
// these keys in this place, and holds a sealed value, never opens.
func FuzzOpen(f *testing.F) {
	at := sealing.Place{Stream: "caso-1", Type: "DomandaRicevuta", ID: uuid.UUID{7}}
	a, shape := nuovo(), reflect.TypeFor[caso.DomandaRicevuta]()
	sealed, err := sealing.Seal(marshal(f, domanda()), shape, at, a.key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed, false)
	f.Add(sealed, true)
	f.Add([]byte(`{"sigillati":[{"sog":"a/b","kid":"07000000-0000-0000-0000-000000000000","dove":["/a/b/0/c"],"imp":"AAAAAAAAAAAAAAAAAAAAAA","n":"AAAAAAAAAAAAAAAA","ct":""}],"a":{"b":[{"c":{}}]}}`), true)
	f.Add([]byte(`{"sigillati":[`), true)
	f.Fuzz(func(t *testing.T, data []byte, gone bool) {
		s, is, err := sealing.Parse(data)
		if err != nil || !is {
			return
		}
		opened, err := s.Open(shape, at, func(kid uuid.UUID) (sealing.Secret, error) {
			if gone {
				return sealing.Secret{}, sealing.ErrDestroyed
			}
			return a.find(kid)
		})
		if err == nil && json.Valid(data) && !json.Valid(opened) {
			t.Fatalf("%s opens as %s", data, opened)
		}
	})
}
