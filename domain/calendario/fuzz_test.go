package calendario_test

import (
	"testing"

	"nucleo/domain/calendario"
)

// FuzzParseRicorrenza looks for a text that is read as a day of another name.
func FuzzParseRicorrenza(f *testing.F) {
	for _, s := range []string{"07-15", "02-29", "02-30", "13-01", "7-15", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := calendario.ParseRicorrenza(s); err == nil && r.String() != s {
			t.Errorf("%q reads as %s", s, r)
		}
	})
}
