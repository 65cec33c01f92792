package sessione_test

import (
	"encoding/base64"
	"testing"

	"nucleo/httpapi/sessione"
)

// FuzzDi reads cookies that anybody sends: what names a session is 32 bytes in
// one spelling, and two cookies never name the same one.
func FuzzDi(f *testing.F) {
	vero, impronta := sessione.Nuova()
	f.Add(vero)
	f.Add("")
	f.Add(vero + "=")
	f.Add(vero[:42] + "B")
	f.Add(vero + "\n")
	f.Fuzz(func(t *testing.T, token string) {
		i, ok := sessione.Di(token)
		raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
		if buono := err == nil && len(raw) == 32 && base64.RawURLEncoding.EncodeToString(raw) == token; ok != buono {
			t.Errorf("%q: %t", token, ok)
		}
		if ok && i == impronta && token != vero {
			t.Errorf("%q passes for another", token)
		}
	})
}
