package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/commands/modulo"
	"nucleo/domain/belfiore"
	"nucleo/httpapi"
)

// TestAnAmministratoreAccreditsThirtyOperatorsByAWorkbook is the road of a new
// ambito: the Super Utente names an amministratore over the API, who fills the
// form in by the verbs. One bad row: told which and why, nothing applied.
// Corrected: applied, and each of the thirty acts. Then people sign in at a
// provider that others wrote, and what they look at is seen.
func TestAnAmministratoreAccreditsThirtyOperatorsByAWorkbook(t *testing.T) {
	t.Parallel()
	s := installazioneNuova(t, "127.0.0.1:0")
	p := s.serve(t, s.dir)
	defer p.ferma()
	am := p.nomina(t, s)
	dir, api := t.TempDir(), []string{"--api", p.Indirizzo, "--token", am}
	file := filepath.Join(dir, "operatori.xlsx")
	verbo := func(args ...string) (string, error) { return verboCon(t, s.dir, s.env, append(args, api...)...) }
	if out, err := verbo("users", "template", file); err != nil {
		t.Fatal(out, err)
	}
	trenta := genera.Persone(77, genera.Palermo())[:30]
	compila(t, file, trenta, map[int]string{17: "31/02/1990"})

	out, err := verbo("users", "import", file, "--apply")
	if err == nil || !strings.Contains(out, "rows 30, bad 1") || !strings.Contains(out, "row 17  data_nascita  modulo.data_non_valida") {
		t.Fatalf("the bad row is not told\n%s%v", out, err)
	}
	if n := p.operatoriDi(t, am); n != 1 {
		t.Fatalf("%d operators after a bad file", n)
	}
	errati, err := excelize.OpenFile(strings.TrimSuffix(file, ".xlsx") + "-errori.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	if righe, err := errati.GetRows("Operatori"); err != nil || !strings.Contains(strings.Join(righe[16], "|"), "Data di nascita|modulo.data_non_valida") {
		t.Errorf("the workbook of errors says %v %v", righe[16], err)
	}

	compila(t, file, trenta, nil)
	if out, err := verbo("users", "import", file); err != nil || !strings.Contains(out, "nothing was applied yet") || p.operatoriDi(t, am) != 1 {
		t.Fatal(out, err)
	}
	if out, err = verbo("users", "import", file, "--apply"); err != nil || !strings.Contains(out, "applicato: rows 30, bad 0, persons registered 30, roles given 30") {
		t.Fatal(out, err)
	}
	finche(t, 10*time.Second, "the list shows them", func() bool { return p.operatoriDi(t, am) == 31 })
	if out, err = verbo("users", "import", file, "--apply"); err != nil || !strings.Contains(out, "persons registered 0, roles given 0, rows that change nothing 30") {
		t.Fatal("the same file again:", out, err)
	}
	for n, chi := range trenta {
		p.agisce(t, s.token(t, chi), n)
	}
	p.importaDomande(t, s)
	if err := p.ferma(); err != nil {
		t.Fatal(err)
	}
	t.Run("sign in", func(t *testing.T) { s.guardano(t, trenta) })
}

