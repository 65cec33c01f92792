package importazione_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/domain/domaintest"
	"nucleo/domain/importazione"
)

type (
	events   = []importazione.Event
	scenario = domaintest.Scenario[importazione.State, importazione.Event]
)

var (
	rigaErrata = importazione.Errore{Riga: 2, Campo: "sesso", Codice: "componente.dati_mancanti", Suggerimento: "M or F"}

	severa     = importazione.Ricevuta{Tipo: importazione.Domande, Formato: importazione.NDJSON, Impronta: domain.Digest{1, 2, 3}, Byte: 4096}
	indulgente = importazione.Ricevuta{Tipo: importazione.Domande, Formato: importazione.CSV, Impronta: domain.Digest{1, 2, 3}, Byte: 4096, SaltaErrate: true}
	buona      = importazione.Verificata{Righe: 10}
	conErrori  = importazione.Verificata{Righe: 10, Errate: 1, Avvisi: 3, Errori: []importazione.Errore{rigaErrata}}
	aCinque    = importazione.Avanzata{Fino: 5, Conteggi: importazione.Conteggi{Nuove: 3, Invariate: 2}}
	rifiutata  = importazione.Conclusa{Stato: importazione.Rifiutata}
	completata = importazione.Conclusa{Stato: importazione.Completata}
)

func TestStoredEvents(t *testing.T) {
	domaintest.Golden(t, importazione.Aggregate.Entries,
		indulgente,
		conErrori,
		importazione.Avanzata{
			Fino: 9, Conteggi: importazione.Conteggi{Nuove: 4, Invariate: 3, Difformi: 2, Rifiutate: 1}, Errori: []importazione.Errore{rigaErrata},
		},
		importazione.Conclusa{Stato: importazione.Fallita, Motivo: "the file is not there any more"},
	)
}

func TestRicevi(t *testing.T) {
	refused := func(name string, err error, field string, tipo importazione.Tipo, formato importazione.Formato) scenario {
		return scenario{Name: name, When: importazione.Ricevi{File: importazione.Ricevuta{Tipo: tipo, Formato: formato}}, Err: err, Field: field}
	}
	variazioni := importazione.Ricevuta{Tipo: importazione.Variazioni, Formato: importazione.NDJSON}
	domaintest.Run(t, importazione.Decider,
		scenario{Name: "opens an import of domande", When: importazione.Ricevi{File: indulgente}, Then: events{indulgente}},
		scenario{Name: "opens an import of variazioni", When: importazione.Ricevi{File: variazioni}, Then: events{variazioni}},
		scenario{Name: "changes nothing when the file came", Given: events{severa, buona}, When: importazione.Ricevi{File: severa}},
		refused("is refused for rows of another kind", importazione.ErrTipo, "tipo", "operatori", importazione.CSV),
		refused("is refused for another format", importazione.ErrFormato, "formato", importazione.Domande, "xlsx"),
		refused("is refused for variazioni as CSV", importazione.ErrFormato, "formato", importazione.Variazioni, importazione.CSV),
	)
}

func TestVerifica(t *testing.T) {
	tanti := make([]importazione.Errore, importazione.MaxErrori+1)
	domaintest.Run(t, importazione.Decider,
		scenario{Name: "lets a good file be taken in", Given: events{severa}, When: importazione.Verifica{Esito: buona}, Then: events{buona}},
		scenario{Name: "ends the import for one bad row", Given: events{severa}, When: importazione.Verifica{Esito: conErrori}, Then: events{conErrori, rifiutata}},
		scenario{Name: "passes over bad rows when asked to", Given: events{indulgente}, When: importazione.Verifica{Esito: conErrori}, Then: events{conErrori}},
		scenario{
			Name:  "reports the first thousand bad rows and counts them all",
			Given: events{severa},
			When:  importazione.Verifica{Esito: importazione.Verificata{Righe: 2000, Errate: 1001, Errori: tanti}},
			Then:  events{importazione.Verificata{Righe: 2000, Errate: 1001, Errori: tanti[1:]}, rifiutata},
		},
		scenario{Name: "changes nothing when the file was checked", Given: events{severa, buona}, When: importazione.Verifica{Esito: conErrori}},
		scenario{Name: "changes nothing when the import has ended", Given: events{severa, conErrori, rifiutata}, When: importazione.Verifica{Esito: buona}},
		scenario{Name: "is refused for an import that is not there", When: importazione.Verifica{Esito: buona}, Err: importazione.ErrInesistente},
	)
}

