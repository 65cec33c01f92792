package agenda_test

import (
	"testing"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections/agenda"
)

// BenchmarkAfterReassignments folds a case that was given on from one case
// manager to another 18 times, of which a rebuild has many.
func BenchmarkAfterReassignments(b *testing.B) {
	persone := []caso.Componente{{ID: id.Componente(anna), DataNascita: giorno.Data(1980, 1, 1), TenutoAgliObblighi: true}, {ID: id.Componente(rita), DataNascita: giorno.Data(1984, 1, 1)}}
	pairs := []any{
		primo, caso.DomandaRicevuta{IDDomanda: "INPS-ADI-2026-1", Misura: caso.ADI, DataPresentazione: oggi - 9, DataTrasmissioneComune: oggi - 5, DataRiconoscimento: oggi - 6, DataSottoscrizionePAD: oggi - 8, Ambito: "PA42", Comune: "G273", Componenti: persone},
		primo, caso.Assegnato{CaseManager: anna},
	}
	for range 9 {
		pairs = append(pairs, primo, caso.Riassegnato{Da: anna, A: bruna}, primo, caso.Riassegnato{Da: bruna, A: anna})
	}
	log := giornale(pairs...)
	b.ReportAllocs()
	for b.Loop() {
		agenda.Projection.Fold(log...)
	}
}