// guardano is what follows once an ambito has its people, all of whom sign in by
// a browser at a provider of others: a coordinator sees the comuni of theirs
// alone, masked, and assigns; a case manager opens the case, and no other does;
// the amministratore sees that somebody looked, not at whom.
func (s *installata) guardano(t *testing.T, trenta []genera.Persona) {
	entra := s.conFornitore(t)
	co, am := entra(trenta[0]), entra(s.persone[1])
	var coda listaCasi
	var testo []byte
	finche(t, 20*time.Second, "the queue shows what was imported", func() bool {
		testo = co.vuole(200, "", "POST", "/casi/ricerche", `{"lista":"da_assegnare","limit":100}`)
		return json.Unmarshal(testo, &coda) == nil && coda.Totale > 0
	})
	if !strings.Contains(string(testo), "****") || coda.Totale == 150 {
		t.Errorf("%d cases, masked: %v", coda.Totale, strings.Contains(string(testo), "****"))
	}
	suo := genera.Palermo().Comuni[0]
	for _, c := range coda.Items {
		if c.Comune.Codice != suo {
			t.Errorf("a coordinator of %s sees %s", suo, c.Comune.Codice)
		}
	}
	var idonei struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	decodifica(t, co.vuole(200, "", "GET", "/case-manager?comune="+suo, ""), &idonei)
	primo, caso := idonei.Items[0].ID, "/casi/"+coda.Items[0].ID
	co.vuole(201, "", "POST", caso+"/assegnazioni", fmt.Sprintf(`{"case_manager_id":%q}`, primo), "If-Match", coda.Items[0].ETag)
	if r := string(co.vuole(200, "", "GET", caso, "")); !strings.Contains(r, "****") || strings.Contains(r, `"stato"`) || strings.Contains(r, `"nucleo"`) {
		t.Errorf("a coordinator sees more than the row of the case: %s", r)
	}

	var chi struct {
		CodiceFiscale string `json:"codice_fiscale"`
	}
	decodifica(t, am.vuole(200, "", "GET", "/operatori/"+primo, ""), &chi)
	altro := slices.IndexFunc(trenta, func(p genera.Persona) bool { return p.CodiceFiscale != chi.CodiceFiscale }) + 1
	if altro%2 == 0 { // a coordinator: case managers are every other
		altro++
	}
	if trenta[altro].CodiceFiscale == chi.CodiceFiscale {
		altro += 2
	}
	entra(genera.Persona{CodiceFiscale: chi.CodiceFiscale}).vuole(200, "", "GET", caso, "")
	entra(trenta[altro]).vuole(404, "caso.inesistente", "GET", caso, "")
	visto := func(riga accessoVisto) bool {
		return riga.Operatore.ID == primo && riga.Decisione == "CONSENTITO" && strings.HasSuffix(riga.Rotta, "/casi/{caso}") && riga.Pseudonimo != ""
	}
	var registro struct {
		Items []accessoVisto `json:"items"`
	}
	finche(t, 20*time.Second, "the amministratore sees that somebody looked", func() bool {
		r := am.vuole(200, "", "GET", "/accessi?limit=100", "")
		if decodifica(t, r, &registro); strings.Contains(string(r), coda.Items[0].ID) || strings.Contains(string(r), coda.Items[0].IDDomanda) {
			t.Fatal("the amministratore is told at whom")
		}
		return slices.ContainsFunc(registro.Items, visto)
	})
	am.vuole(403, "vietato", "GET", caso, "")
}

