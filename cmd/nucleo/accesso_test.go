package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nucleo/httpapi"
	"nucleo/httpapi/auth"
)

// fornitore starts the OpenID provider of testdata/op, which others wrote, and
// returns its issuer.
func fornitore(t *testing.T, argomenti ...string) string {
	t.Helper()
	if os.Getenv("NUCLEO_SENZA_NPM") != "" {
		t.Skip("NUCLEO_SENZA_NPM is set: signing in is NOT tested against a provider of others")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "op"))); err != nil {
		t.Fatal(err)
	}
	npm := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund", "--prefer-offline")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("signing in is NOT tested: npm cannot install the provider: %v\n%s\nmake test installs npm (scripts/npm.sh); NUCLEO_SENZA_NPM=1 leaves this test out", err, out)
	}
	op := exec.Command("node", append([]string{"op.js"}, argomenti...)...)
	op.Dir = dir
	var detto scritto
	op.Stderr = &detto
	ingresso, err := op.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	uscita, err := op.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := op.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = ingresso.Close()
		_ = op.Wait()
		if t.Failed() {
			t.Log(detto.String())
		}
	})
	riga, err := bufio.NewReader(uscita).ReadString('\n')
	if err != nil {
		t.Fatalf("the provider does not start: %v\n%s", err, detto.String())
	}
	return strings.TrimSpace(riga)
}

// certificato writes a certificate for the loopback, and returns who trusts it.
func certificato(t *testing.T) (cert, chiave string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	modello := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "nucleo"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, modello, modello, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	privata, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	scrivi := func(nome, tipo string, b []byte) string {
		file := filepath.Join(t.TempDir(), nome)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: tipo, Bytes: b}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	fidato, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(fidato)
	return scrivi("cert.pem", "CERTIFICATE", der), scrivi("key.pem", "PRIVATE KEY", privata), pool
}

// navigatore is a browser: it keeps cookies as the standard says, follows
// redirects, and tells the pages of the provider who signs in.
type navigatore struct {
	t      *testing.T
	client *http.Client
	api    string
	chi    string // codice fiscale
	acr    string
	viste  []string // the paths that it was sent to
}

func nuovoNavigatore(t *testing.T, pool *x509.CertPool, api, chi string) *navigatore {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	n := &navigatore{t: t, api: api, chi: chi, acr: auth.SpidL2}
	n.client = &http.Client{
		Jar: jar, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}},
		CheckRedirect: func(req *http.Request, _ []*http.Request) error {
			if n.viste = append(n.viste, req.URL.Path); strings.HasPrefix(req.URL.Path, "/interaction/") {
				req.URL.RawQuery = url.Values{"login": {n.chi}, "acr": {n.acr}}.Encode()
			}
			return nil
		},
	}
	return n
}

