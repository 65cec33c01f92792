package sostegni_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections/elenco"
	"nucleo/projections/modeltest"
	"nucleo/projections/sostegni"
)

var (
	maggio = giorno.Data(2026, 5, 4)
	rosa   = caso.Componente{ID: id.Componente{UUID: uuid.New()}, Cognome: "ROSSI", Nome: "ROSA", Relazione: caso.Richiedente}
	ugo    = caso.Componente{ID: id.Componente{UUID: uuid.New()}, Cognome: "D'ANGELO", Nome: "UGO", Relazione: "CONIUGE"}
)

func casoN(n int) id.Caso         { return id.CasoDi(fmt.Sprint("D-", n)) }
func sostegnoN(n int) id.Sostegno { return id.Sostegno{UUID: uuid.NewSHA1(uuid.Nil, []byte{byte(n)})} }

// ricevuta is the domanda of the n-th case, in Palermo.
func ricevuta(n int) caso.DomandaRicevuta {
	return caso.DomandaRicevuta{IDDomanda: fmt.Sprint("D-", n), Misura: caso.ADI, Ambito: "PA42", Comune: "G273", Componenti: []caso.Componente{rosa, ugo}}
}

// previsto is the n-th sostegno, from n days after the fourth of May.
func previsto(n int, tipo caso.TipoSostegno) caso.SostegnoPrevisto {
	return caso.SostegnoPrevisto{Sostegno: caso.Sostegno{ID: sostegnoN(n), Tipo: tipo, Erogatore: "ASP", Dal: maggio + giorno.Giorno(n)}}
}

func al(g giorno.Giorno) caso.Passo { return caso.Passo{Data: g} }

// giornale makes records of pairs: the number of a case, and an event of it.
func giornale(pairs ...any) (log []domain.Recorded) {
	versions := map[int]uint64{}
	for i := 0; i < len(pairs); i += 2 {
		n, e := pairs[i].(int), pairs[i+1].(domain.Event)
		versions[n]++
		log = append(log, domain.Recorded{
			ID: uuid.New(), Stream: "caso-" + casoN(n).String(), Subject: casoN(n).UUID, Type: e.EventType(), Event: e,
			Version: versions[n], Position: uint64(len(log)),
		})
	}
	return log
}

// una is the one row of a story of the first case.
func una(t *testing.T, eventi ...domain.Event) sostegni.Riga {
	t.Helper()
	pairs := []any{1, ricevuta(1), 1, previsto(1, "ALTRO")}
	for _, e := range eventi {
		pairs = append(pairs, 1, e)
	}
	return maps.Collect(sostegni.Projection.Fold(giornale(pairs...)...).Sostegni.All())[sostegni.Chiave{Caso: casoN(1), Sostegno: sostegnoN(1)}]
}

