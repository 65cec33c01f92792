package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain/giorno"
	"nucleo/internal/catalogo"
	"nucleo/projections"
	"nucleo/projections/agenda"
	"nucleo/projections/ambiti"
	"nucleo/projections/carico"
	"nucleo/projections/casi"
	"nucleo/projections/comunicazioni"
	"nucleo/projections/cruscotto"
	"nucleo/projections/nuclei"
	"nucleo/projections/operatori"
	"nucleo/projections/segnalazioni"
	"nucleo/projections/sostegni"
)

// conPassati is an installation that keeps lists of one day at a time.
func conPassati(t *testing.T) *impianto {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	i := nuovo(t, func(i *impianto) {
		p := projections.NuoviPassati(projections.PassatiConfig{
			Pool: i.Lettura, Origine: projections.Origin{Source: i.store, Catalog: catalogo.Eventi},
			Modelli: []projections.Model{
				casi.Projection, segnalazioni.Projection, operatori.Projection, agenda.Projection, cruscotto.Projection, carico.Projection, ambiti.Projection,
				comunicazioni.Projection, sostegni.Projection, nuclei.Projection,
			},
			Segno: "prova", Massimo: 1, Resta: time.Hour, Adesso: i.adesso, Log: slog.New(slog.DiscardHandler),
		})
		i.Passati = p
		go func() { done <- p.Run(ctx) }()
	})
	t.Cleanup(func() { stop(); <-done })
	return i
}

func (c chi) elenchiDi(t *testing.T, i *impianto, giorno string) {
	t.Helper()
	path := Base + "/elenchi-passati/" + giorno
	r := c.chiede(t, i, "POST", path, "{}").vuole(t, 200, "")
	for scade := time.Now().Add(time.Minute); r.campo("stato") == "IN_COSTRUZIONE" && time.Now().Before(scade); r = c.chiede(t, i, "GET", path, "").vuole(t, 200, "") {
	}
	if r.campo("stato") != "PRONTI" {
		t.Fatal(r.body)
	}
}

