package httpapi

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"nucleo/domain"
	"nucleo/httpapi/auth"
)

func TestAPersonSignsInChoosesAProfileWorksAndLeaves(t *testing.T) {
	i, op := conAccesso(t)
	b := i.browser()
	b.chiede(t, "GET", Base+"/sessione", "").vuole(t, 401, "accesso.token_mancante")
	op.Claims = map[string]any{auth.ClaimEID: "TINIT-" + codiceDi("DOPPIA")}
	if r := b.va(t, ""); r.status != 303 || r.header.Get("Location") != Base+"/sessione" {
		t.Fatalf("%d to %s", r.status, r.header.Get("Location"))
	}
	for nome, valore := range map[string]string{"response_type": "code", "code_challenge_method": "S256", "scope": "openid", "acr_values": auth.SpidL2, "prompt": "", "max_age": ""} {
		if op.Asked.Get(nome) != valore {
			t.Errorf("%s = %q", nome, op.Asked.Get(nome))
		}
	}
	for _, nome := range []string{"state", "nonce", "code_challenge"} {
		if len(op.Asked.Get(nome)) < 32 {
			t.Errorf("%s = %q", nome, op.Asked.Get(nome))
		}
	}
	if len(b.biscotti) != 1 {
		t.Errorf("cookies %v", b.biscotti)
	}
	s := b.chiede(t, "GET", Base+"/sessione", "").vuole(t, 200, "")
	if s.campo("operatore_id") != i.chi("DOPPIA").id.String() || s.campo("profili", "0", "attivo") != false || s.campo("profili", "1", "attivo") != false {
		t.Errorf("%s", s.body)
	}
	b.chiede(t, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`).vuole(t, 409, "accesso.profilo_da_scegliere")

	coordina, segue := ruolo(s, domain.CoordinatorePaIS), ruolo(s, domain.CaseManager)
	prima := b.biscotti[biscottoSessione]
	b.chiede(t, "POST", Base+"/sessione/profilo", `{"profilo_id":"`+coordina+`"}`).vuole(t, 200, "")
	b.chiede(t, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`).vuole(t, 200, "")
	b.chiede(t, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`, "Profilo", segue).vuole(t, 409, "accesso.profilo_di_sessione")
	b.chiede(t, "POST", Base+"/casi/miei/ricerche", `{}`).vuole(t, 403, "vietato") // no union
	b.chiede(t, "GET", Base+"/profili", "").vuole(t, 200, "")
	vecchio := &browser{i, map[string]string{biscottoSessione: prima}}
	vecchio.chiede(t, "GET", Base+"/sessione", "").vuole(t, 401, "accesso.sessione_finita")
	vecchio.chiede(t, "POST", Base+"/sessione/profilo", `{"profilo_id":"`+segue+`"}`).vuole(t, 401, "accesso.sessione_finita")
	b.chiede(t, "POST", Base+"/sessione/profilo", `{"profilo_id":"`+segue+`"}`).vuole(t, 200, "")
	b.chiede(t, "POST", Base+"/casi/miei/ricerche", `{}`).vuole(t, 200, "")
	b.chiede(t, "POST", Base+"/sessione/profilo", `{"profilo_id":"`+casoN(1).String()+`"}`).vuole(t, 403, "accesso.profilo_sconosciuto")

	ultimo := b.biscotti[biscottoSessione]
	fuori := b.chiede(t, "POST", Base+"/uscita", `{}`).vuole(t, 200, "")
	if fuori.campo("uscita_dal_fornitore") != op.URL+"/end?client_id=console" || len(b.biscotti) != 0 {
		t.Errorf("%s, cookies %v", fuori.body, b.biscotti)
	}
	(&browser{i, map[string]string{biscottoSessione: ultimo}}).chiede(t, "GET", Base+"/sessione", "").vuole(t, 401, "accesso.sessione_finita")
	i.chi("CARLA").chiede(t, i, "GET", Base+"/sessione", "").vuole(t, 404, "accesso.senza_sessione")
	i.chi("CARLA").chiede(t, i, "POST", Base+"/uscita", `{}`).vuole(t, 404, "accesso.senza_sessione")
}

func TestADecisionInASessionTakesAnotherSignIn(t *testing.T) {
	i, op := conAccesso(t)
	dove, prima := i.segnala(t, 1, i.chi("CARLA"), i.chi("ANNA"))
	b := i.browser()
	b.entra(t, op, "CARLA", "")
	i.dopo.Add(int64(6 * time.Minute))
	b.chiede(t, "POST", dove+"/"+prima+"/decisioni", `{"decisione":"approvata"}`).vuole(t, 401, "accesso.non_recente")
	vecchio := b.biscotti[biscottoSessione]
	b.entra(t, op, "CARLA", "?forte=true")
	if op.Asked.Get("prompt") != "login" || op.Asked.Get("max_age") != "0" {
		t.Errorf("the provider was asked for %v", op.Asked)
	}
	b.chiede(t, "POST", dove+"/"+prima+"/decisioni", `{"decisione":"approvata"}`).vuole(t, 201, "")
	(&browser{i, map[string]string{biscottoSessione: vecchio}}).chiede(t, "GET", Base+"/profili", "").vuole(t, 401, "accesso.sessione_finita")

	for nome, quando := range map[string]any{"an old sign-in": i.adesso().Add(-2 * time.Minute).Unix(), "none": nil} { // it did not ask again
		op.Claims = map[string]any{auth.ClaimEID: "TINIT-" + codiceDi("CARLA"), "auth_time": quando}
		if r := b.va(t, "?forte=true"); r.status != 401 || r.codice() != "token.auth_time" {
			t.Errorf("%s: %d %s", nome, r.status, r.codice())
		}
	}
}

func TestTheProfileOfASessionSurvivesAnotherSignInOfTheSamePersonOnly(t *testing.T) {
	i, op := conAccesso(t)
	b := i.browser()
	b.entra(t, op, "DOPPIA", "")
	coordina := ruolo(b.chiede(t, "GET", Base+"/sessione", ""), domain.CoordinatorePaIS)
	b.chiede(t, "POST", Base+"/sessione/profilo", `{"profilo_id":"`+coordina+`"}`).vuole(t, 200, "")
	b.entra(t, op, "DOPPIA", "?forte=true")
	b.chiede(t, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`).vuole(t, 200, "")
	prima := b.biscotti[biscottoSessione]
	b.entra(t, op, "ANNA", "")
	if s := b.chiede(t, "GET", Base+"/sessione", ""); s.campo("operatore_id") != i.chi("ANNA").id.String() || s.campo("profili", "0", "ruolo") != "CASE_MANAGER" {
		t.Errorf("%s", s.body)
	}
	(&browser{i, map[string]string{biscottoSessione: prima}}).chiede(t, "GET", Base+"/profili", "").vuole(t, 401, "accesso.sessione_finita")
}