// chiede sends a request of the API, and returns the answer at the end of all
// redirects.
func (n *navigatore) chiede(method, path, corpo string, headers ...string) (int, []byte, http.Header) {
	n.t.Helper()
	req, err := http.NewRequestWithContext(n.t.Context(), method, n.api+path, strings.NewReader(corpo))
	if err != nil {
		n.t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", rand.Text())
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	n.viste = nil
	resp, err := n.client.Do(req)
	if err != nil {
		n.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return resp.StatusCode, b, resp.Header
}

// vuole is chiede for an answer of a status, and of a code when it is a refusal.
func (n *navigatore) vuole(status int, codice, method, path, corpo string, headers ...string) []byte {
	n.t.Helper()
	avuto, b, _ := n.chiede(method, path, corpo, headers...)
	var p struct{ Codice string }
	if _ = json.Unmarshal(b, &p); avuto != status || p.Codice != codice {
		n.t.Fatalf("%s %s: %d %s, want %d %s (by way of %v)", method, path, avuto, b, status, codice, n.viste)
	}
	return b
}

// People sign in at a provider that others wrote, over TLS, with the cookies of
// a browser: a coordinator of a demo, who has a profile, works, signs in anew to
// decide, and leaves.
func TestPeopleSignInAtAProviderOfOthers(t *testing.T) {
	dir := cartellaDemo(t)
	env := conPostgres(t)
	p := demoIn(t, dir, env, "--casi", "40", "--seed", "3")
	co, cm := p.chi("COORDINATORE_PAIS"), p.chi("CASE_MANAGER")
	if err := p.ferma(); err != nil {
		t.Fatal(err)
	}

	addr := portaLibera(t)
	api := "https://" + addr + httpapi.Base
	const client, segreto = "nucleo-console", "un segreto lungo, con + e %2B"
	issuer := fornitore(t, client, segreto, api+"/accesso/ritorno")
	cert, chiave, pool := certificato(t)
	file := filepath.Join(t.TempDir(), "segreto")
	if err := os.WriteFile(file, []byte(segreto+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env = append(env, "NUCLEO_OIDC_ISSUER="+issuer, "NUCLEO_OIDC_CLIENT_ID="+client, "NUCLEO_OIDC_CLIENT_SEGRETO="+file, "NUCLEO_OIDC_RITORNO="+api+"/accesso/ritorno",
		"NUCLEO_OIDC_SCOPE=openid", "NUCLEO_ADDR="+addr, "NUCLEO_TLS_CERT="+cert, "NUCLEO_TLS_KEY="+chiave, "NUCLEO_ACCESSO_RECENTE=30s")
	p = avvia(t, dir, env, "serve", "--data", dir)
	n := nuovoNavigatore(t, pool, api, co.CodiceFiscale)
	finche(t, 30*time.Second, "it serves", func() bool {
		resp, err := n.client.Get("https://" + addr + "/readyz")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	if out, err := verboCon(t, dir, env, "doctor"); !strings.Contains(out, "sign-in by the browser") || strings.Contains(out, "errore") {
		t.Errorf("doctor: %v\n%s", err, out)
	}

	n.vuole(401, "accesso.token_mancante", "GET", "/sessione", "")
	n.acr = "https://www.spid.gov.it/SpidL1"
	n.vuole(403, "token.livello", "GET", "/accesso", "")
	n = nuovoNavigatore(t, pool, api, co.CodiceFiscale)
	var s struct {
		Nome    string
		Profili []struct {
			ID, Ruolo string
			Attivo    bool
		}
	}
	if err := json.Unmarshal(n.vuole(200, "", "GET", "/accesso", ""), &s); err != nil || s.Nome != co.Nome || len(s.Profili) != 1 || !s.Profili[0].Attivo || s.Profili[0].Ruolo != co.Ruolo {
		t.Fatalf("%v: %+v by way of %v", err, s, n.viste)
	}
	n.vuole(200, "", "POST", "/sessione/profilo", fmt.Sprintf(`{"profilo_id":%q}`, s.Profili[0].ID))
	var lista struct {
		Totale int
		Items  []struct{ ID, Cognome string }
	}
	if err := json.Unmarshal(n.vuole(200, "", "POST", "/casi/ricerche", `{"lista":"assegnati"}`), &lista); err != nil || lista.Totale == 0 || !strings.Contains(lista.Items[0].Cognome, "****") {
		t.Errorf("%v: %+v", err, lista)
	}
	n.vuole(400, "accesso.due_identita", "GET", "/sessione", "", "Authorization", "Bearer "+co.Token)

	inesistente := "/casi/" + lista.Items[0].ID + "/segnalazioni/" + lista.Items[0].ID + "/decisioni"
	n.vuole(401, "accesso.non_recente", "POST", inesistente, `{"decisione":"approvata"}`) // the provider said no auth_time
	n.vuole(200, "", "GET", "/accesso?forte=true", "")
	if !strings.Contains(strings.Join(n.viste, " "), "/interaction/") {
		t.Errorf("the person was not asked to sign in anew: %v", n.viste)
	}
	n.vuole(404, "segnalazione.inesistente", "POST", inesistente, `{"decisione":"approvata"}`)

	altro := nuovoNavigatore(t, pool, api, cm.CodiceFiscale)
	altro.vuole(200, "", "GET", "/accesso", "")
	altro.vuole(403, "vietato", "POST", inesistente, `{"decisione":"approvata"}`)
	if err := p.ferma(); err != nil {
		t.Fatal(err)
	}
	log := p.stderr.String()
	for _, vietato := range []string{co.CodiceFiscale, cm.CodiceFiscale, "un segreto", "code="} {
		if strings.Contains(log, vietato) {
			t.Errorf("the log holds %q", vietato)
		}
	}
	if strings.Count(log, `"msg":"signed in"`) != 3 || strings.Count(log, `"msg":"sign-in refused"`) != 1 {
		t.Errorf("sign-ins are not in the log:\n%s", log)
	}

	p = avvia(t, dir, env, "serve", "--data", dir) // sessions outlive a restart
	finche(t, 30*time.Second, "it serves again", func() bool {
		resp, err := n.client.Get(api + "/sessione")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	fuori := n.vuole(200, "", "POST", "/uscita", `{}`)
	if !strings.Contains(string(fuori), issuer+"/session/end?client_id="+client) {
		t.Errorf("%s", fuori)
	}
	n.vuole(401, "accesso.token_mancante", "GET", "/sessione", "")
	altro.vuole(200, "", "GET", "/sessione", "")
	if err := p.ferma(); err != nil {
		t.Fatal(err)
	}
}