func TestARowFollowsItsSostegnoAndItsCase(t *testing.T) {
	base := sostegni.Riga{
		DelCaso: sostegni.DelCaso{IDDomanda: "D-1", Misura: caso.ADI, Ambito: "PA42", Comune: "G273", Cognome: "ROSSI", Nome: "ROSA", CercaNome: "ROSSI ROSA", Aperto: true},
		Tipo:    "ALTRO", Dal: maggio + 1, Stato: "PREVISTO", Attuale: true, Posizione: 1,
	}
	attivato := caso.SostegnoAttivato{Sostegno: sostegnoN(1), Passo: al(maggio + 2)}
	vedova, capo := rosa, ugo
	vedova.Relazione, capo.Relazione = "CONIUGE", caso.Richiedente
	diAltri := previsto(1, "MEDIAZIONE_CULTURALE").Sostegno
	for about, x := range map[string]struct {
		eventi []domain.Event
		want   func(*sostegni.Riga)
	}{
		"planned":       {nil, func(*sostegni.Riga) {}},
		"given":         {[]domain.Event{attivato}, func(r *sostegni.Riga) { r.Stato, r.StatoDal, r.Posizione = "ATTIVATO", maggio+2, 2 }},
		"stopped":       {[]domain.Event{attivato, caso.SostegnoSospeso{Sostegno: sostegnoN(1), Passo: al(maggio + 3)}}, func(r *sostegni.Riga) { r.Stato, r.StatoDal, r.Posizione = "SOSPESO", maggio+3, 3 }},
		"ended":         {[]domain.Event{attivato, caso.SostegnoConcluso{Sostegno: sostegnoN(1), Passo: al(maggio + 3)}}, func(r *sostegni.Riga) { r.Stato, r.StatoDal, r.Posizione, r.Attuale = "CONCLUSO", maggio+3, 3, false }},
		"taken back":    {[]domain.Event{attivato, caso.SostegnoRevocato{Sostegno: sostegnoN(1), Passo: al(maggio + 3)}}, func(r *sostegni.Riga) { r.Stato, r.StatoDal, r.Posizione, r.Attuale = "REVOCATO", maggio+3, 3, false }},
		"changed":       {[]domain.Event{caso.SostegnoModificato{Sostegno: diAltri}}, func(r *sostegni.Riga) { r.Tipo, r.Posizione = "MEDIAZIONE_CULTURALE", 2 }},
		"left out":      {[]domain.Event{caso.SostegnoRimosso{Sostegno: sostegnoN(1)}}, func(r *sostegni.Riga) { r.Rimosso, r.Attuale, r.Posizione = true, false, 2 }},
		"assigned":      {[]domain.Event{caso.Assegnato{CaseManager: id.New[id.Operatore]()}}, func(r *sostegni.Riga) { r.Assegnato, r.Posizione = true, 2 }},
		"waiting again": {[]domain.Event{caso.Assegnato{CaseManager: id.New[id.Operatore]()}, caso.Annullata{}}, func(r *sostegni.Riga) { r.Posizione = 3 }},
		"moved":         {[]domain.Event{caso.Trasferito{AmbitoA: "AG01", ComuneA: "A089"}}, func(r *sostegni.Riga) { r.Ambito, r.Comune, r.Posizione = "AG01", "A089", 2 }},
		"of another": {[]domain.Event{caso.ComposizioneNucleoAggiornata{Modificati: []caso.Componente{vedova, capo}}}, func(r *sostegni.Riga) {
			r.Cognome, r.Nome, r.CercaNome, r.Posizione = "D'ANGELO", "UGO", "D ANGELO UGO", 2
		}},
		"closed":              {[]domain.Event{caso.CasoChiuso{Motivo: caso.ChiusoPerRinuncia}}, func(r *sostegni.Riga) { r.Aperto, r.Attuale, r.Posizione = false, false, 2 }},
		"opened again":        {[]domain.Event{caso.CasoChiuso{Motivo: caso.ChiusoPerRinuncia}, caso.CasoRiaperto{StatoRipristinato: caso.DaAvviare}}, func(r *sostegni.Riga) { r.Posizione = 3 }},
		"unmoved by the rest": {[]domain.Event{caso.AnalisiPreliminareAvviata{Data: maggio}, caso.AnnotazioneInserita{}}, func(*sostegni.Riga) {}},
	} {
		want := base
		x.want(&want)
		if diff := cmp.Diff(want, una(t, x.eventi...)); diff != "" {
			t.Errorf("%s: %s", about, diff)
		}
	}
}

// storia is four sostegni of three cases: one waits in Palermo, one is in the
// hands of a case manager in Trabia, one waits elsewhere.
func storia() []domain.Recorded {
	diTrabia, lontano := ricevuta(2), ricevuta(3)
	diTrabia.Comune, lontano.Ambito = "F377", "AG01"
	return giornale(
		1, ricevuta(1), 1, previsto(2, "ALTRO"), 1, previsto(1, "MEDIAZIONE_CULTURALE"),
		2, diTrabia, 2, previsto(3, "ALTRO"), 2, caso.Assegnato{CaseManager: id.New[id.Operatore]()},
		3, lontano, 3, previsto(4, "ALTRO"),
		1, previsto(5, "ALTRO"), 1, caso.SostegnoAttivato{Sostegno: sostegnoN(5), Passo: al(maggio)}, 1, caso.SostegnoConcluso{Sostegno: sostegnoN(5), Passo: al(maggio)},
		1, caso.SostegnoAttivato{Sostegno: sostegnoN(1), Passo: al(maggio)},
	)
}

