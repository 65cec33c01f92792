package sostegni

import (
	"nucleo/domain"
)

// rifai makes the rows of a case anew.
func rifai(t *Tabelle, storia []domain.Recorded) {
	var nuove Tabelle
	for _, r := range storia {
		apply(&nuove, r)
	}
	t.Casi.Rimetti(&nuove.Casi)
	t.Numeri.Rimetti(&nuove.Numeri)
	t.Sostegni.Rimetti(&nuove.Sostegni)
}
