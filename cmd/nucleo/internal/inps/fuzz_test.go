package inps

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzLeggi reads what INPS may send: a document that is held to its schema is
// one that can be written again, and nothing stops the reader.
func FuzzLeggi(f *testing.F) {
	for _, s := range []string{`{}`, `{"ricevute":[{"id":"x","esito":"ACQUISITA"}]}`, `[]`, `null`, `{"ricevute":null}`, `{"ricevute":[1]}`, "\xff", `{"a":1e999}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var r any
		_ = leggi(bytes.NewReader(data), &r)
		var d Documento
		if leggi(bytes.NewReader(data), &d) != nil || Controlla(data) != nil {
			return
		}
		if again, err := json.Marshal(d); err != nil || !json.Valid(again) {
			t.Errorf("%q cannot be written again: %v", data, err)
		}
	})
}
