package cruscotto_test

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections/cruscotto"
	"nucleo/projections/modeltest"
)

// registro is a log that is written by hand.
type registro struct{ eventi []domain.Recorded }

// e adds an event of a case at noon of a day in Rome.
func (r *registro) e(c string, g giorno.Giorno, eventi ...caso.Event) {
	for _, e := range eventi {
		caso := id.CasoDi(c)
		r.eventi = append(r.eventi, domain.Recorded{
			ID: uuid.New(), Stream: "caso-" + caso.String(), Subject: caso.UUID, Position: uint64(len(r.eventi)), Event: e,
			Meta: domain.Meta{Istante: g.Time().Add(11 * time.Hour)},
		})
	}
}

var (
	marzo  = giorno.Data(2026, 3, 2) // a Monday
	anna   = id.Operatore{UUID: uuid.MustParse("00000000-0000-4000-8000-000000000001")}
	bruno  = id.Operatore{UUID: uuid.MustParse("00000000-0000-4000-8000-000000000002")}
	prima  = id.Segnalazione{UUID: uuid.MustParse("00000000-0000-4000-8000-000000000011")}
	altra  = id.Segnalazione{UUID: uuid.MustParse("00000000-0000-4000-8000-000000000012")}
	gruppo = cruscotto.Gruppo{Ambito: "PA42", Comune: "G273", Misura: caso.ADI, Presentazione: marzo}
)

func domanda(comune string) caso.DomandaRicevuta {
	return caso.DomandaRicevuta{Misura: caso.ADI, Ambito: "PA42", Comune: comune, DataPresentazione: marzo, DataSottoscrizionePAD: marzo}
}

// via is the road of a case to a signed PaIS.
func (r *registro) via(c, comune string) {
	r.e(c, marzo+1, domanda(comune))
	r.e(c, marzo+5, caso.Assegnato{CaseManager: anna})
	r.e(c, marzo+9, caso.AnalisiPreliminareAvviata{Data: marzo + 8})
	r.e(c, marzo+20, caso.AnalisiPreliminareFinalizzata{Esito: caso.EsitoB, Stato: caso.InDefinizione})
	r.e(c, marzo+30, caso.PaISSottoscritto{Versione: 1, Data: marzo + 29})
}

