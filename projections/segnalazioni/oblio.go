package segnalazioni

import (
	"nucleo/domain"
	"nucleo/domain/operatore"
)

// rifai makes the rows of a case anew, or the name of an operator. Of a
// segnalazione the feeds tell something too: that stays.
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
	t.Segnalati.Rimetti(&nuove.Segnalati)
	t.Posti.Rimetti(&nuove.Posti)
	for s, dopo := range nuove.Segnalazioni.All() {
		riga := t.Segnalazioni.Row(s)
		dopo.NomeInviata, dopo.FlussoRettif = t.Proponenti.Row(dopo.InviataDa).Nome, riga.FlussoRettif
		*riga = dopo
	}
}
