package casi

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
	t.Componenti.Rimetti(&nuove.Componenti)
	for c, dopo := range nuove.Casi.All() {
		dopo.NomeCaseManager, dopo.NomeAssegnatoDa = t.nome(dopo.CaseManager.UUID), t.nome(dopo.AssegnatoDa)
		riga := t.Casi.Row(c)
		prima := *riga
		*riga = dopo
		t.conta(prima, dopo)
		t.trova(c, prima, dopo)
	}
}