func TestASignInLeadsNowhereElse(t *testing.T) {
	i, op := conAccesso(t)
	for _, dove := range []string{"", "//evil.example", "https://evil.example", "/\\evil.example", "/", Base + "/sessione?x=1", Base + "/sessione/../../..", "javascript:alert(1)", Base + "/casi", "%2f%2fevil.example", "/\t/evil.example"} {
		r := i.browser().chiede(t, "GET", Base+"/accesso?ritorno="+url.QueryEscape(dove), "")
		if r.status != 400 || r.header.Get("Location") != "" || r.header.Get("Set-Cookie") != "" {
			t.Errorf("%q: %d to %s", dove, r.status, r.header.Get("Location"))
		}
	}
	b := i.browser()
	op.Claims = map[string]any{auth.ClaimEID: codiceDi("CARLA")}
	if r := b.va(t, "?ritorno="+Base+"/profili"); r.header.Get("Location") != Base+"/profili" {
		t.Errorf("to %s", r.header.Get("Location"))
	}
}

func TestASignInThatThisBrowserDidNotBeginEndsNowhere(t *testing.T) {
	i, op := conAccesso(t)
	op.Claims = map[string]any{auth.ClaimEID: codiceDi("CARLA")}
	andata := func(b *browser) string { // as far as the address to come back to
		r := b.chiede(t, "GET", Base+"/accesso", "").vuole(t, 303, "")
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		resp, err := client.Get(r.header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		back, _ := url.Parse(resp.Header.Get("Location"))
		return back.RequestURI()
	}
	vittima, ladra := i.browser(), i.browser()
	torna := andata(ladra)
	vittima.chiede(t, "GET", torna, "").vuole(t, 400, "accesso.tentativo_non_valido") // login CSRF
	andata(vittima)
	vittima.chiede(t, "GET", torna, "").vuole(t, 400, "accesso.tentativo_non_valido") // with an attempt of its own
	if len(op.Seen) != 0 {
		t.Error("a code was exchanged")
	}
	tentativo := ladra.biscotti[biscottoTentativo]
	ladra.chiede(t, "GET", torna, "").vuole(t, 303, "")
	ladra.chiede(t, "GET", torna, "").vuole(t, 400, "accesso.tentativo_non_valido") // the cookie is gone
	ladra.biscotti[biscottoTentativo] = tentativo
	ladra.chiede(t, "GET", torna, "").vuole(t, 400, "accesso.tentativo_non_valido") // and works once
	if len(op.Seen) != 1 {
		t.Errorf("%d codes were exchanged", len(op.Seen))
	}
	tardi := i.browser()
	torna = andata(tardi)
	i.dopo.Add(int64(auth.DurataTentativo))
	tardi.chiede(t, "GET", torna, "").vuole(t, 400, "accesso.tentativo_non_valido")
}

func TestWithoutAProviderForTheBrowserTokensGoOn(t *testing.T) {
	i := nuovo(t)
	b := i.browser()
	b.chiede(t, "GET", Base+"/accesso", "").vuole(t, 404, "accesso.non_configurato")
	b.chiede(t, "GET", Base+"/accesso/ritorno?code=x&state=y", "").vuole(t, 404, "accesso.non_configurato")
	b.biscotti[biscottoSessione] = strings.Repeat("A", 43)
	b.chiede(t, "GET", Base+"/sessione", "").vuole(t, 401, "accesso.sessione_finita")
	i.chi("CARLA").chiede(t, i, "GET", Base+"/profili", "").vuole(t, 200, "")
	i.chi("SUPER").chiede(t, i, "POST", Base+"/operatori/"+i.chi("CARLA").id.String()+"/sessioni/revoche", `{}`).vuole(t, 200, "")
}
