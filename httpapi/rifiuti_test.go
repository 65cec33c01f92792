package httpapi

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"nucleo/domain"
	"nucleo/domain/operatore"
	"nucleo/httpapi/auth"
)

// rifiutati are the refusals on the stream of a person.
func (i *impianto) rifiutati(t *testing.T, nome string) (visti []string) {
	t.Helper()
	for r, err := range i.store.Read(t.Context(), "operatore-"+i.chi(nome).id.String()) {
		if err != nil {
			t.Fatal(err)
		}
		if e, is := r.Event.(operatore.AccessoRifiutato); is {
			visti = append(visti, fmt.Sprint(e.Motivo, " ", e.Giorno))
			if r.Meta.Attore != domain.Portineria.ID || r.Meta.Canale != domain.Sistema {
				t.Errorf("%+v", r.Meta)
			}
		}
	}
	return visti
}

// basso is the token of a person who signed in by a password alone.
func (i *impianto) basso(nome string) chi {
	c := i.chi(nome)
	c.token = i.token(map[string]any{"sub": "s-" + nome, auth.ClaimEID: "TINIT-" + codiceDi(nome), "acr": "https://www.spid.gov.it/SpidL1"})
	return c
}

// TestWhoIsNotLetInIsNotedOnceADay has people of every kind knock, many times at
// once.
func TestWhoIsNotLetInIsNotedOnceADay(t *testing.T) {
	i := nuovo(t)
	amm, anna := i.chi("AMMINISTRA"), i.chi("ANNA")
	dove := Base + "/operatori/" + anna.id.String()
	bussa := func(c chi, status int, codice string) {
		t.Helper()
		var tutti sync.WaitGroup
		for range 20 {
			tutti.Go(func() { c.chiede(t, i, "POST", Base+"/casi/miei/ricerche", "{}").vuole(t, status, codice) })
		}
		tutti.Wait()
		i.dopo.Add(int64(2 * time.Minute)) // what is remembered of a refusal is over
		c.chiede(t, i, "POST", Base+"/casi/miei/ricerche", "{}").vuole(t, status, codice)
	}
	vuole := func(nome string, want ...string) {
		t.Helper()
		if got := i.rifiutati(t, nome); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %q, not %q", nome, got, want)
		}
	}
	bussa(anna, 200, "")
	vuole("ANNA")
	bussa(i.basso("ANNA"), 403, "token.livello")
	vuole("ANNA", "LIVELLO 2026-05-04")
	amm.chiede(t, i, "POST", dove+"/sospensioni", `{"motivo":"motivo-canarino"}`).vuole(t, 201, "")
	i.dopo.Add(int64(2 * time.Minute))
	bussa(anna, 403, "accesso.non_accreditato")
	bussa(i.basso("ANNA"), 403, "token.livello")
	vuole("ANNA", "LIVELLO 2026-05-04", "SOSPESO 2026-05-04")
	i.dopo.Add(int64(20 * time.Hour))
	bussa(i.chi("ANNA"), 403, "accesso.non_accreditato")
	vuole("ANNA", "LIVELLO 2026-05-04", "SOSPESO 2026-05-04", "SOSPESO 2026-05-05")

	r := i.chi("AMMINISTRA").chiede(t, i, "GET", dove, "").vuole(t, 200, "")
	if got := fmt.Sprint(r.campo("accessi_rifiutati")); got != "[map[giorno:2026-05-04 motivo:LIVELLO] map[giorno:2026-05-05 motivo:SOSPESO]]" {
		t.Error(r.body)
	}
	i.chi("CARLA").chiede(t, i, "GET", dove, "").vuole(t, 403, "vietato")
}

// TestOfWhoIsNotKnownNothingIsKept is a person with SPID and no business here:
// the log of events does not grow, and that of the program names nobody.
func TestOfWhoIsNotKnownNothingIsKept(t *testing.T) {
	i := nuovo(t)
	for _, c := range []chi{i.chi("PASSANTE"), i.basso("PASSANTE")} {
		for range 3 {
			c.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`)
		}
	}
	for r, err := range i.store.Read(t.Context(), "operatore-"+i.chi("PASSANTE").id.String()) {
		t.Errorf("%+v %v", r, err)
	}
}

// TestAPersonIsNotLetInByTheBrowser signs people in at the provider.
func TestAPersonIsNotLetInByTheBrowser(t *testing.T) {
	i, op := conAccesso(t)
	op.Claims = map[string]any{auth.ClaimEID: "TINIT-" + codiceDi("CARLA"), "acr": "https://www.spid.gov.it/SpidL1"}
	i.browser().va(t, "").vuole(t, 403, "token.livello")
	if got := i.rifiutati(t, "CARLA"); fmt.Sprint(got) != "[LIVELLO 2026-05-04]" {
		t.Error(got)
	}
	o, _, err := i.Comandi.RegistraOperatore(t.Context(), i.richiesta(domain.Installatore), operatore.Registra{Dati: operatrice("NUOVA")})
	if err != nil || o != i.chi("NUOVA").id {
		t.Fatal(err)
	}
	b := i.browser()
	b.entra(t, op, "NUOVA", "")
	if got := i.rifiutati(t, "NUOVA"); fmt.Sprint(got) != "[NON_ACCREDITATO 2026-05-04]" {
		t.Error(got)
	}
	i.browser().entra(t, op, "CARLA", "")
	if got := i.rifiutati(t, "CARLA"); len(got) != 1 {
		t.Error(got)
	}
}
