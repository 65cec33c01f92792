package allarme_test

import (
	"fmt"
	"testing"

	"nucleo/domain/allarme"
)

// FuzzSoglie reads thresholds: what passes is a rule and a number, and reads the
// same once it was written again.
func FuzzSoglie(f *testing.F) {
	for _, testo := range []string{"LETTURE=60", "DINIEGHI=0", "=", "LETTURE=-1", "ALTRA=1"} {
		f.Add(testo)
	}
	f.Fuzz(func(t *testing.T, testo string) {
		s, err := allarme.LeggiSoglie([]string{testo})
		if err != nil {
			return
		}
		for r, n := range s {
			again, err := allarme.LeggiSoglie([]string{fmt.Sprint(r, "=", n)})
			if err != nil || len(again) != 1 || again[r] != n || n < 1 {
				t.Errorf("%q is %v, and then %v (%v)", testo, s, again, err)
			}
		}
	})
}
