package httpapi

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"nucleo/domain"
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

// ruolo is the profile of a role in a session.
func ruolo(s risposta, r domain.Ruolo) string {
	for n := range 9 {
		if at := string(rune('0' + n)); s.campo("profili", at, "ruolo") == string(r) {
			return s.campo("profili", at, "id").(string)
		}
	}
	return ""
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
		Distributore: i.Distributore, Registro: i.Registro, Sigilli: i.Sigilli, Fascicoli: i.Fascicoli, Passati: i.Passati, Salute: i.Salute, Metriche: i.Metriche, Segreto: i.Segreto, Adesso: i.adesso, Zona: i.Zona, Log: i.Log, Versione: i.Versione,
	}
	handler, err := altra.Handler()
	if err != nil {
		t.Fatal(err)
	}
	altra.server = httptest.NewServer(handler)
	t.Cleanup(altra.server.Close)
	return altra
}