func TestACaseCountsWhereItStands(t *testing.T) {
	monitorato := cruscotto.Conti{
		Nuclei: 1, Assegnati: 1, InCarico: 1, Firmati: 1, InMonitoraggio: 1, Assegnazioni: 1, GiorniAssegnazione: 5, Avvii: 1, GiorniAvvio: 8,
	}
	con := func(cambia func(*cruscotto.Conti)) cruscotto.Conti {
		c := monitorato
		cambia(&c)
		return c
	}
	for name, tt := range map[string]struct {
		poi   []caso.Event
		vuole cruscotto.Conti
	}{
		"monitored": {nil, monitorato},
		"given back to the queue": {[]caso.Event{caso.Annullata{CaseManager: anna}}, con(func(c *cruscotto.Conti) {
			c.Assegnati, c.DaAssegnare = 0, 1
		})},
		"given to another, it was assigned once": {[]caso.Event{caso.Annullata{CaseManager: anna}, caso.Assegnato{CaseManager: bruno}}, monitorato},
		"closed": {[]caso.Event{caso.PaISConcluso{}, caso.CasoChiuso{}}, con(func(c *cruscotto.Conti) {
			c.Assegnati, c.InMonitoraggio, c.Chiusi = 0, 0, 1
		})},
		"reopened": {[]caso.Event{caso.CasoChiuso{}, caso.CasoRiaperto{StatoRipristinato: caso.InMonitoraggio}}, monitorato},
		"assessed anew": {[]caso.Event{caso.AnalisiPreliminareRiaperta{}}, con(func(c *cruscotto.Conti) {
			c.InCarico, c.InMonitoraggio, c.InAP = 0, 0, 1
		})},
		"with a segnalazione that waits": {[]caso.Event{caso.SegnalazioneProposta{Segnalazione: prima}}, con(func(c *cruscotto.Conti) {
			c.SegnalazioniDaValidare = 1
		})},
		"with one that was sent": {[]caso.Event{
			caso.SegnalazioneProposta{Segnalazione: prima}, caso.SegnalazioneApprovata{Segnalazione: prima}, caso.SegnalazioneMessaInUscita{Segnalazione: prima},
			caso.SegnalazionePresaPerInvio{Segnalazione: prima}, caso.SegnalazioneInviata{Segnalazione: prima},
		}, con(func(c *cruscotto.Conti) { c.SegnalazioniInviate = 1 })},
		"with notes": {[]caso.Event{caso.AnnotazioneInserita{}, caso.IncontroRegistrato{}}, monitorato},
	} {
		var r registro
		r.via("1", "G273")
		r.e("1", marzo+40, tt.poi...)
		got := maps.Collect(cruscotto.Projection.Fold(r.eventi...).ContiGruppo.All())
		if diff := cmp.Diff(map[cruscotto.Gruppo]cruscotto.Conti{gruppo: tt.vuole}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What was decided in a comune stays there; what waits goes with the case.
func TestATransferTakesTheCaseAndWhatWaits(t *testing.T) {
	var r registro
	r.via("1", "G273")
	r.e("1", marzo+40,
		caso.SegnalazioneProposta{Segnalazione: prima}, caso.SegnalazioneApprovata{Segnalazione: prima}, caso.SegnalazioneProposta{Segnalazione: altra},
		caso.Trasferito{AmbitoDa: "PA42", ComuneDa: "G273", AmbitoA: "LT1", ComuneA: "E472"}, caso.Annullata{CaseManager: anna, Motivo: caso.Trasferimento},
		caso.SegnalazioneMessaInUscita{Segnalazione: prima})
	folded := cruscotto.Projection.Fold(r.eventi...)
	altrove := gruppo
	altrove.Ambito, altrove.Comune = "LT1", "E472"
	want := map[cruscotto.Gruppo]cruscotto.Conti{
		gruppo: {SegnalazioniInUscita: 1},
		altrove: {Nuclei: 1, DaAssegnare: 1, InCarico: 1, Firmati: 1, InMonitoraggio: 1, Assegnazioni: 1, GiorniAssegnazione: 5, Avvii: 1, GiorniAvvio: 8,
			SegnalazioniDaValidare: 1},
	}
	if diff := cmp.Diff(want, maps.Collect(folded.ContiGruppo.All())); diff != "" {
		t.Error(diff)
	}
	if carichi := maps.Collect(folded.CarichiComune.All()); len(carichi) > 0 {
		t.Errorf("a desk holds what went: %v", carichi)
	}
}

func TestAnADIWithoutPADIsNotInTheQueueUntilItIsSigned(t *testing.T) {
	var r registro
	d := domanda("G273")
	d.DataSottoscrizionePAD = 0
	r.e("1", marzo, d)
	if got := *cruscotto.Projection.Fold(r.eventi...).ContiGruppo.Row(gruppo); got != (cruscotto.Conti{Nuclei: 1, DaAvviare: 1}) {
		t.Errorf("without PAD: %+v", got)
	}
	r.e("1", marzo+2, caso.PADSottoscritto{Data: marzo + 2})
	if got := *cruscotto.Projection.Fold(r.eventi...).ContiGruppo.Row(gruppo); got != (cruscotto.Conti{Nuclei: 1, DaAvviare: 1, DaAssegnare: 1}) {
		t.Errorf("with it: %+v", got)
	}
}

func TestTheSectionsAreReadByTerritoryAndTime(t *testing.T) {
	var r registro
	r.via("1", "G273")
	r.via("2", "F377")
	r.e("2", marzo+31, caso.Riassegnato{Da: anna, A: bruno})
	altro := domanda("E472")
	altro.Ambito = "LT1"
	r.e("3", marzo+1, altro)
	tardi := domanda("G273")
	tardi.DataPresentazione = marzo + 30
	r.e("4", marzo+31, tardi)
	pool := modeltest.Pool(t, cruscotto.Projection, r.eventi...)
	ultima := r.eventi[len(r.eventi)-1].Position

	palermo := domain.Territorio{Ambito: "PA42"}
	for name, tt := range map[string]struct {
		f      cruscotto.Filtro
		nuclei int
	}{
		"everywhere":         {cruscotto.Filtro{}, 4},
		"an ambito":          {cruscotto.Filtro{Territorio: palermo}, 3},
		"some of its comuni": {cruscotto.Filtro{Territorio: domain.Territorio{Ambito: "PA42", Comuni: []string{"F377"}}}, 1},
		"one that is asked":  {cruscotto.Filtro{Territorio: palermo, Comune: "G273"}, 2},
		"one outside":        {cruscotto.Filtro{Territorio: palermo, Comune: "E472"}, 0},
		"another ambito":     {cruscotto.Filtro{Territorio: palermo, Ambito: "LT1"}, 0},
		"one of all ambiti":  {cruscotto.Filtro{Ambito: "LT1"}, 1},
		"another measure":    {cruscotto.Filtro{Misura: caso.RDC}, 0},
		"domande up to":      {cruscotto.Filtro{Al: marzo + 29}, 3},
		"domande from":       {cruscotto.Filtro{Dal: marzo + 1}, 1},
	} {
		g, err := cruscotto.LeggiGenerale(t.Context(), pool, tt.f)
		if err != nil || g.Nuclei != tt.nuclei || g.Posizione != ultima {
			t.Errorf("%s: %d nuclei at %d, want %d at %d (%v)", name, g.Nuclei, g.Posizione, tt.nuclei, ultima, err)
		}
	}

	a, err := cruscotto.LeggiAmbito(t.Context(), pool, cruscotto.Filtro{Territorio: palermo})
	if err != nil {
		t.Fatal(err)
	}
	monitorato := cruscotto.Conti{Nuclei: 1, Assegnati: 1, InCarico: 1, Firmati: 1, InMonitoraggio: 1, Assegnazioni: 1, GiorniAssegnazione: 5, Avvii: 1, GiorniAvvio: 8}
	conUnoNuovo := monitorato
	conUnoNuovo.Nuclei, conUnoNuovo.DaAssegnare, conUnoNuovo.DaAvviare = 2, 1, 1
	want := cruscotto.Ambito{
		Comuni: []cruscotto.DelComune{{Comune: "G273", Conti: conUnoNuovo}, {Comune: "F377", Conti: monitorato}},
		CaseManager: []cruscotto.DelCaseManager{
			{CaseManager: anna, Carico: cruscotto.Carico{Assegnati: 1, Monitorati: 1}}, {CaseManager: bruno, Carico: cruscotto.Carico{Assegnati: 1, Monitorati: 1}},
		},
		Posizione: ultima,
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Error(diff)
	}

	lunedi := marzo + 28
	for passo, want := range map[cruscotto.Passo][]cruscotto.Periodo{
		cruscotto.AlGiorno: {
			{Dal: marzo + 1, Fatti: cruscotto.Fatti{Ricevute: 2}}, {Dal: marzo + 5, Fatti: cruscotto.Fatti{Assegnate: 2}}, {Dal: marzo + 9, Fatti: cruscotto.Fatti{Avviate: 2}},
			{Dal: marzo + 20, Fatti: cruscotto.Fatti{EsitiB: 2}}, {Dal: marzo + 30, Fatti: cruscotto.Fatti{Firmati: 2}}, {Dal: marzo + 31, Fatti: cruscotto.Fatti{Ricevute: 1}},
		},
		cruscotto.AllaSettimana: {
			{Dal: marzo, Fatti: cruscotto.Fatti{Ricevute: 2, Assegnate: 2}}, {Dal: marzo + 7, Fatti: cruscotto.Fatti{Avviate: 2}},
			{Dal: marzo + 14, Fatti: cruscotto.Fatti{EsitiB: 2}}, {Dal: lunedi, Fatti: cruscotto.Fatti{Firmati: 2, Ricevute: 1}},
		},
		cruscotto.AlMese: {
			{Dal: giorno.Data(2026, 3, 1), Fatti: cruscotto.Fatti{Ricevute: 2, Assegnate: 2, Avviate: 2, EsitiB: 2}},
			{Dal: giorno.Data(2026, 4, 1), Fatti: cruscotto.Fatti{Firmati: 2, Ricevute: 1}},
		},
	} {
		got, err := cruscotto.LeggiAndamento(t.Context(), pool, cruscotto.Filtro{Territorio: palermo}, passo)
		if diff := cmp.Diff(want, got.Periodi); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", passo, err, diff)
		}
	}
}

// What the days changed adds up to how things stood at the end of each.
func TestTheDaysOfACaseAddUpToHowItStood(t *testing.T) {
	var r registro
	r.via("1", "G273")
	r.e("1", marzo+31, caso.SegnalazioneProposta{Segnalazione: prima, Categoria: caso.ADIMancataPresentazione})
	r.e("1", marzo+33, caso.SegnalazioneApprovata{Segnalazione: prima})
	r.e("1", marzo+40, caso.Trasferito{AmbitoDa: "PA42", ComuneDa: "G273", AmbitoA: "LT1", ComuneA: "E472"}, caso.Annullata{CaseManager: anna, Motivo: caso.Trasferimento})
	pool := modeltest.Pool(t, cruscotto.Projection, r.eventi...)
	for g, want := range map[giorno.Giorno]cruscotto.Conti{
		marzo:      {},
		marzo + 4:  {Nuclei: 1, DaAvviare: 1, DaAssegnare: 1},
		marzo + 8:  {Nuclei: 1, DaAvviare: 1, Assegnati: 1, Assegnazioni: 1, GiorniAssegnazione: 5},
		marzo + 32: {Nuclei: 1, InMonitoraggio: 1, Assegnati: 1, InCarico: 1, Firmati: 1, Assegnazioni: 1, GiorniAssegnazione: 5, Avvii: 1, GiorniAvvio: 8, SegnalazioniDaValidare: 1},
		marzo + 40: {SegnalazioniApprovate: 1},
	} {
		s, err := cruscotto.LeggiStoria(t.Context(), pool, "PA42", g)
		if err != nil {
			t.Fatal(err)
		}
		var got cruscotto.Conti
		for _, d := range s.Giorni {
			got.Somma(d.Conti)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", g, diff)
		}
	}
	s, err := cruscotto.LeggiStoria(t.Context(), pool, "PA42", marzo+60)
	aMarzo, adAprile := giorno.Data(2026, 3, 1), giorno.Data(2026, 4, 1)
	tempi := []cruscotto.DellaDurata{
		{Mese: aMarzo, Passaggio: cruscotto.AssegnazioneAP, Comune: "G273", Giorni: 3, Casi: 1},
		{Mese: aMarzo, Passaggio: cruscotto.DomandaAP, Comune: "G273", Giorni: 8, Casi: 1},
		{Mese: aMarzo, Passaggio: cruscotto.DomandaAssegnazione, Comune: "G273", Giorni: 5, Casi: 1},
		{Mese: adAprile, Passaggio: cruscotto.APPaIS, Comune: "G273", Giorni: 21, Casi: 1},
	}
	if diff := cmp.Diff(tempi, s.Tempi); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if diff := cmp.Diff([]cruscotto.DellaCategoria{{Mese: adAprile, Categoria: caso.ADIMancataPresentazione, Numero: 1}}, s.Categorie); diff != "" {
		t.Error(diff)
	}
	scrivania := []cruscotto.DellaScrivania{
		{Giorno: marzo + 5, CaseManager: anna, Carico: cruscotto.Carico{Assegnati: 1, DaMonitorare: 1}},
		{Giorno: marzo + 30, CaseManager: anna, Carico: cruscotto.Carico{DaMonitorare: -1, Monitorati: 1}},
		{Giorno: marzo + 40, CaseManager: anna, Carico: cruscotto.Carico{Assegnati: -1, Monitorati: -1}},
	}
	if diff := cmp.Diff(scrivania, s.Scrivanie); diff != "" {
		t.Error(diff)
	}
	if tutti, err := cruscotto.Ambiti(t.Context(), pool); len(tutti) != 2 || err != nil {
		t.Errorf("%v %v", tutti, err)
	}
}

// Days begin in Rome: what happens half an hour before midnight UTC in summer
// happens on the next day.
func TestDaysBeginInRome(t *testing.T) {
	var r registro
	r.e("1", marzo, domanda("G273"))
	r.eventi[0].Meta.Istante = time.Date(2026, 7, 1, 22, 30, 0, 0, time.UTC)
	for q := range cruscotto.Projection.Fold(r.eventi...).FattiGiorno.All() {
		if q.Giorno != giorno.Data(2026, 7, 2) {
			t.Errorf("it happened on %s", q.Giorno)
		}
	}
}

func TestACaseManagerCountsTheirOwnCases(t *testing.T) {
	var r registro
	r.via("1", "G273")
	r.via("2", "F377")
	r.via("3", "G273")
	r.e("1", marzo+31, caso.SegnalazioneProposta{Segnalazione: prima}, caso.SegnalazioneApprovata{Segnalazione: prima}, caso.SegnalazioneProposta{Segnalazione: altra})
	r.e("2", marzo+31, caso.Riassegnato{Da: anna, A: bruno})
	r.e("3", marzo+31, caso.CasoChiuso{})
	pool := modeltest.Pool(t, cruscotto.Projection, r.eventi...)
	for name, tt := range map[string]struct {
		di   id.Operatore
		f    cruscotto.Filtro
		want cruscotto.Miei
	}{
		"one open, one closed": {anna, cruscotto.Filtro{}, cruscotto.Miei{
			Conti: cruscotto.Conti{Nuclei: 2, Assegnati: 1, InCarico: 2, Firmati: 2, InMonitoraggio: 1, Chiusi: 1, SegnalazioniDaValidare: 1, SegnalazioniApprovate: 1,
				Assegnazioni: 2, GiorniAssegnazione: 10, Avvii: 2, GiorniAvvio: 16},
			Carico: cruscotto.Carico{Assegnati: 1, Monitorati: 1},
		}},
		"of who took over": {bruno, cruscotto.Filtro{}, cruscotto.Miei{
			Conti:  cruscotto.Conti{Nuclei: 1, Assegnati: 1, InCarico: 1, Firmati: 1, InMonitoraggio: 1, Assegnazioni: 1, GiorniAssegnazione: 5, Avvii: 1, GiorniAvvio: 8},
			Carico: cruscotto.Carico{Assegnati: 1, Monitorati: 1},
		}},
		"of another comune": {anna, cruscotto.Filtro{Comune: "F377"}, cruscotto.Miei{}},
		"of nobody":         {id.Operatore{UUID: uuid.UUID{9}}, cruscotto.Filtro{}, cruscotto.Miei{}},
	} {
		tt.want.Posizione = r.eventi[len(r.eventi)-1].Position
		got, err := cruscotto.LeggiMiei(t.Context(), pool, tt.f, tt.di)
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}
