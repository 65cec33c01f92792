package httpapi

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

// perOggi are what an answer about today has of its own, and coperti what an
// auditor does not read of a nucleo, or not in clear.
var (
	perOggi = []string{"posizione", "_links"}
	coperti = []string{"cognome", "nome", "codice_fiscale", "luogo", "recapiti"}
)

// senza is the body of an answer without some keys, at any depth.
func (r risposta) senza(t *testing.T, chiavi ...string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatal(err)
	}
	toglie(v, chiavi)
	return v
}

func toglie(v any, chiavi []string) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range chiavi {
			delete(v, k)
		}
		for _, sotto := range v {
			toglie(sotto, chiavi)
		}
	case []any:
		for _, sotto := range v {
			toglie(sotto, chiavi)
		}
	}
}

// unaLista is a list, who had it on that day, and what of it stays for good.
type unaLista struct {
	chi, method, path, corpo string
	query                    string // of the auditor alone
	maschera                 bool
	uguale                   bool // nothing changed it since
}

// Each list as of a past day is what those read on that day who had it, though
// all of it has changed since; who the people are is masked.
func TestEveryListOfAPastDayIsWhatItWas(t *testing.T) {
	i := conPassati(t)
	i.accredita(t, "INCONTRA", domain.ResponsabileIncontri, intero, "")
	i.accredita(t, "REFERENTE", domain.ReferenteSostegni, intero, "")
	i.accredita(t, "TUTTA", domain.CoordinatorePaIS, intero, "")
	i.riceviADI(t)
	l := i.alLavoro(t, 1)
	l.conSegnalazione(t, giorno.Data(2026, 5, 4)) // whose term ends with the day
	incontro := l.fa(t, "/incontri", fmt.Sprintf(lunedi, "")).vuole(t, 201, "")
	i.aggiornato(t)
	suo := "&case_manager=" + l.cm.id.String()
	liste := []unaLista{
		{chi: "ANNA", method: "POST", path: "/casi/miei/ricerche", corpo: `{"limit":10}`, query: suo, maschera: true},
		{chi: "INCONTRA", method: "GET", path: "/agenda", maschera: true},
		{chi: "ANNA", method: "GET", path: "/scadenze", query: suo},
		{chi: "TUTTA", method: "GET", path: "/scadenze/conteggi"},
		{chi: "INCONTRA", method: "GET", path: "/incontri-da-registrare", maschera: true},
		{chi: "TUTTA", method: "GET", path: "/case-manager?comune=G273"},
		{chi: "TUTTA", method: "GET", path: "/comunicazioni"},
		{chi: "REFERENTE", method: "GET", path: "/sostegni", uguale: true},
		{chi: "AMMINISTRA", method: "GET", path: "/operatori?limit=25", maschera: true},
		{chi: "AMMINISTRA", method: "GET", path: "/ambiti", uguale: true},
		{chi: "TUTTA", method: "GET", path: "/cruscotto/generale"},
		{chi: "TUTTA", method: "GET", path: "/cruscotto/ambito"},
		{chi: "TUTTA", method: "GET", path: "/cruscotto/andamento"},
		{chi: "ANNA", method: "GET", path: "/cruscotto/miei", query: suo},
	}
	leggi := func(v unaLista) risposta {
		return i.chi(v.chi).chiede(t, i, v.method, Base+v.path, v.corpo).vuole(t, 200, "")
	}
	allora := make([]risposta, len(liste))
	for n, v := range liste {
		allora[n] = leggi(v)
	}

	i.dopo.Store(int64(30 * time.Hour))
	l.cm = i.chi("ANNA")
	l.fa(t, "/incontri/"+fmt.Sprint(incontro.campo("id"))+"/annullamenti", `{"motivo":"x"}`).vuole(t, 201, "")
	l.fa(t, "/comunicazioni", `{"tipo":"PROMEMORIA","canale":"EMAIL","destinatari":["`+i.componenti(t, 1)[0].String()+`"],"testo":"motivo-canarino"}`).vuole(t, 201, "")
	i.accredita(t, "NUOVA", domain.CaseManager, intero, "")
	for n := 20; n < 26; n++ {
		i.domanda(t, n, "G273", mattina)
	}
	i.chi("CARLA").assegna(t, i, 2, l.cm).vuole(t, 201, "")
	i.aggiornato(t)

	revisora := i.chi("REVISORA")
	revisora.elenchiDi(t, i, "2026-05-04")
	for n, v := range liste {
		path, query, _ := strings.Cut(v.path, "?")
		got := revisora.chiede(t, i, v.method, Base+"/elenchi-passati/2026-05-04"+path+"?ambito=PA42&"+query+v.query, v.corpo).vuole(t, 200, "")
		via := perOggi
		if v.maschera {
			via = append(coperti, perOggi...)
		}
		if diff := cmp.Diff(allora[n].senza(t, via...), got.senza(t, via...)); diff != "" {
			t.Errorf("%s (-on that day +as of it)\n%s", v.path, diff)
		}
		for _, chiaro := range []string{"CANARINA", "3335550101", "motivo-canarino"} {
			if strings.Contains(got.body, chiaro) {
				t.Errorf("%s: an auditor reads %q", v.path, chiaro)
			}
		}
		if oggi := leggi(v); cmp.Equal(oggi.senza(t, via...), got.senza(t, via...)) != v.uguale {
			t.Errorf("%s: changed since, want %t\n%s", v.path, !v.uguale, oggi.body)
		}
	}
	tutte := revisora.chiede(t, i, "GET", Base+"/elenchi-passati/2026-05-04/scadenze?ambito=PA42&limit=25", "").vuole(t, 200, "")
	if tutte.campo("totale") == allora[2].campo("totale") || tutte.campo("items", "0") == nil {
		t.Errorf("the terms of the whole ambito: %s", tutte.body)
	}
	altrove := revisora.chiede(t, i, "GET", Base+"/elenchi-passati/2026-05-04/agenda?ambito=PA99", "").vuole(t, 200, "")
	if altrove.campo("items", "0") != nil {
		t.Errorf("another ambito: %s", altrove.body)
	}
	revisora.chiede(t, i, "GET", Base+"/elenchi-passati/2026-05-04/cruscotto/miei?ambito=PA42", "").vuole(t, 400, "richiesta.non_conforme")
	i.aggiornato(t)
	rotta := "?rotta=" + url.QueryEscape("GET "+Base+"/elenchi-passati/{giorno}/agenda") + "&decisione=CONSENTITO&ambito=PA42"
	if r := revisora.chiede(t, i, "GET", Base+"/accessi"+rotta, "").vuole(t, 200, ""); r.campo("items", "0") == nil {
		t.Errorf("looks at lists of the past are not recorded: %s", r.body)
	}
}

