package distribuzione_test

import (
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"nucleo/domain"
	"nucleo/domain/distribuzione"
	"nucleo/domain/domaintest"
	"nucleo/domain/id"
)

type (
	events   = []distribuzione.Event
	scenario = domaintest.Scenario[distribuzione.State, distribuzione.Event]
)

func proc(n byte) id.Processo {
	return id.Processo{UUID: uuid.UUID{6: 0x70, 8: 0x80, 15: n}}
}

var (
	carla    = id.Operatore{UUID: uuid.MustParse("00000000-0000-8000-8000-0000000000ca")}
	aPalermo = domain.Territorio{Ambito: "PA42", Comuni: []string{"G273"}}
	intero   = domain.Territorio{Ambito: "PA42"}
	vero     = true
)

func avviata(n byte) distribuzione.Avviata {
	return distribuzione.Avviata{Processo: proc(n), Coordinatore: carla, Territorio: aPalermo, Filtro: distribuzione.Filtro{Misura: "RDC"}}
}

func avvia(n byte, cambia ...func(*distribuzione.Avviata)) distribuzione.Avvia {
	c := distribuzione.Avvia{Corsa: avviata(n)}
	for _, f := range cambia {
		f(&c.Corsa)
	}
	return c
}

func TestStoredEvents(t *testing.T) {
	piena := avviata(1)
	piena.Filtro = distribuzione.Filtro{Comune: "G273", Misura: "RDC", Priorita: []string{"ALTA"}, Riassegnato: &vero}
	esiti := distribuzione.Esiti{Assegnati: 41, Saltati: 2}
	domaintest.Golden(t, distribuzione.Aggregate.Entries,
		piena,
		distribuzione.InterruzioneRichiesta{Processo: proc(1)},
		distribuzione.Completata{Processo: proc(1), Esiti: esiti},
		distribuzione.Interrotta{Processo: proc(1), Esiti: esiti},
		distribuzione.Fallita{Processo: proc(1), Esiti: esiti, Motivo: "archivio.troppo_grande"},
	)
}

func TestAvvia(t *testing.T) {
	finita := events{avviata(1), distribuzione.Completata{Processo: proc(1)}}
	filtro := func(name string, err error, field string, f distribuzione.Filtro) scenario {
		return scenario{Name: name, When: avvia(1, func(a *distribuzione.Avviata) { a.Filtro = f }), Err: err, Field: field}
	}
	domaintest.Run(t, distribuzione.Decider,
		scenario{Name: "begins a run", When: avvia(1), Then: events{avviata(1)}},
		scenario{Name: "is refused while another runs", Given: events{avviata(1)}, When: avvia(2), Err: distribuzione.ErrInCorso},
		scenario{Name: "is refused while another is being interrupted", Given: events{avviata(1), distribuzione.InterruzioneRichiesta{Processo: proc(1)}}, When: avvia(2), Err: distribuzione.ErrInCorso},
		scenario{Name: "changes nothing while it runs", Given: events{avviata(1)}, When: avvia(1)},
		scenario{Name: "begins another after the end", Given: finita, When: avvia(2), Then: events{avviata(2)}},
		scenario{Name: "begins another after a failure", Given: events{avviata(1), distribuzione.Fallita{Processo: proc(1)}}, When: avvia(2), Then: events{avviata(2)}},
		filtro("is refused for a comune outside of the territory", distribuzione.ErrComune, "filtro.comune", distribuzione.Filtro{Comune: "F377"}),
		filtro("is refused for a measure without a queue", distribuzione.ErrMisura, "filtro.misura", distribuzione.Filtro{Misura: "PDC"}),
		filtro("is refused for a priority that is none", distribuzione.ErrPriorita, "filtro.priorita", distribuzione.Filtro{Priorita: []string{"ALTA", "ALTISSIMA"}}),
	)
}

