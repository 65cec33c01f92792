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