func TestTheListIsReadFromPostgres(t *testing.T) {
	pool := modeltest.Pool(t, sostegni.Projection, storia()...)
	palermo := domain.Territorio{Ambito: "PA42"}
	si, no := true, false
	for about, x := range map[string]struct {
		f    sostegni.Filtro
		r    elenco.Richiesta
		want []int
	}{
		"what is not ended":  {f: sostegni.Filtro{Territorio: palermo}, want: []int{1, 2, 3}},
		"of a comune":        {f: sostegni.Filtro{Territorio: domain.Territorio{Ambito: "PA42", Comuni: []string{"F377"}}}, want: []int{3}},
		"asked of a comune":  {f: sostegni.Filtro{Territorio: palermo, Comune: "G273"}, want: []int{1, 2}},
		"elsewhere":          {f: sostegni.Filtro{Territorio: domain.Territorio{Ambito: "AG01"}}, want: []int{4}},
		"of a kind":          {f: sostegni.Filtro{Territorio: palermo, Tipo: "ALTRO"}, want: []int{2, 3}},
		"ended":              {f: sostegni.Filtro{Territorio: palermo, Stato: caso.SostegnoFinito}, want: []int{5}},
		"given":              {f: sostegni.Filtro{Territorio: palermo, Stato: caso.SostegnoInCorso}, want: []int{1}},
		"assigned":           {f: sostegni.Filtro{Territorio: palermo, Assegnato: &si}, want: []int{3}},
		"waiting, backwards": {f: sostegni.Filtro{Territorio: palermo, Assegnato: &no}, r: elenco.Richiesta{Verso: "desc"}, want: []int{2, 1}},
		"by state":           {f: sostegni.Filtro{Territorio: palermo, Assegnato: &no}, r: elenco.Richiesta{Ordina: "stato"}, want: []int{1, 2}},
	} {
		x.r.Limite = 10
		p, err := sostegni.Elenco(t.Context(), pool, x.f, x.r)
		var got []int
		for _, v := range p.Voci {
			got = append(got, slices.IndexFunc([]id.Sostegno{sostegnoN(1), sostegnoN(2), sostegnoN(3), sostegnoN(4), sostegnoN(5)}, func(s id.Sostegno) bool { return s == v.Sostegno })+1)
		}
		if diff := cmp.Diff(x.want, got); diff != "" || err != nil || p.Totale != len(x.want) {
			t.Errorf("%s: %s %v, total %d", about, diff, err, p.Totale)
		}
	}
	p, err := sostegni.Elenco(t.Context(), pool, sostegni.Filtro{Territorio: palermo, Stato: caso.SostegnoInCorso}, elenco.Richiesta{Limite: 10})
	want := []sostegni.Voce{{
		Caso: casoN(1), Sostegno: sostegnoN(1), IDDomanda: "D-1", Misura: caso.ADI, Comune: "G273", Cognome: "ROSSI", Nome: "ROSA",
		Tipo: "MEDIAZIONE_CULTURALE", Dal: maggio + 1, Stato: "ATTIVATO", StatoDal: maggio,
	}}
	if diff := cmp.Diff(want, p.Voci); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestTheListIsOrderedByEachOfItsColumns(t *testing.T) {
	pool := modeltest.Pool(t, sostegni.Projection, storia()...)
	for _, ordine := range []string{"dal", "id_domanda", "nominativo", "misura", "comune", "tipo", "stato", "stato_dal", "assegnato"} {
		avanti, err := sostegni.Elenco(t.Context(), pool, sostegni.Filtro{}, elenco.Richiesta{Limite: 10, Ordina: ordine, Verso: "asc"})
		if err != nil {
			t.Fatal(err)
		}
		indietro, err := sostegni.Elenco(t.Context(), pool, sostegni.Filtro{}, elenco.Richiesta{Limite: 10, Ordina: ordine, Verso: "desc"})
		slices.Reverse(indietro.Voci)
		if diff := cmp.Diff(avanti.Voci, indietro.Voci); diff != "" || err != nil || len(avanti.Voci) != 4 {
			t.Errorf("%s: %s %v", ordine, diff, err)
		}
	}
}
