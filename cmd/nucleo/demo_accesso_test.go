package main

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"nucleo/httpapi"
)

// biscotti are those of one host on the loopback, where browsers take what is
// Secure without TLS.
type biscotti struct {
	mu    sync.Mutex
	tutti map[string]*http.Cookie
}

func (b *biscotti) SetCookies(_ *url.URL, nuovi []*http.Cookie) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range nuovi {
		if b.tutti[c.Name] = c; c.MaxAge < 0 {
			delete(b.tutti, c.Name)
		}
	}
}

func (b *biscotti) Cookies(*url.URL) (tutti []*http.Cookie) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.tutti {
		tutti = append(tutti, &http.Cookie{Name: c.Name, Value: c.Value})
	}
	return tutti
}

// sfoglia is a browser before the pages of a demo.
type sfoglia struct {
	t      *testing.T
	client *http.Client
	dove   *url.URL // of the page that is shown
	pagina string
}

func (v *sfoglia) va(method, to string, form url.Values) int {
	v.t.Helper()
	dove, err := v.dove.Parse(to)
	if err != nil {
		v.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(v.t.Context(), method, dove.String(), strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		req.Header.Set("Origin", dove.Scheme+"://"+dove.Host)
	}
	resp, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	v.dove, v.pagina = resp.Request.URL, string(b)
	return resp.StatusCode
}

// link follows the link of a text.
func (v *sfoglia) link(testo string) int {
	v.t.Helper()
	m := regexp.MustCompile(`<a [^>]*href="([^"]+)"[^>]*>` + regexp.QuoteMeta(testo) + `</a>`).FindStringSubmatch(v.pagina)
	if m == nil {
		v.t.Fatalf("%s has no link %q\n%s", v.dove, testo, v.pagina)
	}
	return v.va(http.MethodGet, html.UnescapeString(m[1]), nil)
}

// preme presses the button of a text, in a form of what else it holds.
func (v *sfoglia) preme(testo string, campi url.Values) int {
	v.t.Helper()
	for _, forma := range regexp.MustCompile(`(?s)<form method="post" action="([^"]+)">(.*?)</form>`).FindAllStringSubmatch(v.pagina, -1) {
		b := regexp.MustCompile(`<button [^>]*?(?:name="([^"]*)" value="([^"]*)")?>` + regexp.QuoteMeta(html.EscapeString(testo)) + `</button>`).FindStringSubmatch(forma[2])
		if b == nil {
			continue
		}
		form := url.Values{}
		for _, n := range regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`).FindAllStringSubmatch(forma[2], -1) {
			form.Set(n[1], html.UnescapeString(n[2]))
		}
		for nome, valori := range campi {
			form[nome] = valori
		}
		if b[1] != "" {
			form.Set(b[1], b[2])
		}
		return v.va(http.MethodPost, html.UnescapeString(forma[1]), form)
	}
	v.t.Fatalf("%s has no button %q\n%s", v.dove, testo, v.pagina)
	return 0
}

func (v *sfoglia) vede(testi ...string) {
	v.t.Helper()
	for _, testo := range testi {
		if !strings.Contains(v.pagina, testo) {
			v.t.Fatalf("%s does not show %q\n%s", v.dove, testo, v.pagina)
		}
	}
}

// A new user opens the address that a demo prints, chooses whom to be and under
// which profile, works with the session of the browser, and leaves.
func TestANewUserSignsInToADemoByTheBrowser(t *testing.T) {
	t.Parallel()
	p := demoIn(t, cartellaDemo(t), conPostgres(t), "--casi", "40", "--seed", "3")
	defer p.ferma()
	inizio, err := url.Parse(p.Pagina)
	if err != nil || !strings.HasPrefix(p.Pagina, p.Indirizzo+"/") {
		t.Fatalf("%q %v", p.Pagina, err)
	}
	nuova := func() *sfoglia {
		return &sfoglia{t: t, client: &http.Client{Jar: &biscotti{tutti: map[string]*http.Cookie{}}}, dove: inizio}
	}
	v, doppia := nuova(), p.chi("COORDINATORE_PAIS+CASE_MANAGER")
	v.va("GET", p.Pagina, nil)
	v.link("Accedi")
	v.vede("Questo non è SPID", "COORDINATORE_PAIS, CASE_MANAGER")
	if strings.Contains(v.pagina, "sistema-inps") || strings.Contains(v.pagina, doppia.CodiceFiscale) {
		t.Error("a program is among the people, or a codice fiscale in the page")
	}
	v.preme(doppia.Nome, nil)
	if v.dove.String() != p.Pagina {
		t.Fatalf("came back to %s\n%s", v.dove, v.pagina)
	}
	v.vede("<h1>"+html.EscapeString(doppia.Nome)+"</h1>", "Scegli con quale profilo", "COORDINATORE_PAIS", "CASE_MANAGER")
	v.preme("Agisci con questo profilo", nil) // the first: coordinator
	v.vede("<strong>(attivo)</strong>")
	v.link("I casi assegnati")
	v.vede(`value="/casi/ricerche"`, "assegnati")
	v.preme("Manda", url.Values{"metodo": {"POST"}, "percorso": {"/casi/ricerche"}, "corpo": {`{"lista":"assegnati","limit":10}`}})
	v.vede("Risposta: 200", "****")

	// The cookie works with the API itself, as any program of the browser sends it.
	req, err := http.NewRequestWithContext(t.Context(), "POST", p.Indirizzo+httpapi.Base+"/casi/ricerche", strings.NewReader(`{"lista":"da_assegnare","limit":10}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := v.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	var coda struct{ Totale int }
	if err := json.NewDecoder(resp.Body).Decode(&coda); err != nil || resp.StatusCode != 200 {
		t.Error(resp.StatusCode, err)
	}
	_ = resp.Body.Close()

	v.link("Accedi di nuovo")
	v.preme(doppia.Nome, nil)
	v.vede("<strong>(attivo)</strong>") // the profile goes on
	v.preme("esci", nil)
	v.vede("Sei fuori dalla demo")
	v.link("Accedi di nuovo")
	v.vede(">Accedi</a>")

	for _, c := range []struct {
		bottone string
		campi   url.Values
		stato   int
		codice  string
	}{
		{"Annulla e torna indietro", nil, 401, "accesso.rifiutato"},
		{doppia.Nome, url.Values{"livello": {"https://www.spid.gov.it/SpidL1"}}, 403, "token.livello"},
	} {
		v = nuova()
		v.va("GET", p.Pagina, nil)
		v.link("Accedi")
		if stato := v.preme(c.bottone, c.campi); stato != c.stato || !strings.Contains(v.pagina, fmt.Sprintf("%q", c.codice)) {
			t.Errorf("%s: %d %s", c.bottone, stato, v.pagina)
		}
	}

	// From the page of somebody else nothing is done.
	v = nuova()
	req, _ = http.NewRequestWithContext(t.Context(), "POST", p.Pagina+"/uscita", nil)
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	if resp, err := v.client.Do(req); err != nil || resp.StatusCode != 403 {
		t.Error(resp, err)
	}
}

func TestNoDemoRunsInProduction(t *testing.T) {
	if out, err := verboCon(t, cartellaDemo(t), []string{"NUCLEO_ENV=production"}, "demo", "--addr", "127.0.0.1:0"); err == nil || !strings.Contains(err.Error(), "NUCLEO_ENV=production") {
		t.Error(out, err)
	}
}
