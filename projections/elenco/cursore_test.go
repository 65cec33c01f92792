package elenco

import (
	"testing"
	"unicode/utf8"
)

// FuzzCursore reads cursors that callers hand back: those that are ours read
// as they were written, and one that was changed is refused.
func FuzzCursore(f *testing.F) {
	f.Add([]byte("ricerca"), "00000000-0000-4000-8000-000000000000", "2026-05-04", uint(3))
	f.Add([]byte{}, "", "\x00", uint(0))
	f.Fuzz(func(t *testing.T, ricerca []byte, riga, valore string, dove uint) {
		if _, err := leggiCursore(riga); err == nil {
			t.Skip() // found the sum by itself
		}
		if !utf8.ValidString(riga) || !utf8.ValidString(valore) {
			return
		}
		c := cursore{ricerca, riga, valore}
		s := c.String()
		got, err := leggiCursore(s)
		if err != nil {
			return // holds a NUL
		}
		if string(got.Ricerca) != string(ricerca) || got.Riga != riga || got.Valore != valore {
			t.Errorf("%+v reads as %+v", c, got)
		}
		altro := []byte(s)
		n := dove % uint(len(altro))
		if altro[n]++; string(altro) != s {
			if _, err := leggiCursore(string(altro)); err == nil {
				t.Errorf("%s passes for %s", altro, s)
			}
		}
	})
}