func TestAvanza(t *testing.T) {
	aNove := importazione.Avanzata{Fino: 9, Errori: []importazione.Errore{rigaErrata}}
	pieno := importazione.Verificata{Righe: 2000, Errate: 1000, Errori: make([]importazione.Errore, importazione.MaxErrori)}
	domaintest.Run(t, importazione.Decider,
		scenario{Name: "records rows that were taken in", Given: events{severa, buona}, When: importazione.Avanza{Passo: aCinque}, Then: events{aCinque}},
		scenario{Name: "records further rows", Given: events{severa, buona, aCinque}, When: importazione.Avanza{Passo: aNove}, Then: events{aNove}},
		scenario{
			Name:  "reports no more bad rows than a thousand",
			Given: events{indulgente, pieno},
			When:  importazione.Avanza{Passo: aNove},
			Then:  events{importazione.Avanzata{Fino: 9, Errori: []importazione.Errore{}}},
		},
		scenario{Name: "changes nothing for rows that were recorded", Given: events{severa, buona, aCinque}, When: importazione.Avanza{Passo: aCinque}},
		scenario{Name: "changes nothing for rows that were recorded, after the end too", Given: events{severa, buona, aCinque, completata}, When: importazione.Avanza{Passo: aCinque}},
		scenario{Name: "is refused for an import that is not there", When: importazione.Avanza{Passo: aCinque}, Err: importazione.ErrInesistente},
		scenario{Name: "is refused before the file is checked", Given: events{severa}, When: importazione.Avanza{Passo: aCinque}, Err: importazione.ErrNonVerificata},
		scenario{Name: "is refused for new rows after the end", Given: events{severa, buona, aCinque, completata}, When: importazione.Avanza{Passo: aNove}, Err: importazione.ErrConclusa},
		scenario{Name: "is refused when the file was", Given: events{severa, conErrori, rifiutata}, When: importazione.Avanza{Passo: aCinque}, Err: importazione.ErrConclusa},
	)
}

func TestConcludi(t *testing.T) {
	fallita := importazione.Conclusa{Stato: importazione.Fallita, Motivo: "the file is not there any more"}
	domaintest.Run(t, importazione.Decider,
		scenario{Name: "completes", Given: events{severa, buona, aCinque}, When: importazione.Concludi{Esito: importazione.Completata}, Then: events{completata}},
		scenario{
			Name:  "fails before the check, and says why",
			Given: events{severa},
			When:  importazione.Concludi{Esito: importazione.Fallita, Motivo: "the file is not there any more"},
			Then:  events{fallita},
		},
		scenario{Name: "changes nothing at the second end", Given: events{severa, buona, completata}, When: importazione.Concludi{Esito: importazione.Fallita}},
		scenario{Name: "is refused for an import that is not there", When: importazione.Concludi{Esito: importazione.Completata}, Err: importazione.ErrInesistente},
		scenario{Name: "is refused as complete before the check", Given: events{severa}, When: importazione.Concludi{Esito: importazione.Completata}, Err: importazione.ErrNonVerificata},
		scenario{Name: "is refused for what is no end", Given: events{severa, buona}, When: importazione.Concludi{Esito: importazione.InCorso}, Err: importazione.ErrEsito, Field: "esito"},
	)
}

func TestAnImportIsTheSumOfItsSteps(t *testing.T) {
	got := importazione.Decider.Fold(importazione.State{}, indulgente, conErrori, aCinque,
		importazione.Avanzata{Fino: 10, Conteggi: importazione.Conteggi{Nuove: 1, Difformi: 2, Rifiutate: 1}, Errori: []importazione.Errore{{Riga: 7}}}, completata)
	want := importazione.State{
		Stato: importazione.Completata, Ricevuta: indulgente, Righe: 10, Errate: 1, Avvisi: 3, Fino: 10,
		Conteggi: importazione.Conteggi{Nuove: 4, Invariate: 2, Difformi: 2, Rifiutate: 1},
		Errori:   []importazione.Errore{rigaErrata, {Riga: 7}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.Aperta() || !(importazione.State{Stato: importazione.InVerifica}).Aperta() || !(importazione.State{Stato: importazione.InCorso}).Aperta() {
		t.Error("an import is open from its file to its end")
	}
}

// TestAFoldSharesNothing grows one state in two ways.
func TestAFoldSharesNothing(t *testing.T) {
	d := importazione.Decider
	prima := d.Fold(importazione.State{}, indulgente, conErrori)
	una := d.Evolve(prima, importazione.Avanzata{Fino: 5, Errori: []importazione.Errore{{Riga: 5}}})
	d.Evolve(prima, importazione.Avanzata{Fino: 6, Errori: []importazione.Errore{{Riga: 6}}})
	if diff := cmp.Diff([]importazione.Errore{rigaErrata, {Riga: 5}}, una.Errori); diff != "" {
		t.Error(diff)
	}
}