// What a list says of a past day is what it said on that day, to the byte, though
// all of it has changed since.
func TestAListOfAPastDayIsWhatItWas(t *testing.T) {
	i := conPassati(t)
	carla, anna, bruna := i.chi("CARLA"), i.chi("ANNA"), i.chi("BRUNA")
	dove, segnalata := i.segnala(t, 1, carla, anna)
	carla.assegna(t, i, 2, bruna).vuole(t, 201, "")
	i.aggiornato(t)
	coda, assegnati, vista := `{"lista":"da_assegnare","comune":"G273","limit":10}`, `{"lista":"assegnati","comune":"G273","limit":10}`, `{"vista":"validazione","limit":10}`
	allora := map[string]risposta{}
	for _, r := range []string{coda, assegnati} {
		allora[r] = carla.chiede(t, i, "POST", Base+"/casi/ricerche", r).vuole(t, 200, "")
	}
	allora[vista] = carla.chiede(t, i, "POST", Base+"/segnalazioni/ricerche", vista).vuole(t, 200, "")

	i.dopo.Store(int64(30 * time.Hour))
	carla, anna, bruna = i.chi("CARLA"), i.chi("ANNA"), i.chi("BRUNA")
	revisora := i.chi("REVISORA")
	carla.chiede(t, i, "POST", dove+"/"+segnalata+"/decisioni", `{"decisione":"approvata"}`).vuole(t, 201, "")
	carla.assegna(t, i, 3, anna).vuole(t, 201, "")
	i.domanda(t, 50, "G273", mattina)
	carla.chiede(t, i, "POST", Base+"/casi/"+casoN(2).String()+"/riassegnazioni", `{"da":"`+bruna.id.String()+`","a":"`+anna.id.String()+`","motivo":"motivo-canarino"}`, "If-Match", i.etagDi(t, carla, 2)).vuole(t, 201, "")
	i.aggiornato(t)

	revisora.chiede(t, i, "POST", Base+"/elenchi-passati/2026-05-04/casi/ricerche?ambito=PA42", coda).vuole(t, 409, "elenchi.non_pronti")
	revisora.elenchiDi(t, i, "2026-05-04")
	for _, r := range []string{coda, assegnati} {
		got := revisora.chiede(t, i, "POST", Base+"/elenchi-passati/2026-05-04/casi/ricerche?ambito=PA42", r).vuole(t, 200, "")
		if diff := cmp.Diff(allora[r].campo("items"), got.campo("items")); diff != "" || fmt.Sprint(got.campo("totale")) != fmt.Sprint(allora[r].campo("totale")) {
			t.Errorf("%s (-on that day +as of it)\n%s", r, diff)
		}
		if ora := carla.chiede(t, i, "POST", Base+"/casi/ricerche", r).vuole(t, 200, ""); cmp.Equal(ora.campo("items"), got.campo("items")) {
			t.Errorf("%s: nothing has changed since", r)
		}
	}
	got := revisora.chiede(t, i, "POST", Base+"/elenchi-passati/2026-05-04/segnalazioni/ricerche?ambito=PA42", vista).vuole(t, 200, "")
	want, _ := allora[vista].campo("items", "0").(map[string]any)
	delete(want, "dettaglio")
	if diff := cmp.Diff(want, got.campo("items", "0")); diff != "" || got.campo("items", "1") != nil {
		t.Errorf("the segnalazioni (-on that day, without text +as of it)\n%s", diff)
	}
	if r := carla.chiede(t, i, "POST", Base+"/segnalazioni/ricerche", vista).vuole(t, 200, ""); r.campo("items", "0") != nil {
		t.Errorf("the segnalazione is still to be decided: %s", r.body)
	}
	i.aggiornato(t)
	rotta := "?rotta=" + url.QueryEscape("POST "+Base+"/elenchi-passati/{giorno}/casi/ricerche") + "&decisione=CONSENTITO&ambito=PA42"
	if r := revisora.chiede(t, i, "GET", Base+"/accessi"+rotta, "").vuole(t, 200, ""); r.campo("items", "1") == nil {
		t.Errorf("looks at lists of the past are not recorded: %s", r.body)
	}
}

func TestWhoReadsListsOfThePastAndHowMany(t *testing.T) {
	i := conPassati(t)
	i.dopo.Store(int64(50 * time.Hour))
	revisora := i.chi("REVISORA")
	for _, chi := range []string{"ANNA", "CARLA", "SUPER", "AMMINISTRA"} {
		i.chi(chi).chiede(t, i, "POST", Base+"/elenchi-passati/2026-05-04", "{}").vuole(t, 403, "vietato")
	}
	revisora.chiede(t, i, "GET", Base+"/elenchi-passati/2026-05-04", "").vuole(t, 404, "elenchi.non_chiesti")
	revisora.chiede(t, i, "POST", Base+"/elenchi-passati/2026-05-06", "{}").vuole(t, 400, "elenchi.giorno_in_corso")
	revisora.chiede(t, i, "POST", Base+"/elenchi-passati/2026-05-04/casi/ricerche", `{"lista":"da_assegnare"}`).vuole(t, 400, "richiesta.non_conforme")
	revisora.elenchiDi(t, i, "2026-05-04")
	revisora.elenchiDi(t, i, "2026-05-05") // the other gives way: nobody reads it
	revisora.chiede(t, i, "GET", Base+"/elenchi-passati/2026-05-04", "").vuole(t, 404, "elenchi.non_chiesti")
	_, lascia, pronto := i.Passati.Leggi(i.fineDi(giorno.Data(2026, 5, 5)))
	if !pronto {
		t.Fatal("they are not ready")
	}
	revisora.chiede(t, i, "POST", Base+"/elenchi-passati/2026-05-04", "{}").vuole(t, 503, "elenchi.troppi")
	lascia()
	revisora.elenchiDi(t, i, "2026-05-04")
}
