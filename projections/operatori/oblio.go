package operatori

import (
	"nucleo/domain"
)

// rifai makes the rows of an operator anew.
func rifai(t *Tabelle, storia []domain.Recorded) {
	var nuove Tabelle
	for _, r := range storia {
		apply(&nuove, r)
	}
	t.Operatori.Rimetti(&nuove.Operatori)
	t.Accreditamenti.Rimetti(&nuove.Accreditamenti)
	t.AccreditamentoComune.Rimetti(&nuove.AccreditamentoComune)
	t.Indisponibilita.Rimetti(&nuove.Indisponibilita)
}
