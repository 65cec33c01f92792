package httpapi

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"nucleo/domain"
	"nucleo/domain/operatore"
	"nucleo/httpapi/auth"
	"nucleo/httpapi/auth/authtest"
	"nucleo/internal/sessioni"
)

// conAccesso is an installation where people sign in by the browser.
func conAccesso(t *testing.T) (*impianto, *authtest.OP) {
	t.Helper()
	i := nuovo(t)
	op := authtest.New(t, i.adesso)
	tenute, err := sessioni.Apri(t.Context(), i.Lettura)
	if err != nil {
		t.Fatal(err)
	}
	i.Sessioni = tenute
	i.Accesso, err = auth.NuovoAccesso(t.Context(), auth.AccessoConfig{
		Config: auth.Config{Issuer: op.URL, Audience: op.Client, Now: i.adesso, Log: i.Log}, Segreto: op.Secret,
		Redirect: i.server.URL + Base + "/accesso/ritorno", Chiave: i.Segreto, Usati: tenute,
	})
	if err != nil {
		t.Fatal(err)
	}
	return i, op
}

// browser is one that keeps cookies and follows redirects.
type browser struct {
	i        *impianto
	biscotti map[string]string
}

func (i *impianto) browser() *browser { return &browser{i, map[string]string{}} }

// chiede sends a request with the cookies, which must be set as __Host- asks.
func (b *browser) chiede(t *testing.T, method, path, body string, headers ...string) risposta {
	t.Helper()
	var tutti []string
	for nome, valore := range b.biscotti {
		tutti = append(tutti, nome+"="+valore)
	}
	r := chi{}.chiede(t, b.i, method, path, body, append([]string{"Cookie", strings.Join(tutti, "; ")}, headers...)...)
	for _, riga := range r.header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(riga)
		if err != nil || !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("cookie %s: %v", riga, err)
			continue
		}
		if b.biscotti[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.biscotti, c.Name)
		}
	}
	return r
}

// va goes to the provider and comes back as far as the API's last answer.
func (b *browser) va(t *testing.T, query string) risposta {
	t.Helper()
	r := b.chiede(t, "GET", Base+"/accesso"+query, "").vuole(t, 303, "")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(r.header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	back, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || resp.StatusCode != 303 {
		t.Fatalf("the provider answers %d to %s", resp.StatusCode, r.header.Get("Location"))
	}
	return b.chiede(t, "GET", back.RequestURI(), "")
}

// entra signs somebody in.
func (b *browser) entra(t *testing.T, op *authtest.OP, nome, query string) {
	t.Helper()
	op.Claims = map[string]any{auth.ClaimEID: "TINIT-" + codiceDi(nome)}
	b.va(t, query).vuole(t, 303, "")
}

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

// ruolo is the profile of a role in a session.
func ruolo(s risposta, r domain.Ruolo) string {
	for n := range 9 {
		if at := string(rune('0' + n)); s.campo("profili", at, "ruolo") == string(r) {
			return s.campo("profili", at, "id").(string)
		}
	}
	return ""
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

// replica is the same installation in another process: the same log, the same
// database, and a memory of its own.
func (i *impianto) replica(t *testing.T) *impianto {
	t.Helper()
	tenute, err := sessioni.Apri(t.Context(), i.Lettura)
	if err != nil {
		t.Fatal(err)
	}
	altra := &impianto{store: i.store, log: i.log, rotte: i.rotte, key: i.key}
	altra.API = &API{
		Comandi: i.Comandi, Lettura: i.Lettura, Verifica: i.Verifica, Accesso: i.Accesso, Sessioni: tenute, Attesa: i.Attesa, Importazioni: i.Importazioni,
		Distributore: i.Distributore, Salute: i.Salute, Metriche: i.Metriche, Segreto: i.Segreto, Adesso: i.adesso, Zona: i.Zona, Log: i.Log, Versione: i.Versione,
	}
	handler, err := altra.Handler()
	if err != nil {
		t.Fatal(err)
	}
	altra.server = httptest.NewServer(handler)
	t.Cleanup(altra.server.Close)
	return altra
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
