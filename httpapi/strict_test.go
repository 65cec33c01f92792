package httpapi

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzStrict looks for bodies that pass, and yet lose something when they are
// read: a field that stands twice, or text beyond the end.
func FuzzStrict(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":1,"b":[{"a":null}]}`, `{"a":1,"\u0061":2}`, `[1,"\ud83d\ude00"]`, `{"a":"\ud800"}`, `{"a":1}{}`, ` 1e400 `, "\x00", `{"a":{"a":{"a":1}}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, corpo []byte) {
		if strict(corpo) != nil {
			return
		}
		if !json.Valid(corpo) {
			t.Fatalf("%q passes, and is not JSON", corpo)
		}
		d := json.NewDecoder(strings.NewReader(string(corpo)))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		ancora, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if campi(corpo) != campi(ancora) {
			t.Errorf("%q reads as %q", corpo, ancora)
		}
	})
}

// campi counts the fields of a JSON text.
func campi(corpo []byte) (n int) {
	d := json.NewDecoder(strings.NewReader(string(corpo)))
	var dentro []bool // whether the braces are an object's
	chiave := false
	for {
		t, err := d.Token()
		if err != nil {
			return n
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			dentro = append(dentro, t == json.Delim('{'))
			chiave = t == json.Delim('{')
			continue
		case json.Delim('}'), json.Delim(']'):
			dentro = dentro[:len(dentro)-1]
		default:
			if chiave {
				n++
				chiave = false
				continue
			}
		}
		chiave = len(dentro) > 0 && dentro[len(dentro)-1]
	}
}
