package cronologia

import (
	"nucleo/domain"
)

// rifai makes the rows of a case anew.
func rifai(t *Tabelle, storia []domain.Recorded) {
	var nuove Tabelle
	for _, r := range storia {
		apply(&nuove, r)
	}
	t.Luoghi.Rimetti(&nuove.Luoghi)
	t.Cronologia.Rimetti(&nuove.Cronologia)
}
