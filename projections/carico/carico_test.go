package carico_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/projections/carico"
)

func record(c id.Caso, e domain.Event) domain.Recorded {
	return domain.Recorded{Stream: "caso-" + c.String(), Subject: c.UUID, Event: e}
}

func TestACaseCountsForWhoeverIsResponsible(t *testing.T) {
	anna, bruno := id.New[id.Operatore](), id.New[id.Operatore]()
	c := []id.Caso{id.CasoDi("1"), id.CasoDi("2"), id.CasoDi("3"), id.CasoDi("4")}
	var log []domain.Recorded
	for _, caseID := range c {
		log = append(log, record(caseID, caso.DomandaRicevuta{}))
	}
	log = append(log,
		record(c[0], caso.Assegnato{CaseManager: anna}),
		record(c[1], caso.Assegnato{CaseManager: anna}),
		record(c[2], caso.Assegnato{CaseManager: anna}),
		record(c[1], caso.Riassegnato{Da: anna, A: bruno, Motivo: "ferie"}),
		record(c[2], caso.Annullata{CaseManager: anna, Motivo: caso.Richiesta}),
		record(c[1], caso.Trasferito{AmbitoA: "PA-42"}), // moves nobody
	)
	want := map[id.Operatore]carico.Conti{anna: {DaMonitorare: 1}, bruno: {DaMonitorare: 1}}
	if diff := cmp.Diff(want, maps.Collect(carico.Projection.Fold(log...).Carico.All())); diff != "" {
		t.Error(diff)
	}
}

func TestACaseCountsAsFarAsItIs(t *testing.T) {
	anna, c := id.New[id.Operatore](), id.CasoDi("1")
	monitorato := []caso.Event{caso.DomandaRicevuta{}, caso.Assegnato{CaseManager: anna}, caso.AnalisiPreliminareAvviata{}, caso.QuadroAnalisiFinalizzato{}, caso.PaISSottoscritto{}}
	for name, tt := range map[string]struct {
		after []caso.Event
		want  carico.Conti
	}{
		"a signed patto is monitored":             {nil, carico.Conti{Monitorati: 1}},
		"the analysis begins again":               {[]caso.Event{caso.AnalisiPreliminareRiaperta{}}, carico.Conti{DaMonitorare: 1}},
		"the analysis sends it elsewhere":         {[]caso.Event{caso.AnalisiPreliminareFinalizzata{Stato: caso.InviatoServizi}}, carico.Conti{}},
		"it comes back from there":                {[]caso.Event{caso.AnalisiPreliminareFinalizzata{Stato: caso.InviatoServizi}, caso.RientroDaServizioRegistrato{}}, carico.Conti{DaMonitorare: 1}},
		"a closed case weighs nothing":            {[]caso.Event{caso.CasoChiuso{}}, carico.Conti{}},
		"a lost one neither":                      {[]caso.Event{caso.BeneficioDecaduto{}}, carico.Conti{}},
		"a reopened one weighs as before":         {[]caso.Event{caso.CasoChiuso{}, caso.CasoRiaperto{StatoRipristinato: caso.InMonitoraggio}}, carico.Conti{Monitorati: 1}},
		"a note weighs nothing":                   {[]caso.Event{caso.AnnotazioneInserita{}}, carico.Conti{Monitorati: 1}},
		"a closed case taken from her stays away": {[]caso.Event{caso.CasoChiuso{}, caso.Annullata{CaseManager: anna}, caso.CasoRiaperto{StatoRipristinato: caso.InMonitoraggio}}, carico.Conti{}},
	} {
		var log []domain.Recorded
		for _, e := range append(monitorato[:len(monitorato):len(monitorato)], tt.after...) {
			log = append(log, record(c, e))
		}
		if got := *carico.Projection.Fold(log...).Carico.Row(anna); got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}

func TestAnEmptyDeskHasNoRow(t *testing.T) {
	anna, c := id.New[id.Operatore](), id.CasoDi("1")
	folded := carico.Projection.Fold(record(c, caso.DomandaRicevuta{}), record(c, caso.Assegnato{CaseManager: anna}), record(c, caso.Annullata{CaseManager: anna}))
	if rows := maps.Collect(folded.Carico.All()); len(rows) > 0 {
		t.Error(rows)
	}
}
