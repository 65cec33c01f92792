package giorno_test

import (
	"testing"

	"nucleo/domain/giorno"
)

// FuzzParse looks for a text that is read as a day of another name.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"2026-02-28", "2024-02-29", "2023-02-29", "0001-01-01", "9999-12-31", "1899-12-31", "2026-1-1", "２０２６-01-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if g, err := giorno.Parse(s); err == nil && !g.IsZero() && g.String() != s {
			t.Errorf("%q reads as %s", s, g)
		}
	})
}
