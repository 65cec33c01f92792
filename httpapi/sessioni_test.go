package httpapi

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"nucleo/domain"
	"nucleo/domain/operatore"
)

func TestASessionEndsWhenItIsLeftAloneAndAfterADay(t *testing.T) {
	i, op := conAccesso(t)
	b := i.browser()
	b.entra(t, op, "CARLA", "")
	for range 33 { // 7 h 55 min, never alone for long
		i.dopo.Add(int64(14*time.Minute + 24*time.Second))
		b.chiede(t, "GET", Base+"/profili", "").vuole(t, 200, "")
	}
	i.dopo.Add(int64(5 * time.Minute))
	b.chiede(t, "GET", Base+"/profili", "").vuole(t, 401, "accesso.sessione_finita")
	b.entra(t, op, "CARLA", "")
	i.dopo.Add(int64(15 * time.Minute))
	b.chiede(t, "GET", Base+"/profili", "").vuole(t, 401, "accesso.sessione_finita")
}

func TestWhoLosesTheirRolesLosesThemInTheSession(t *testing.T) {
	i, op := conAccesso(t)
	b := i.browser()
	b.entra(t, op, "DOPPIA", "")
	s := b.chiede(t, "GET", Base+"/sessione", "")
	coordina := ruolo(s, domain.CoordinatorePaIS)
	b.chiede(t, "POST", Base+"/sessione/profilo", `{"profilo_id":"`+coordina+`"}`).vuole(t, 200, "")
	stato, err := i.Comandi.Operatore(t.Context(), i.chi("DOPPIA").id)
	if err != nil {
		t.Fatal(err)
	}
	for n, acc := range stato.Accreditamenti {
		_, err := i.Comandi.RevocaRuolo(t.Context(), i.richiesta(domain.Installatore), i.chi("DOPPIA").id, operatore.Revoca{Accreditamento: acc.ID, Motivo: "ha cambiato ufficio"})
		if err != nil {
			t.Fatal(err)
		}
		i.dopo.Add(int64(time.Second)) // what persona remembers
		want := map[int]string{0: "accesso.profilo_da_scegliere", 1: "accesso.non_accreditato"}[n]
		if r := b.chiede(t, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`); r.codice() != want {
			t.Errorf("after %d: %d %s", n+1, r.status, r.codice())
		}
	}
	b.chiede(t, "GET", Base+"/sessione", "").vuole(t, 200, "") // what one may always ask
}

func TestWhoIsNotAccreditedSignsInAndMayDoNothing(t *testing.T) {
	i, op := conAccesso(t)
	b := i.browser()
	b.entra(t, op, "NESSUNA", "")
	b.chiede(t, "GET", Base+"/sessione", "").vuole(t, 200, "")
	b.chiede(t, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`).vuole(t, 403, "accesso.non_accreditato")
}

func TestSessionsAreRevokedByWhoMay(t *testing.T) {
	i, op := conAccesso(t)
	b, di := i.browser(), i.browser()
	b.entra(t, op, "CARLA", "")
	di.entra(t, op, "ANNA", "")
	path := Base + "/operatori/" + i.chi("CARLA").id.String() + "/sessioni/revoche"
	i.chi("ANNA").chiede(t, i, "POST", path, `{}`).vuole(t, 403, "vietato")
	b.chiede(t, "POST", path, `{}`).vuole(t, 403, "vietato")
	lontana := Base + "/operatori/" + i.chi("LONTANA").id.String() + "/sessioni/revoche"
	nessuna := Base + "/operatori/" + i.chi("NESSUNA").id.String() + "/sessioni/revoche"
	amministra := i.chi("AMMINISTRA")
	senza, altrui := amministra.chiede(t, i, "POST", nessuna, `{}`).vuole(t, 404, ""), amministra.chiede(t, i, "POST", lontana, `{}`).vuole(t, 404, "")
	if senza.codice() != altrui.codice() {
		t.Errorf("%s of nobody, %s of another's", senza.codice(), altrui.codice())
	}
	if r := amministra.chiede(t, i, "POST", path, `{}`).vuole(t, 200, ""); r.campo("revocate").(interface{ String() string }).String() != "1" {
		t.Errorf("%s", r.body)
	}
	b.chiede(t, "GET", Base+"/profili", "").vuole(t, 401, "accesso.sessione_finita")
	di.chiede(t, "GET", Base+"/profili", "").vuole(t, 200, "")
	i.chi("SUPER").chiede(t, i, "POST", lontana, `{}`).vuole(t, 200, "")
	i.chi("CARLA").chiede(t, i, "GET", Base+"/profili", "").vuole(t, 200, "") // a token is the issuer's to take back
}

func TestTwoIdentitiesAreNone(t *testing.T) {
	i, op := conAccesso(t)
	b := i.browser()
	b.entra(t, op, "CARLA", "")
	token := b.biscotti[biscottoSessione]
	b.chiede(t, "GET", Base+"/profili", "", "Authorization", "Bearer "+i.chi("CARLA").token).vuole(t, 400, "accesso.due_identita")
	b.chiede(t, "GET", Base+"/profili", "", "Authorization", "Basic eA==").vuole(t, 400, "accesso.due_identita")
	b.chiede(t, "GET", Base+"/profili", "", "Cookie", biscottoSessione+"="+token+"; "+biscottoSessione+"="+token).vuole(t, 400, "accesso.due_identita")
	for _, male := range []string{"", "x", token[1:], token + "A", strings.ToLower(token), `"` + token + `x"`} {
		b.chiede(t, "GET", Base+"/profili", "", "Cookie", biscottoSessione+"="+male).vuole(t, 401, "accesso.sessione_finita")
	}
	b.chiede(t, "POST", Base+"/uscita", `a=b`, "Content-Type", "application/x-www-form-urlencoded").vuole(t, 415, "richiesta.tipo_contenuto")
	b.chiede(t, "POST", Base+"/uscita", `{}`, "Content-Type", "text/plain").vuole(t, 415, "richiesta.tipo_contenuto")
}

func TestASessionNeverActsForAnotherSite(t *testing.T) {
	i, op := conAccesso(t)
	b := i.browser()
	b.entra(t, op, "CARLA", "")
	for _, r := range routes {
		if r.method != http.MethodPost || r.right == aperta {
			continue
		}
		path := perID(func(string) string { return casoN(1).String() }).Replace(strings.ReplaceAll(r.path, "{ambito}", "PA42"))
		for _, da := range [][]string{{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}} {
			if a := b.chiede(t, "POST", path, `{}`, da...); a.status != 403 {
				t.Errorf("%s, %s: %d %s", r.path, da, a.status, a.codice())
			}
		}
	}
	b.chiede(t, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`, "Origin", i.server.URL).vuole(t, 200, "")
	b.chiede(t, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`, "Sec-Fetch-Site", "same-origin").vuole(t, 200, "")
}

// what is taken back is taken back everywhere within two seconds, though
// each replica remembers people for a moment.
func TestWhatIsRevokedOnOneReplicaIsRevokedOnTheOther(t *testing.T) {
	i, op := conAccesso(t)
	altra := i.replica(t)
	b := i.browser()
	b.entra(t, op, "CARLA", "")
	la := &browser{altra, b.biscotti}
	cerca := func(b *browser) risposta {
		t.Helper()
		return b.chiede(t, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`)
	}
	cerca(b).vuole(t, 200, "")
	cerca(la).vuole(t, 200, "")
	path := Base + "/operatori/" + i.chi("CARLA").id.String()
	i.chi("AMMINISTRA").chiede(t, i, "POST", path+"/sessioni/revoche", `{}`).vuole(t, 200, "")
	cerca(la).vuole(t, 401, "accesso.sessione_finita") // at once

	b.entra(t, op, "CARLA", "")
	cerca(la).vuole(t, 200, "")
	acc, err := i.Comandi.Operatore(t.Context(), i.chi("CARLA").id)
	if err != nil {
		t.Fatal(err)
	}
	i.chi("AMMINISTRA").chiede(t, i, "POST", path+"/accreditamenti/"+acc.Accreditamenti[0].ID.String()+"/revoche", `{"motivo":"trasferita"}`).vuole(t, 201, "")
	i.dopo.Add(int64(2 * time.Second))
	cerca(la).vuole(t, 403, "accesso.non_accreditato")
	cerca(b).vuole(t, 403, "accesso.non_accreditato")
	i.chi("CARLA").chiede(t, altra, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`).vuole(t, 403, "accesso.non_accreditato")
}
