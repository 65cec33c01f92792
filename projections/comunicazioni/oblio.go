package comunicazioni

import (
	"nucleo/domain"
	"nucleo/domain/operatore"
)

// rifai makes the rows of a case anew, or the name of an operator.
func rifai(t *Tabelle, storia []domain.Recorded) {
	if _, is := storia[0].Event.(operatore.Event); is {
		for _, r := range storia {
			apply(t, r)
		}
		return
	}
	var nuove Tabelle
	for _, r := range storia {
		apply(&nuove, r)
	}
	t.Casi.Rimetti(&nuove.Casi)
	t.Persone.Rimetti(&nuove.Persone)
	t.Numeri.Rimetti(&nuove.Numeri)
	t.Comunicazioni.Rimetti(&nuove.Comunicazioni)
}
