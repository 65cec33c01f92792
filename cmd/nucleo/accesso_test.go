package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nucleo/httpapi"
)

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
		"NUCLEO_ADDR="+addr, "NUCLEO_TLS_CERT="+cert, "NUCLEO_TLS_KEY="+chiave, "NUCLEO_ACCESSO_RECENTE=30s")
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
