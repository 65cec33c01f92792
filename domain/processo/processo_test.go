package processo_test

import (
	"testing"

	"github.com/google/uuid"

	"nucleo/domain/domaintest"
	"nucleo/domain/id"
	"nucleo/domain/processo"
)

type (
	events   = []processo.Event
	scenario = domaintest.Scenario[processo.State, processo.Event]
)

func cm(n byte) id.Operatore { return id.Operatore{UUID: uuid.UUID{6: 0x80, 8: 0x80, 15: n}} }
func caso(n byte) id.Caso    { return id.Caso{UUID: uuid.UUID{6: 0x50, 8: 0x80, 15: n}} }

func scelta(n, chi byte) processo.Scelta {
	return processo.Scelta{Caso: caso(n), IDDomanda: "INPS-RDC-2026-1", Comune: "G273", CaseManager: cm(chi), Idonei: 2}
}

var (
	unPiano, altroPiano = uuid.UUID{15: 1}, uuid.UUID{15: 2}

	prima   = processo.PianoEsteso{Piano: unPiano, Totale: 3, Da: 0, Scelte: []processo.Scelta{scelta(1, 1), scelta(2, 2)}}
	seconda = processo.PianoEsteso{Piano: unPiano, Totale: 3, Da: 2, Scelte: []processo.Scelta{scelta(3, 1)}}
	altra   = processo.PianoEsteso{Piano: altroPiano, Totale: 1, Da: 0, Scelte: []processo.Scelta{scelta(3, 2)}}
	vuoto   = processo.PianoEsteso{Piano: unPiano}
)

func TestStoredEvents(t *testing.T) {
	domaintest.Golden(t, processo.Aggregate.Entries,
		processo.PianoEsteso{Piano: unPiano, Totale: 900, Da: 500, Scelte: []processo.Scelta{{
			Caso: caso(1), IDDomanda: "INPS-RDC-2026-1", Comune: "G273", CaseManager: cm(1), Carico: 12, NellaCorsa: 3, Idonei: 4, Assenti: 1,
			Alternative: []processo.Alternativa{{CaseManager: cm(2), Carico: 13, NellaCorsa: 1}},
		}}},
		processo.Distribuito{Numero: 7, Caso: caso(1), CaseManager: cm(1)},
		processo.Saltato{Numero: 8, Caso: caso(2), Motivo: processo.GiaAssegnato},
	)
}

func TestEstendi(t *testing.T) {
	domaintest.Run(t, processo.Decider,
		scenario{Name: "begins a plan", When: processo.Estendi(prima), Then: events{prima}},
		scenario{Name: "goes on", Given: events{prima}, When: processo.Estendi(seconda), Then: events{seconda}},
		scenario{Name: "of no case is whole at once", When: processo.Estendi(vuoto), Then: events{vuoto}},
		scenario{Name: "changes nothing when the piece is written", Given: events{prima, seconda}, When: processo.Estendi(seconda)},
		scenario{Name: "changes nothing when the first piece is written", Given: events{prima}, When: processo.Estendi(prima)},
		scenario{Name: "takes the place of a plan that was left", Given: events{prima}, When: processo.Estendi(altra), Then: events{altra}},
		scenario{Name: "is refused to a plan that another took the place of", Given: events{prima, altra}, When: processo.Estendi(seconda), Err: processo.ErrAltroPiano},
		scenario{Name: "never changes a plan that is whole", Given: events{prima, seconda}, When: processo.Estendi(altra), Err: processo.ErrAltroPiano},
		scenario{Name: "leaves no gap", When: processo.Estendi(seconda), Err: processo.ErrAltroPiano},
	)
}

func TestRegistra(t *testing.T) {
	intero := events{prima, seconda}
	registra := func(esiti ...processo.Esito) processo.Registra { return processo.Registra{Esiti: esiti} }
	dato := func(n int) processo.Esito { return processo.Esito{Numero: n} }
	saltato := processo.Esito{Numero: 1, Motivo: processo.GiaAssegnato}
	uno := processo.Distribuito{Numero: 0, Caso: caso(1), CaseManager: cm(1)}
	due := processo.Saltato{Numero: 1, Caso: caso(2), Motivo: processo.GiaAssegnato}
	domaintest.Run(t, processo.Decider,
		scenario{Name: "says what became of cases", Given: intero, When: registra(dato(0), saltato), Then: events{uno, due}},
		scenario{Name: "changes nothing when it is known", Given: append(intero, uno, due), When: registra(dato(0), saltato)},
		scenario{Name: "adds what is not known yet", Given: append(intero, uno), When: registra(dato(0), saltato), Then: events{due}},
		scenario{Name: "is refused out of order", Given: intero, When: registra(saltato), Err: processo.ErrSalto},
		scenario{Name: "is refused beyond the plan", Given: append(intero, uno, due, processo.Distribuito{Numero: 2}), When: registra(dato(3)), Err: processo.ErrSalto},
		scenario{Name: "is refused before the plan is whole", Given: events{prima}, When: registra(dato(0)), Err: processo.ErrNonPianificato},
	)
	s := processo.Decider.Fold(processo.State{}, append(intero, uno, due)...)
	if s.Fatti != 2 || s.Saltati != 1 || !s.Pianificato() {
		t.Errorf("%+v", s)
	}
}