func TestInterrompi(t *testing.T) {
	interrompi := func(n byte, dove domain.Territorio) distribuzione.Interrompi {
		return distribuzione.Interrompi{Processo: proc(n), Territorio: dove}
	}
	chiesta := distribuzione.InterruzioneRichiesta{Processo: proc(1)}
	domaintest.Run(t, distribuzione.Decider,
		scenario{Name: "asks a run to end", Given: events{avviata(1)}, When: interrompi(1, aPalermo), Then: events{chiesta}},
		scenario{Name: "is open to a coordinator of the ambito", Given: events{avviata(1)}, When: interrompi(1, intero), Then: events{chiesta}},
		scenario{Name: "changes nothing when it was asked", Given: events{avviata(1), chiesta}, When: interrompi(1, aPalermo)},
		scenario{Name: "is refused for another run", Given: events{avviata(1)}, When: interrompi(2, aPalermo), Err: distribuzione.ErrNonInCorso},
		scenario{Name: "is refused when none runs", When: interrompi(1, aPalermo), Err: distribuzione.ErrNonInCorso},
		scenario{Name: "is refused for no run when none runs", When: distribuzione.Interrompi{Territorio: aPalermo}, Err: distribuzione.ErrNonInCorso},
		scenario{
			Name:  "is refused to a coordinator of another comune",
			Given: events{avviata(1)}, When: interrompi(1, domain.Territorio{Ambito: "PA42", Comuni: []string{"F377"}}), Err: distribuzione.ErrFuori,
		},
	)
}

func TestConcludi(t *testing.T) {
	esiti := distribuzione.Esiti{Assegnati: 3, Saltati: 1}
	concludi := func(intera bool, errore string) distribuzione.Concludi {
		return distribuzione.Concludi{Processo: proc(1), Esiti: esiti, Intera: intera, Errore: errore}
	}
	chiesta := events{avviata(1), distribuzione.InterruzioneRichiesta{Processo: proc(1)}}
	domaintest.Run(t, distribuzione.Decider,
		scenario{Name: "completes a run that went through all", Given: events{avviata(1)}, When: concludi(true, ""), Then: events{distribuzione.Completata{Processo: proc(1), Esiti: esiti}}},
		scenario{Name: "completes one that was asked to end too late", Given: chiesta, When: concludi(true, ""), Then: events{distribuzione.Completata{Processo: proc(1), Esiti: esiti}}},
		scenario{Name: "ends one that was asked to", Given: chiesta, When: concludi(false, ""), Then: events{distribuzione.Interrotta{Processo: proc(1), Esiti: esiti}}},
		scenario{Name: "changes nothing while there is work left", Given: events{avviata(1)}, When: concludi(false, "")},
		scenario{Name: "says what failed", Given: events{avviata(1)}, When: concludi(false, "x"), Then: events{distribuzione.Fallita{Processo: proc(1), Esiti: esiti, Motivo: "x"}}},
		scenario{Name: "changes nothing of another run", Given: events{avviata(2)}, When: concludi(true, "")},
	)
}

// However runs are started, interrupted and ended, two are never under way.
func TestStories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := domaintest.Story[distribuzione.State, distribuzione.Event]{Decider: distribuzione.Decider, Catalog: domain.NewCatalog(distribuzione.Aggregate)}
		aperta := id.Processo{}
		n := func(t *rapid.T) byte { return rapid.ByteRange(1, 3).Draw(t, "run") }
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				if s.State.InCorso.Processo != aperta {
					t.Fatalf("%s runs, not %s", s.State.InCorso.Processo, aperta)
				}
			},
			"avvia": func(t *rapid.T) {
				c := avvia(n(t))
				if _, err := s.Ask(t, c); err == nil && aperta.IsZero() {
					aperta = c.Corsa.Processo
				} else if (err == nil) != (aperta == c.Corsa.Processo) {
					t.Fatalf("%v while %s runs", err, aperta)
				}
			},
			"interrompi": func(t *rapid.T) { _, _ = s.Ask(t, distribuzione.Interrompi{Processo: proc(n(t)), Territorio: intero}) },
			"concludi": func(t *rapid.T) {
				c := distribuzione.Concludi{Processo: proc(n(t)), Intera: rapid.Bool().Draw(t, "intera")}
				if es, _ := s.Ask(t, c); len(es) > 0 {
					aperta = id.Processo{}
				}
			},
		})
	})
}
