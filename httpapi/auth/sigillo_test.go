package auth

import (
	"testing"
	"time"
)

// FuzzSigillo opens attempts that a browser made up, or changed: none but those
// that were closed here opens.
func FuzzSigillo(f *testing.F) {
	s, err := nuovoSigillo(make([]byte, 32))
	if err != nil {
		f.Fatal(err)
	}
	chiuso := Tentativo{Stato: "stato", Nonce: "nonce", Ritorno: "/casi", Iniziato: time.Unix(1_700_000_000, 0).UTC()}
	vero, err := s.chiudi(chiuso)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(vero, uint(0))
	f.Add("", uint(3))
	f.Add("AAAA", uint(9))
	f.Add(vero+"A", uint(30))
	f.Add(vero+"\n", uint(31))
	f.Fuzz(func(t *testing.T, sealed string, dove uint) {
		if _, ok := s.apri(sealed + "\n"); ok { // whoever closed it: workers close with nonces of their own
			t.Errorf("%q opens, with the end of a line", sealed)
		}
		if got, ok := s.apri(sealed); ok && got != chiuso {
			t.Errorf("%q opens as %+v", sealed, got)
		}
		altro := []byte(vero)
		altro[dove%uint(len(altro))]++
		if _, ok := s.apri(string(altro)); ok {
			t.Errorf("%q opens", altro)
		}
	})
}
