package commands_test

import (
	"testing"

	"nucleo/commands"
	"nucleo/domain"
)

// FuzzComando names commands by route and Idempotency-Key: two requests that
// differ in either have two names, and contents that differ two fingerprints.
func FuzzComando(f *testing.F) {
	s := &commands.Service{Segreto: []byte("s")}
	f.Add("POST /a", "k", "POST /a", "k2")
	f.Add("POST /a", "b", "POST /", "ab")
	f.Add("", "1:", "1:", "")
	f.Fuzz(func(t *testing.T, rotta, chiave, altraRotta, altraChiave string) {
		for _, x := range []string{rotta, altraRotta, chiave, altraChiave} {
			for _, b := range []byte(x) {
				if b == 0 { // neither a path nor a header holds one: net/http refuses it
					return
				}
			}
		}
		stessi := rotta == altraRotta && chiave == altraChiave
		if (commands.Comando(domain.Attore{}, rotta, chiave) == commands.Comando(domain.Attore{}, altraRotta, altraChiave)) != stessi {
			t.Errorf("%q %q and %q %q", rotta, chiave, altraRotta, altraChiave)
		}
		if (s.Impronta([]byte(rotta), []byte(chiave)) == s.Impronta([]byte(altraRotta), []byte(altraChiave))) != stessi {
			t.Errorf("the fingerprints of %q %q and %q %q", rotta, chiave, altraRotta, altraChiave)
		}
	})
}