// conFornitore has the installation serve over TLS, with a provider of others,
// and returns how somebody signs in.
func (s *installata) conFornitore(t *testing.T) func(genera.Persona) *navigatore {
	t.Helper()
	addr := portaLibera(t)
	api := "https://" + addr + httpapi.Base
	issuer := fornitore(t, "console", "segreto", api+"/accesso/ritorno")
	cert, chiave, pool := certificato(t)
	file := filepath.Join(t.TempDir(), "segreto")
	if err := os.WriteFile(file, []byte("segreto"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := avvia(t, s.dir, append(slices.Clone(s.env), "NUCLEO_OIDC_ISSUER="+issuer, "NUCLEO_OIDC_CLIENT_ID=console", "NUCLEO_OIDC_CLIENT_SEGRETO="+file,
		"NUCLEO_OIDC_RITORNO="+api+"/accesso/ritorno", "NUCLEO_ADDR="+addr, "NUCLEO_TLS_CERT="+cert, "NUCLEO_TLS_KEY="+chiave), "serve", "--data", s.dir)
	t.Cleanup(func() { _ = p.ferma() })
	prova := nuovoNavigatore(t, pool, api, "")
	finche(t, 30*time.Second, "it serves", func() bool {
		resp, err := prova.client.Get("https://" + addr + "/readyz")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return func(chi genera.Persona) *navigatore {
		n := nuovoNavigatore(t, pool, api, chi.CodiceFiscale)
		n.vuole(200, "", "GET", "/accesso", "")
		return n
	}
}

func decodifica(t *testing.T, b []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
}

// accessoVisto is a row of the access log, as an amministratore reads it.
type accessoVisto struct {
	Rotta      string `json:"rotta"`
	Decisione  string `json:"decisione"`
	Pseudonimo string `json:"caso_pseudonimo"`
	Operatore  struct {
		ID string `json:"id"`
	} `json:"operatore"`
}

// nomina makes an ambito and its amministratore, and returns their token once
// it holds.
func (p *programma) nomina(t *testing.T, s *installata) string {
	t.Helper()
	su, chi, luogo := s.token(t, s.persone[0]), s.persone[1], genera.Palermo()
	scrivi := func(path string, corpo any) (creato struct {
		ID string `json:"id"`
	}) {
		t.Helper()
		testo, err := json.Marshal(corpo)
		if err != nil {
			t.Fatal(err)
		}
		p.vuole(201, chiamata{token: su, method: "POST", path: path, corpo: string(testo), chiave: uuid.NewString(), prefer: "wait=5"}).in(t, &creato)
		return creato
	}
	p.leggeAmbiti(t, "the lists are there", su)
	scrivi("/ambiti", map[string]string{"codice": luogo.Codice, "denominazione": luogo.Denominazione, "regione": luogo.Regione})
	scrivi("/ambiti/"+luogo.Codice+"/comuni", map[string]any{"comuni": luogo.Comuni})
	scrivi("/ambiti/"+luogo.Codice+"/deleghe", map[string]any{"comuni": luogo.Comuni, "data": "2026-01-10", "atto": "12/2026", "pec": "ambito@example.org"})
	scrivi("/ambiti/"+luogo.Codice+"/convenzioni", convenzioneDiProva)
	o := scrivi("/operatori", map[string]string{
		"codice_fiscale": chi.CodiceFiscale, "cognome": chi.Cognome, "nome": chi.Nome, "data_nascita": chi.DataNascita.String(),
		"comune_nascita": chi.ComuneNascita, "genere": chi.Sesso, "email": "amministratore@ambito.example", "telefono": "091 5550100",
	})
	scrivi("/operatori/"+o.ID+"/accreditamenti", map[string]any{"ruolo": "AMMINISTRATORE_AMBITO", "ambito": luogo.Codice, "richiesta": attiDiProva})
	token := s.token(t, chi)
	p.leggeAmbiti(t, "the amministratore may act", token)
	return token
}

// compila writes people to the form, as case managers and coordinators by
// turns; the days of birth of some rows are what the caller says.
func compila(t *testing.T, file string, persone []genera.Persona, nascite map[int]string) {
	t.Helper()
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	luogo := genera.Palermo()
	for n, chi := range persone {
		riga := n + 2
		nascita := any(chi.DataNascita.Time())
		if n%3 == 0 {
			nascita = chi.DataNascita.Time().Format("02/01/2006")
		}
		if detta := nascite[riga]; detta != "" {
			nascita = detta
		}
		comune, _ := belfiore.Cerca(luogo.Comuni[n%len(luogo.Comuni)])
		nato, _ := belfiore.Cerca(chi.ComuneNascita)
		ruolo, fondo := "Case manager", "PON"
		if n%2 == 0 {
			ruolo, fondo = "Coordinatore PaIS", ""
		}
		celle := []any{chi.CodiceFiscale, chi.Cognome, chi.Nome, nascita, nato.Nome, chi.Sesso, ruolo, luogo.Codice, fmt.Sprintf("%s (%s)", comune.Nome, comune.Codice), fondo, "", "2026/117", "01/09/2026"}
		for i, v := range celle {
			cella, err := excelize.CoordinatesToCellName(i+1, riga)
			if err == nil {
				err = f.SetCellValue("Operatori", cella, v)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.Save(); err != nil || len(modulo.Colonne) != 15 {
		t.Fatal(err, len(modulo.Colonne))
	}
}

// operatoriDi is how many operators an amministratore has.
func (p *programma) operatoriDi(t *testing.T, token string) int {
	t.Helper()
	var lista struct {
		Totale int `json:"totale"`
	}
	p.vuole(200, chiamata{token: token, method: "GET", path: "/operatori"}).in(t, &lista)
	return lista.Totale
}

// agisce does what the role of the n-th lets them do, and nobody else.
func (p *programma) agisce(t *testing.T, token string, n int) {
	t.Helper()
	if n%2 == 0 {
		p.vuole(200, chiamata{token: token, method: "POST", path: "/casi/ricerche", corpo: `{"lista":"da_assegnare"}`})
		return
	}
	p.vuole(200, chiamata{token: token, method: "POST", path: "/casi/miei/ricerche", corpo: `{}`})
	p.vuole(403, chiamata{token: token, method: "POST", path: "/casi/ricerche", corpo: `{"lista":"da_assegnare"}`})
}
