package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// The main job, as the people do it who use it: search, assign, reassign,
// annul, look back; then kill -9, start again, and find everything there.
func TestTheWholeRoad(t *testing.T) {
	dir := cartellaDemo(t)
	p := demoIn(t, dir, nil, "--solo-domande", "--casi", "150", "--seed", "3")
	co := p.chi("COORDINATORE_PAIS").Token

	coda := p.lista(co, `{"lista":"da_assegnare","limit":25}`)
	if coda.Totale < 100 || len(coda.Items) != 25 || coda.NextCursor == "" {
		t.Fatalf("the queue: %+v", coda)
	}
	primo := coda.Items[0]
	cm := p.idonei(co, primo.Comune.Codice)
	richiesta := assegna(co, primo, cm[0])
	r := p.vuole(201, richiesta)
	if again := p.vuole(201, richiesta); string(again.corpo) != string(r.corpo) || again.header.Get("ETag") != r.header.Get("ETag") {
		t.Errorf("repeated under its key it answers %s, not %s", again.corpo, r.corpo)
	}
	p.vuole(412, assegna(co, primo, cm[1]))

	if dopo := p.lista(co, `{"lista":"da_assegnare","limit":25}`); dopo.Totale != coda.Totale-1 || dopo.Items[0].ID == primo.ID {
		t.Errorf("the case did not leave the queue: %d, was %d", dopo.Totale, coda.Totale)
	}
	cerca := fmt.Sprintf(`{"lista":"assegnati","id_domanda":%q}`, primo.IDDomanda)
	assegnato := p.lista(co, cerca)
	if len(assegnato.Items) != 1 || assegnato.Items[0].CaseManager.ID != cm[0] || assegnato.Items[0].ETag != r.header.Get("ETag") {
		t.Fatalf("the assigned list: %+v", assegnato)
	}

	r = p.vuole(201, chiamata{
		token: co, method: "POST", path: "/casi/" + primo.ID + "/riassegnazioni", etag: r.header.Get("ETag"), chiave: uuid.NewString(), prefer: "wait=5",
		corpo: fmt.Sprintf(`{"da":%q,"a":%q,"motivo":"ferie"}`, cm[0], cm[1]),
	})
	p.vuole(400, chiamata{
		token: co, method: "POST", path: "/casi/" + primo.ID + "/riassegnazioni", etag: r.header.Get("ETag"), chiave: uuid.NewString(),
		corpo: fmt.Sprintf(`[{"da":%q,"a":%q,"motivo":"ferie"}]`, cm[1], cm[0]),
	})
	r = p.vuole(201, chiamata{
		token: co, method: "POST", path: "/casi/" + primo.ID + "/annullamenti-assegnazione", etag: r.header.Get("ETag"), chiave: uuid.NewString(), prefer: "wait=5",
		corpo: `{"motivo":"RICHIESTA"}`,
	})
	p.vuole(201, chiamata{
		token: co, method: "POST", path: "/casi/" + primo.ID + "/assegnazioni", etag: r.header.Get("ETag"), chiave: uuid.NewString(), prefer: "wait=5",
		corpo: fmt.Sprintf(`{"case_manager_id":%q}`, cm[0]),
	})

	p.uccidi()
	p = demoIn(t, dir, nil)
	p.controllaStoria(t, primo, cm)
	p.controllaVerbi(t, primo)
	if err := p.ferma(); err != nil {
		t.Errorf("SIGTERM: %v\n%s", err, p.coda())
	}
	if out, err := verbo(t, dir, "verifica", "--tutto"); err != nil || !strings.Contains(out, "as it was written") {
		t.Error(out, err)
	}
}

// controllaStoria reads back what was done before the program was killed.
func (p *programma) controllaStoria(t *testing.T, primo casoInLista, cm []string) {
	t.Helper()
	co, au := p.chi("COORDINATORE_PAIS").Token, p.chi("AUDITOR").Token
	var cronologia struct {
		Items []struct {
			Evento string `json:"evento"`
		} `json:"items"`
	}
	p.vuole(200, chiamata{token: co, method: "GET", path: "/casi/" + primo.ID + "/cronologia-assegnazioni"}).in(t, &cronologia)
	var eventi []string
	for _, e := range cronologia.Items {
		eventi = append(eventi, e.Evento)
	}
	if got := strings.Join(eventi, " "); got != "ASSEGNAZIONE RIASSEGNAZIONE ANNULLAMENTO ASSEGNAZIONE" {
		t.Errorf("the chronology: %s", got)
	}
	var trovati listaCasi
	p.vuole(200, chiamata{token: au, method: "POST", path: "/casi/ricerche-auditor", corpo: fmt.Sprintf(`{"id_domanda":%q}`, primo.IDDomanda)}).in(t, &trovati)
	if len(trovati.Items) != 1 || trovati.Items[0].ID != primo.ID {
		t.Errorf("the auditor finds %+v", trovati)
	}
	for alla, want := range map[string]int{"": 5, "?alla=1": 1} {
		var storia struct {
			Eventi []struct {
				Tipo string `json:"tipo"`
			} `json:"eventi"`
		}
		p.vuole(200, chiamata{token: au, method: "GET", path: "/casi/" + primo.ID + "/eventi" + alla}).in(t, &storia)
		fatti := 0
		for _, e := range storia.Eventi {
			if e.Tipo != "ScadenzaSuperata" { // noted by the calendar, whenever it looks
				fatti++
			}
		}
		if fatti != want {
			t.Errorf("replayed to %q: %d events, want %d", alla, fatti, want)
		}
	}
	p.vuole(403, chiamata{token: co, method: "GET", path: "/casi/" + primo.ID + "/eventi"})
	p.vuole(404, chiamata{token: co, method: "GET", path: "/casi/" + uuid.NewString()})
	p.vuole(401, chiamata{method: "GET", path: "/profili"})
}

// controllaVerbi runs the verbs beside the running program.
func (p *programma) controllaVerbi(t *testing.T, primo casoInLista) {
	t.Helper()
	for _, args := range [][]string{
		{"storia", primo.ID}, {"storia", primo.IDDomanda, "--versione", "2", "--json"}, {"diff", primo.ID, "--da", "1"}, {"diff", primo.IDDomanda, "--json"}, {"perche", primo.IDDomanda, "--operatore", p.chi("COORDINATORE_PAIS").CodiceFiscale},
		{"projections", "list"}, {"projections", "verify", "casi"},
		{"projections", "rebuild", "carico"}, {"verifica", "--caso", primo.ID}, {"doctor"}, {"version"}, {"config"},
	} {
		out, err := verbo(t, p.dir, args...)
		if err != nil || out == "" && args[1] != "rebuild" {
			t.Errorf("%s: %q %v", strings.Join(args, " "), out, err)
		}
		if strings.Contains(out, "RSSMRA") {
			t.Errorf("%s prints personal data", args)
		}
	}
	if _, err := verbo(t, p.dir, "demo", "--addr", "127.0.0.1:0"); err == nil || !strings.Contains(err.Error(), "another nucleo uses") {
		t.Errorf("a second program in the directory: %v", err)
	}
	for _, path := range []string{"/status", "/livez", "/readyz", "/metrics", "/openapi.json"} {
		p.vuole(200, chiamata{method: "GET", path: path})
	}
	if log, err := os.ReadFile(p.dir + "/demo.log"); err != nil || strings.Contains(string(log), "Bearer") {
		t.Error("the log is missing, or holds a token", err)
	}
}
