package emittente_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"nucleo/cmd/nucleo/internal/emittente"
	"nucleo/httpapi/auth"
)

const back = "http://127.0.0.1:8080/rest/nucleo/v1/accesso/ritorno"

// usati remembers what works once.
type usati struct{ viste sync.Map }

func (u *usati) Usa(_ context.Context, cosa [32]byte, _ time.Time) (bool, error) {
	_, gia := u.viste.LoadOrStore(cosa, true)
	return !gia, nil
}

// banco is a provider that runs, and Nucleo as its client.
type banco struct {
	t       *testing.T
	url     string
	client  *auth.Accesso
	browser *http.Client
	now     time.Time
}

func provider(t *testing.T) *banco {
	t.Helper()
	b := &banco{t: t, now: now, browser: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	server := httptest.NewUnstartedServer(nil)
	b.url = "http://" + server.Listener.Addr().String() + "/op"
	f, err := emittente.NuovoFornitore(
		emittente.Config{KeyFile: filepath.Join(t.TempDir(), "key.pem"), Issuer: b.url, Now: func() time.Time { return b.now }},
		emittente.Cliente{ID: "console", Ritorno: back, Inizio: "/demo"},
		[]emittente.Persona{{CodiceFiscale: person, Nome: "Maria <Rossi>", Ruolo: "CASE_MANAGER"}, {CodiceFiscale: "FOXLIA99T71H501X", Nome: "Lia Fo", Ruolo: "AUDITOR"}})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = f.Handler()
	server.Start()
	t.Cleanup(server.Close)
	b.client, err = auth.NuovoAccesso(t.Context(), auth.AccessoConfig{
		Config:   auth.Config{Issuer: b.url, Audience: "console", Now: func() time.Time { return b.now }},
		Redirect: back, Chiave: make([]byte, 32), Usati: &usati{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// chiede sends a request as a browser does, and returns the answer and its text.
func (b *banco) chiede(method, to string, form url.Values) (*http.Response, string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, to, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := b.browser.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp, string(text)
}

// torna is where an answer sends the browser, which must be the client.
func (b *banco) torna(resp *http.Response) url.Values {
	b.t.Helper()
	to, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || resp.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to.String(), back+"?") {
		b.t.Fatalf("%d to %q", resp.StatusCode, resp.Header.Get("Location"))
	}
	return to.Query()
}

// entra goes the whole way as somebody.
func (b *banco) entra(forte bool, form url.Values) (auth.Entrata, error) {
	b.t.Helper()
	to, sealed, err := b.client.Inizia(b.t.Context(), "/there", forte)
	if err != nil {
		b.t.Fatal(err)
	}
	asked, err := url.Parse(to)
	if err != nil {
		b.t.Fatal(err)
	}
	form.Set("richiesta", asked.RawQuery)
	resp, _ := b.chiede("POST", b.url+"/scelta", form)
	return b.client.Ritorna(b.t.Context(), sealed, b.torna(resp))
}

func TestWhoIsChosenIsSignedIn(t *testing.T) {
	b := provider(t)
	for _, forte := range []bool{false, true} {
		got, err := b.entra(forte, url.Values{"persona": {"1"}, "livello": {"https://www.spid.gov.it/SpidL2"}})
		if err != nil || got.CodiceFiscale != "FOXLIA99T71H501X" || got.Acr != auth.SpidL2 || !got.AuthTime.Equal(now) || got.Forte != forte {
			t.Errorf("%+v %v", got, err)
		}
	}
	var basso auth.LivelloBasso
	if _, err := b.entra(false, url.Values{"persona": {"0"}, "livello": {"https://www.spid.gov.it/SpidL1"}}); !errors.As(err, &basso) || basso.CodiceFiscale != person || !errors.Is(err, auth.ErrLivello) {
		t.Errorf("level 1: %v", err)
	}
	if _, err := b.entra(false, url.Values{"persona": {"0"}, "annulla": {"1"}}); !errors.Is(err, auth.ErrRifiutato) {
		t.Errorf("cancelled: %v", err)
	}
	if fuori := b.client.Uscita(t.Context()); fuori != b.url+"/uscita?client_id=console" {
		t.Error(fuori)
	}
}

// TestThePageNamesWhomOneMayBe looks at the page as a browser and a screen reader
// do.
func TestThePageNamesWhomOneMayBe(t *testing.T) {
	b := provider(t)
	to, _, err := b.client.Inizia(t.Context(), "/there", false)
	if err != nil {
		t.Fatal(err)
	}
	resp, text := b.chiede("GET", to, nil)
	csp := resp.Header.Get("Content-Security-Policy")
	nonce := regexp.MustCompile(`<style nonce="([A-Z2-7]+)">`).FindStringSubmatch(text)
	if resp.StatusCode != 200 || nonce == nil || !strings.Contains(csp, "'nonce-"+nonce[1]+"'") || !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") ||
		resp.Header.Get("Cache-Control") != "no-store" || resp.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	for _, parte := range []string{
		`<html lang="it">`, "<title>Accesso alla demo – Nucleo</title>", "<main>", "<h1>Accesso alla demo di Nucleo</h1>", "Questo non è SPID",
		`<label for="livello">`, `<select id="livello"`, `<h2 id="gruppo-0">CASE_MANAGER</h2>`, `value="0">Maria &lt;Rossi&gt;</button>`, `value="1">Lia Fo</button>`, `name="annulla"`,
	} {
		if !strings.Contains(text, parte) {
			t.Errorf("the page has no %s", parte)
		}
	}
	for _, mai := range []string{"<script", person, "style=", "onclick"} {
		if strings.Contains(text, mai) {
			t.Errorf("the page has %s", mai)
		}
	}
	if _, text = b.chiede("GET", b.url+"/uscita?client_id=console", nil); !strings.Contains(text, `<a href="/demo">Accedi di nuovo</a>`) {
		t.Error(text)
	}
}

// buona is a request that nothing is wrong with, whose verifier is known.
func buona() url.Values {
	sum := sha256.Sum256([]byte("a verifier"))
	return url.Values{
		"client_id": {"console"}, "redirect_uri": {back}, "response_type": {"code"}, "scope": {"openid profile"}, "state": {"s"}, "nonce": {"n"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
}

func TestRequestsThatAreNotGoodAreRefused(t *testing.T) {
	b := provider(t)
	for name, c := range map[string]struct {
		set   string
		to    []string
		oauth string // goes back to the client; "" is told to the person
	}{
		"another client":          {"client_id", []string{"other"}, ""},
		"no client":               {"client_id", nil, ""},
		"another address":         {"redirect_uri", []string{back + "/elsewhere"}, ""},
		"two addresses":           {"redirect_uri", []string{back, "https://evil.example"}, ""},
		"two states":              {"state", []string{"s", "t"}, ""},
		"a token at once":         {"response_type", []string{"id_token"}, "unsupported_response_type"},
		"no OpenID":               {"scope", []string{"profile"}, "invalid_scope"},
		"PKCE in clear":           {"code_challenge_method", []string{"plain"}, "invalid_request"},
		"no PKCE":                 {"code_challenge", nil, "invalid_request"},
		"no state":                {"state", nil, "invalid_request"},
		"no nonce":                {"nonce", nil, "invalid_request"},
		"nobody is to be asked":   {"prompt", []string{"none"}, "login_required"},
		"a request object":        {"request", []string{"eyJ"}, "request_not_supported"},
		"one that lies elsewhere": {"request_uri", []string{"https://evil.example"}, "request_not_supported"},
	} {
		q := buona()
		if q[c.set] = c.to; c.to == nil {
			q.Del(c.set)
		}
		for _, resp := range []*http.Response{first(b.chiede("GET", b.url+"/autorizzazione?"+q.Encode(), nil)), first(b.chiede("POST", b.url+"/scelta", url.Values{"richiesta": {q.Encode()}, "persona": {"0"}}))} {
			if c.oauth == "" {
				if resp.StatusCode != 400 || resp.Header.Get("Location") != "" {
					t.Errorf("%s: %d to %q", name, resp.StatusCode, resp.Header.Get("Location"))
				}
				continue
			}
			if said := b.torna(resp); said.Get("error") != c.oauth || said.Get("code") != "" || said.Get("state") != q.Get("state") || said.Get("iss") != b.url {
				t.Errorf("%s: %v", name, said)
			}
		}
	}
	if resp, text := b.chiede("POST", b.url+"/scelta", url.Values{"richiesta": {buona().Encode()}, "persona": {"7"}}); resp.StatusCode != 400 || !strings.Contains(text, "Questa persona non è della demo") {
		t.Errorf("nobody of the list: %d", resp.StatusCode)
	}
}

func first(r *http.Response, _ string) *http.Response { return r }

// TestACodeWorksOnceAndForWhoAskedForIt spends codes as they should not be.
func TestACodeWorksOnceAndForWhoAskedForIt(t *testing.T) {
	b := provider(t)
	spende := func(set, to string, dopo time.Duration) (int, map[string]any) {
		t.Helper()
		resp, _ := b.chiede("POST", b.url+"/scelta", url.Values{"richiesta": {buona().Encode()}, "persona": {"0"}})
		form := url.Values{"grant_type": {"authorization_code"}, "code": {b.torna(resp).Get("code")}, "redirect_uri": {back}, "client_id": {"console"}, "code_verifier": {"a verifier"}}
		if set != "" {
			form.Set(set, to)
		}
		b.now = b.now.Add(dopo)
		resp, text := b.chiede("POST", b.url+"/token", form)
		if set == "" && dopo == 0 {
			if again, _ := b.chiede("POST", b.url+"/token", form); again.StatusCode != 400 {
				t.Error("a code works twice")
			}
		}
		var said map[string]any
		if json.Unmarshal([]byte(text), &said) != nil || resp.Header.Get("Cache-Control") != "no-store" {
			t.Error(text, resp.Header)
		}
		return resp.StatusCode, said
	}
	if status, said := spende("", "", 0); status != 200 || said["token_type"] != "Bearer" || said["id_token"] == "" {
		t.Error(status, said)
	}
	for name, c := range map[string]struct{ set, to, want string }{
		"another verifier": {"code_verifier", "another", "invalid_grant"}, "no verifier": {"code_verifier", "", "invalid_grant"},
		"another client": {"client_id", "other", "invalid_grant"}, "another address": {"redirect_uri", "https://evil.example", "invalid_grant"},
		"another code": {"code", "AAAA", "invalid_grant"}, "another grant": {"grant_type", "password", "unsupported_grant_type"},
	} {
		if status, said := spende(c.set, c.to, 0); status != 400 || said["error"] != c.want {
			t.Error(name, status, said)
		}
	}
	if status, said := spende("", "", time.Minute); status != 400 || said["error"] != "invalid_grant" {
		t.Error("after a minute:", status, said)
	}
}

func TestCodesThatNobodySpendsDoNotPileUp(t *testing.T) {
	b := provider(t)
	form := url.Values{"richiesta": {buona().Encode()}, "persona": {"0"}}
	for range 1000 {
		resp, _ := b.chiede("POST", b.url+"/scelta", form)
		if b.torna(resp).Get("code") == "" {
			t.Fatal("refused too soon")
		}
	}
	if resp, _ := b.chiede("POST", b.url+"/scelta", form); b.torna(resp).Get("error") != "temporarily_unavailable" {
		t.Error("codes without end")
	}
	b.now = b.now.Add(time.Minute)
	if resp, _ := b.chiede("POST", b.url+"/scelta", form); b.torna(resp).Get("code") == "" {
		t.Error("old codes stay")
	}
}

func TestNoProviderRunsInProduction(t *testing.T) {
	_, err := emittente.NuovoFornitore(
		emittente.Config{KeyFile: filepath.Join(t.TempDir(), "key.pem"), Issuer: "http://127.0.0.1/op", Ambiente: "production"},
		emittente.Cliente{ID: "c", Ritorno: back, Inizio: "/demo"}, []emittente.Persona{{}})
	if !errors.Is(err, emittente.ErrProduzione) {
		t.Error(err)
	}
}