// elenca reports whether a route of the contract answers a list.
func elenca(r route, doc map[string]any) bool {
	if r.method != "GET" && !strings.Contains(r.path, "/ricerche") || strings.HasPrefix(r.path, Base+"/elenchi-passati/") {
		return false
	}
	if strings.HasPrefix(r.path, Base+"/cruscotto/") {
		return true
	}
	var at any = doc
	for _, k := range []string{"paths", strings.TrimPrefix(r.path, Base), strings.ToLower(r.method), "responses", "200", "content", "application/json", "schema"} {
		m, _ := at.(map[string]any)
		at = m[k]
	}
	schema, _ := at.(map[string]any)
	if ref, is := schema["$ref"].(string); is {
		nome := strings.TrimPrefix(ref, "#/components/schemas/")
		schema, _ = doc["components"].(map[string]any)["schemas"].(map[string]any)[nome].(map[string]any)
	}
	proprieta, _ := schema["properties"].(map[string]any)
	return proprieta["items"] != nil
}

// rigaAuditor is a line of the table of lists in docs/auditor.md.
var rigaAuditor = regexp.MustCompile("(?m)^\\| `((?:GET|POST) [^`]+)` \\| (yes|no)(?:: `([^`]+)`[^|]*|, because [^|]{10,}) \\|$")

// Of each list somebody has said whether it can be had as of a day, and by which
// route, or why not.
func TestOfEachListIsSaidWhetherItIsAnsweredAsOfADay(t *testing.T) {
	testo, err := os.ReadFile("../docs/auditor.md")
	if err != nil {
		t.Fatal(err)
	}
	i, doc := nuovo(t), map[string]any{}
	if err := json.Unmarshal([]byte(i.chi("REVISORA").chiede(t, i, "GET", "/openapi.json", "").vuole(t, 200, "").body), &doc); err != nil {
		t.Fatal(err)
	}
	rotte, liste := map[string]bool{}, map[string]bool{}
	for _, r := range routes {
		nome := r.method + " " + strings.TrimPrefix(r.path, Base)
		rotte[nome] = true
		if elenca(r, doc) {
			liste[nome] = true
		}
	}
	if len(liste) < 20 {
		t.Fatalf("only %d lists were found", len(liste))
	}
	dette := map[string]bool{}
	for _, m := range rigaAuditor.FindAllStringSubmatch(string(testo), -1) {
		if dette[m[1]] {
			t.Errorf("%s is told twice", m[1])
		}
		dette[m[1]] = true
		risponde, _, _ := strings.Cut(m[3], "?")
		if m[2] == "yes" && !rotte[risponde] {
			t.Errorf("%s is said to be answered by %q, which is no route", m[1], m[3])
		}
	}
	if diff := cmp.Diff(liste, dette); diff != "" {
		t.Errorf("the table of docs/auditor.md (-lists of the API +told)\n%s", diff)
	}
}
