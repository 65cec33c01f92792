package accessi_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/allarme"
	"nucleo/domain/conservazione"
	"nucleo/domain/id"
	"nucleo/projections/accessi"
	"nucleo/projections/elenco"
	"nucleo/projections/modeltest"
)

func TestWhatOperatorsDidIsCounted(t *testing.T) {
	pool := modeltest.Pool(t, accessi.Projection, storia()...)
	got, err := accessi.Misure(t.Context(), pool, mattino, mattino.Add(2*time.Hour), id.Operatore{})
	want := []allarme.Misura{
		{Ambito: "AG-01", Operatore: bruna, Dinieghi: 1, Negati: []id.Caso{uno}},
		{Ambito: "PA42", Operatore: anna, Aperture: 1, Sguardi: 1, Aperti: []id.Caso{uno}, Propri: []id.Caso{uno}},
		{Ambito: "PA42", Operatore: bruna, Righe: 12, Ricerche: 1, Sguardi: 1},
	}
	if anna.String() > bruna.String() {
		want[1], want[2] = want[2], want[1]
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	got, err = accessi.Misure(t.Context(), pool, mattino.Add(time.Minute), mattino.Add(48*time.Hour), anna)
	want = []allarme.Misura{{Ambito: accesso.Nazionale, Operatore: anna, Aperture: 1, Sguardi: 1, Aperti: []id.Caso{uno}, Propri: []id.Caso{uno}}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for dal, want := range map[time.Time]time.Time{{}: mattino, mattino.Add(time.Second): mattino.Add(time.Hour), mattino.Add(time.Hour): mattino.Add(time.Hour)} {
		if got, found, err := accessi.Prossimo(t.Context(), pool, dal); !found || !got.Equal(want) || err != nil {
			t.Errorf("%s: %s %v %v", dal, got, found, err)
		}
	}
	if _, found, err := accessi.Prossimo(t.Context(), pool, mattino.Add(26*time.Hour)); found || err != nil {
		t.Error(found, err)
	}
}

// What is usual is that of a busy hour, once one hour in a hundred, the busiest,
// is left out, and says nothing of the hour itself.
func TestWhatIsUsualIsThatOfABusyHour(t *testing.T) {
	var log []domain.Recorded
	guarda := func(ora, volte int) {
		for range volte {
			n := len(log)
			log = append(log, domain.Recorded{
				ID: uuid.NewSHA1(uuid.Nil, []byte{byte(n), byte(n >> 8)}), Stream: "accesso-PA42-202605-0a", Type: "AccessoRegistrato", Version: uint64(n + 1), Position: uint64(n),
				Meta:  domain.Meta{Istante: mattino.Add(time.Duration(ora) * time.Hour)},
				Event: accesso.Registrato{Operatore: anna, Ruolo: domain.CaseManager, Rotta: apre, Decisione: accesso.Consentito, Caso: uno, Classi: []accesso.Classe{accesso.Dettaglio}, Righe: 1},
			})
		}
	}
	for ora := range 120 {
		guarda(ora, 1+ora%3)
	}
	guarda(121, 40)
	pool := modeltest.Pool(t, accessi.Projection, log...)
	adesso := mattino.Add(121 * time.Hour)
	for about, c := range map[string]struct {
		r      allarme.Regola
		ambito string
		prima  time.Time
		sotto  int
		want   int
	}{
		"of the hours before":             {allarme.Letture, "PA42", adesso, 0, 3},
		"with one hour that is out of it": {allarme.Letture, "PA42", adesso.Add(time.Hour), 0, 3},
		"elsewhere":                       {allarme.Letture, "AG01", adesso, 0, 0},
		"of what was not done":            {allarme.Elenchi, "PA42", adesso, 0, 0},
		"of days":                         {allarme.Riassegnazione, "PA42", adesso, 0, 48},
		"of few hours, with one that is out of them":    {allarme.Letture, "PA42", adesso.Add(time.Hour).AddDate(0, 0, 27), 0, 40},
		"but for those in which it was done that often": {allarme.Letture, "PA42", adesso.Add(time.Hour).AddDate(0, 0, 27), 40, 3},
		"after a month": {allarme.Letture, "PA42", adesso.AddDate(0, 0, 40), 0, 0},
	} {
		if got, err := accessi.Usuale(t.Context(), pool, c.r, c.ambito, anna, c.prima, c.sotto); got != c.want || err != nil {
			t.Errorf("%s: %d, %v", about, got, err)
		}
	}
}

// scaduta is the story, and the end of the stream of the first two records.
func scaduta() []domain.Recorded {
	log := storia()
	for i := range log {
		log[i].Meta.Self = domain.Digest{byte(i)}
	}
	fine := conservazione.Scaduto{Flusso: "accesso-PA42-202605-0a", Ambito: "PA42", Mese: "202605", Eventi: 2, Testa: domain.Digest{3}}
	return append(log, domain.Recorded{
		ID: eventoN(7), Stream: "conservazione-" + fine.Flusso, Type: fine.EventType(), Event: fine, Version: 1, Position: 7, Meta: domain.Meta{Istante: mattino.AddDate(2, 1, 0)},
	})
}

// A month that expired is gone, and a model that is made from a log without it
// is the same.
func TestAnExpiredMonthIsGone(t *testing.T) {
	log := scaduta()
	senza := append(log[:2:2], log[4:]...)
	var tutti [2]map[string]map[any]any
	for k, log := range [][]domain.Recorded{log, senza} {
		pool := modeltest.Pool(t, accessi.Projection, log...)
		p, err := accessi.Elenco(t.Context(), pool, accessi.Filtro{}, elenco.Richiesta{Limite: 10})
		var got []int
		for _, v := range p.Voci {
			got = append(got, numero(v))
		}
		if diff := cmp.Diff([]int{6, 5, 4}, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
		tabelle, err := accessi.Projection.Load(t.Context(), pool)
		if err != nil {
			t.Fatal(err)
		}
		tutti[k] = accessi.Projection.Contents(tabelle)
		if fold := accessi.Projection.Contents(accessi.Projection.Fold(log...)); !cmp.Equal(fold, tutti[k]) {
			t.Error(cmp.Diff(fold, tutti[k]))
		}
		scaduti, err := accessi.Scaduti(t.Context(), pool, "", "202605")
		if err != nil || len(scaduti) != 4 || scaduti[1] != log[len(log)-1].Event {
			t.Errorf("%+v %v", scaduti, err)
		}
		if nessuno, err := accessi.Scaduti(t.Context(), pool, "202605", "202612"); err != nil || len(nessuno) != 0 {
			t.Errorf("%+v %v", nessuno, err)
		}
	}
	if diff := cmp.Diff(tutti[0], tutti[1]); diff != "" {
		t.Error(diff)
	}
}
