package agenda

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
	t.Incontri.Rimetti(&nuove.Incontri)
	for c, dopo := range nuove.Casi.All() {
		riga := t.Casi.Row(c)
		prima := *riga
		*riga = dopo
		t.orologi(t.Scadenze.Row, c, prima, leggi(prima.Orologi), dopo, leggi(dopo.Orologi))
	}
}
