package httpapi

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nucleo/projections/casi"
)

func TestACaseGoesFromTheQueueToACaseManagerAndBack(t *testing.T) {
	i := nuovo(t)
	carla, anna, bruna := i.chi("CARLA"), i.chi("ANNA"), i.chi("BRUNA")
	cerca := func(criteri string, headers ...string) risposta {
		return carla.chiede(t, i, "POST", Base+"/casi/ricerche", criteri, headers...).vuole(t, 200, "")
	}
	coda := cerca(`{"lista":"da_assegnare"}`)
	if n := fmt.Sprintf("%v %v", coda.campo("totale"), coda.campo("limit")); n != "3 10" {
		t.Fatalf("total and limit %s\n%s", n, coda.body)
	}
	etag := i.etagDi(t, carla, 1)
	want := map[string]any{
		"id": casoN(1).String(), "id_domanda": idDomanda(1), "cognome": "CA****INA", "nome": "BI****GIA", "codice_fiscale": "CNR*********273O",
		"comune": map[string]any{"codice": "G273", "nome": comuneDi("G273").Nome}, "indirizzo": map[string]any{"via": "VI****", "civico": "14", "cap": "90121"},
		"numero_componenti": "2", "presenza_minori": true, "presenza_disabili": false, "riassegnato": false, "misura": "RDC",
		"data_presentazione": "2026-02-23", "priorita": "ALTA", "etag": etag,
	}
	want["codice_fiscale"] = "CNR*********" + codice(t, "CANARINA", "BIAGIA", 1980)[12:]
	if diff := cmp.Diff(want, testi(coda.campo("items", "0"))); diff != "" {
		t.Errorf("row of the queue (-want +got)\n%s", diff)
	}
	fatto := carla.assegna(t, i, 1, anna).vuole(t, 201, "")
	if fatto.header.Get("Preference-Applied") != "wait=5" || fatto.header.Get("ETag") == etag {
		t.Error("not waited for, or the same ETag", fatto.header)
	}
	assegnati := cerca(`{"lista":"assegnati"}`, "Posizione-Minima", fmt.Sprint(fatto.campo("posizione")))
	for k, v := range map[string]any{
		"case_manager":      map[string]any{"id": anna.id.String(), "nome": "ANNA Zafferani", "livello": "C", "fondo": "PON"},
		"data_assegnazione": "2026-05-04T08:00:00Z", "assegnato_da": map[string]any{"id": carla.id.String(), "nome": "CARLA Zafferani"}, "etag": fatto.header.Get("ETag"),
	} {
		want[k] = v
	}
	delete(want, "priorita")
	if diff := cmp.Diff(want, testi(assegnati.campo("items", "0"))); diff != "" {
		t.Errorf("row of the assigned list (-want +got)\n%s", diff)
	}
	uno := carla.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String(), "").vuole(t, 200, "")
	if diff := cmp.Diff(want, testi(uno.campo())); diff != "" {
		t.Errorf("the case by itself (-want +got)\n%s", diff)
	}
	if n := cerca(`{"lista":"da_assegnare"}`).campo("totale"); fmt.Sprint(n) != "2" {
		t.Errorf("the queue still has %v", n)
	}
	caso := Base + "/casi/" + casoN(1).String()
	mosso := carla.chiede(t, i, "POST", caso+"/riassegnazioni", `{"da":"`+anna.id.String()+`","a":"`+bruna.id.String()+`","motivo":"motivo-canarino"}`, "If-Match", fatto.header.Get("ETag")).vuole(t, 201, "")
	carla.chiede(t, i, "POST", caso+"/annullamenti-assegnazione", `{"motivo":"ALTRO","nota":"motivo-canarino"}`, "If-Match", mosso.header.Get("ETag"), "Prefer", "wait=5").vuole(t, 201, "")
	storia := carla.chiede(t, i, "GET", caso+"/cronologia-assegnazioni", "").vuole(t, 200, "")
	var passi []string
	for n := range 3 {
		p := func(k ...string) any { return storia.campo(append([]string{"items", fmt.Sprint(n)}, k...)...) }
		passi = append(passi, fmt.Sprint(p("evento"), " ", p("da", "nome"), " ", p("a", "nome"), " ", p("eseguita_da", "nome"), " ", p("motivo"), " ", p("nota")))
	}
	if diff := cmp.Diff([]string{
		"ASSEGNAZIONE <nil> ANNA Zafferani CARLA Zafferani <nil> <nil>",
		"RIASSEGNAZIONE ANNA Zafferani BRUNA Zafferani CARLA Zafferani motivo-canarino <nil>",
		"ANNULLAMENTO BRUNA Zafferani <nil> CARLA Zafferani ALTRO motivo-canarino",
	}, passi); diff != "" {
		t.Errorf("chronology (-want +got)\n%s", diff)
	}
	tornato := cerca(`{"lista":"da_assegnare","riassegnato":"si"}`)
	if tornato.campo("items", "0", "id") != casoN(1).String() || fmt.Sprint(tornato.campo("totale")) != "1" {
		t.Errorf("not back in the queue, or not flagged\n%s", tornato.body)
	}
}

// testi turns numbers into texts, so that maps compare.
func testi(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = testi(v[k])
		}
		return v
	case fmt.Stringer:
		return v.String()
	}
	return v
}

func TestTheListOfCaseManagersNamesWhoIsEligible(t *testing.T) {
	i := nuovo(t)
	carla := i.chi("CARLA")
	carla.assegna(t, i, 1, i.chi("ANNA")).vuole(t, 201, "")
	elenco := carla.chiede(t, i, "GET", Base+"/case-manager?comune=G273", "").vuole(t, 200, "")
	var etichette []string
	for n := range 5 {
		if e := elenco.campo("items", fmt.Sprint(n), "etichetta"); e != nil {
			etichette = append(etichette, fmt.Sprint(e))
		}
	}
	if diff := cmp.Diff([]string{"C - ANNA Zafferani (1 / 0) - PON", "A - BRUNA Zafferani (0 / 0)", "C - DOPPIA Zafferani (0 / 0)"}, etichette); diff != "" {
		t.Error(diff)
	}
	for _, fuori := range []string{"F377", "A089", "Z999"} {
		if r := carla.chiede(t, i, "GET", Base+"/case-manager?comune="+fuori, "").vuole(t, 200, ""); r.campo("items", "0") != nil {
			t.Errorf("case managers of %s are shown to a coordinator of elsewhere", fuori)
		}
	}
}

func TestWhatLiesElsewhereIsNotThere(t *testing.T) {
	i := nuovo(t)
	i.chi("CARLA").assegna(t, i, 1, i.chi("ANNA")).vuole(t, 201, "")
	nessuno := "00000000-0000-4000-8000-000000000000"
	for _, nome := range []string{"DARIA", "ELENA", "BRUNA", "LONTANA"} {
		c := i.chi(nome)
		for _, r := range routes {
			if !strings.Contains(r.path, "{caso}") {
				continue
			}
			corpo := i.esempio(t, r)
			path := perID(func(nome string) string {
				if nome == "caso" {
					return "{caso}"
				}
				return nessuno
			}).Replace(r.path)
			chiede := func(id string) risposta {
				return c.chiede(t, i, r.method, strings.Replace(path, "{caso}", id, 1), corpo, "If-Match", "*")
			}
			altrui, assente := chiede(casoN(1).String()), chiede(nessuno)
			if altrui.status != 404 && altrui.status != 403 || altrui.status != assente.status || pulita(altrui) != pulita(assente) {
				t.Errorf("%s %s: %d %s\nbut of no case: %d %s", nome, r.name(), altrui.status, altrui.body, assente.status, assente.body)
			}
		}
	}
}

// pulita is a body without the id of the request.
func pulita(r risposta) string {
	return strings.ReplaceAll(r.body, fmt.Sprint(r.campo("instance")), "")
}

// esempio is the body that the contract gives as an example; none for a route
// without one.
func (i *impianto) esempio(t *testing.T, r route) string {
	t.Helper()
	corpo := i.operazione(t, r).route.Operation.RequestBody
	if corpo == nil {
		return ""
	}
	esempio, err := json.Marshal(corpo.Value.Content.Get("application/json").Example)
	if err != nil || string(esempio) == "null" {
		t.Fatalf("%s: the contract shows no example of its body (%v)", r.name(), err)
	}
	return string(esempio)
}

func (i *impianto) operazione(t *testing.T, r route) *operation {
	op, err := i.contratto.operation(r)
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func TestACaseManagerSeesTheirOwnCaseWhole(t *testing.T) {
	i := nuovo(t)
	carla, anna := i.chi("CARLA"), i.chi("ANNA")
	caso := Base + "/casi/" + casoN(1).String()
	anna.chiede(t, i, "GET", caso, "").vuole(t, 404, "caso.inesistente")
	fatto := carla.assegna(t, i, 1, anna).vuole(t, 201, "")
	r := anna.chiede(t, i, "GET", caso, "").vuole(t, 200, "")
	if got := fmt.Sprint(r.campo("nucleo", "componenti", "0", "cognome"), r.campo("stato"), r.campo("nucleo", "indirizzo", "via")); got != "CANARINADA_AVVIAREVIA DEL CANARINO" {
		t.Errorf("the case manager sees %s", got)
	}
	anna.chiede(t, i, "GET", caso+"/cronologia-assegnazioni", "").vuole(t, 200, "")
	carla.chiede(t, i, "POST", caso+"/annullamenti-assegnazione", `{"motivo":"RICHIESTA"}`, "If-Match", fatto.header.Get("ETag")).vuole(t, 201, "")
	anna.chiede(t, i, "GET", caso, "").vuole(t, 404, "caso.inesistente")
	anna.chiede(t, i, "GET", caso+"/cronologia-assegnazioni", "").vuole(t, 404, "caso.inesistente")
}

func TestAnAuditorReplaysACaseWithPersonalDataMasked(t *testing.T) {
	i := nuovo(t)
	carla := i.chi("CARLA")
	i.dopo.Store(int64(time.Hour))
	fatto := carla.assegna(t, i, 1, i.chi("ANNA")).vuole(t, 201, "")
	i.dopo.Store(int64(2 * time.Hour))
	caso := Base + "/casi/" + casoN(1).String()
	carla = i.chi("CARLA")
	carla.chiede(t, i, "POST", caso+"/annullamenti-assegnazione", `{"motivo":"ALTRO","nota":"motivo-canarino"}`, "If-Match", fatto.header.Get("ETag"), "Prefer", "wait=5").vuole(t, 201, "")
	revisora := i.chi("REVISORA")
	trovato := revisora.chiede(t, i, "POST", Base+"/casi/ricerche-auditor", `{"id_domanda":" inps-rdc-2026-1"}`).vuole(t, 200, "")
	if trovato.campo("items", "0", "id") != casoN(1).String() {
		t.Fatal(trovato.body)
	}
	for alla, eventi := range map[string]int{"": 3, "?alla=1": 1, "?alla=2": 2, "?alla=2026-05-04T08:59:59Z": 1, "?alla=2026-05-04T09:00:00Z": 2, "?alla=2026-05-04T11:30:00%2B02:00": 2} {
		r := revisora.chiede(t, i, "GET", caso+"/eventi"+alla, "").vuole(t, 200, "")
		if r.campo("eventi", fmt.Sprint(eventi-1)) == nil || r.campo("eventi", fmt.Sprint(eventi)) != nil {
			t.Errorf("%s shows other than %d events", alla, eventi)
		}
		if assegnato := r.campo("stato", "assegnazione", "case_manager_id") != nil; assegnato != (eventi == 2) {
			t.Errorf("%s: assigned = %v", alla, assegnato)
		}
		for _, c := range []string{"CANARINA", "BIAGIA", "ROVERESI", "VIA DEL", "pinguini", "motivo-canarino", "512300", "1980-01-01", codice(t, "CANARINA", "BIAGIA", 1980)} {
			if strings.Contains(r.body, c) {
				t.Errorf("%s shows %q", alla, c)
			}
		}
	}
	r := revisora.chiede(t, i, "GET", caso+"/eventi", "")
	if r.campo("eventi", "0", "self") != r.campo("eventi", "1", "prev") || r.campo("eventi", "0", "attore_nome") != "sistema-inps" || r.campo("eventi", "1", "attore_nome") != "CARLA Zafferani" {
		t.Errorf("chain or names broken\n%s", r.body)
	}
	revisora.chiede(t, i, "GET", caso+"/eventi?alla=2020-01-01T00:00:00Z", "").vuole(t, 404, "caso.non_ancora")
	for _, male := range []string{"0", "ieri", "-1", "2026-13-45T99:99:99Z"} {
		revisora.chiede(t, i, "GET", caso+"/eventi?alla="+male, "").vuole(t, 400, "")
	}
	revisora.chiede(t, i, "GET", caso+"/cronologia-assegnazioni", "").vuole(t, 403, "vietato") // the replay tells it
}

func TestPagesFollowOneAnother(t *testing.T) {
	i := nuovo(t)
	for n := range 12 {
		i.domanda(t, 100+n, "G273", mattina.AddDate(0, 0, -n))
	}
	i.aggiornato(t)
	carla := i.chi("CARLA")
	visti, cursore, pagine := map[any]bool{}, "", 0
	for {
		r := carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"da_assegnare","ordina":"nominativo","cursor":"`+cursore+`"}`).vuole(t, 200, "")
		for n := range 10 {
			if c := r.campo("items", fmt.Sprint(n), "id"); c != nil {
				visti[c] = true
			}
		}
		pagine++
		next, more := r.campo("next_cursor").(string)
		if !more {
			break
		}
		cursore = next
	}
	if len(visti) != 15 || pagine != 2 {
		t.Errorf("%d cases on %d pages", len(visti), pagine)
	}
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"da_assegnare","cursor":"`+cursore+`"}`).vuole(t, 400, "ricerca.cursore_di_altra_ricerca")
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"da_assegnare","nome":"..."}`).vuole(t, 400, "ricerca.testo_non_valido")
	for _, criteri := range []string{`"codice_fiscale":"` + codice(t, "ROVERESI", "CARINO", 2015) + `"`, `"nome":"canar"`, `"indirizzo":"canarino"`, `"cap":"90121"`, `"priorita":["BASSA"]`, `"id_domanda":"INPS-RDC-2026-100"`} {
		if r := carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"da_assegnare",`+criteri+`}`).vuole(t, 200, ""); r.campo("items", "0") == nil {
			t.Errorf("%s finds nothing", criteri)
		}
	}
}

func TestPrioritiesFollowTheThresholdsOfTheInstallation(t *testing.T) {
	i := nuovo(t, func(i *impianto) { i.Soglie = casi.Soglie{RDC: casi.Soglia{Alta: 1000, Media: 60}} })
	carla := i.chi("CARLA")
	r := carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"da_assegnare","priorita":["MEDIA"]}`).vuole(t, 200, "")
	if r.campo("items", "0", "id") != casoN(1).String() || r.campo("items", "0", "priorita") != "MEDIA" || r.campo("items", "1") != nil { // 70 days old; the next is 50
		t.Error(r.body)
	}
	if r := carla.chiede(t, i, "GET", Base+"/casi/"+casoN(2).String(), "").vuole(t, 200, ""); r.campo("priorita") != "BASSA" {
		t.Error(r.body)
	}
}

func TestAnInstallationMayShowCoordinatorsWhoseCasesThereAre(t *testing.T) {
	i := nuovo(t, func(i *impianto) { i.InChiaro = true })
	carla := i.chi("CARLA")
	r := carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"da_assegnare"}`).vuole(t, 200, "")
	uno := carla.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String(), "").vuole(t, 200, "")
	for _, v := range []any{r.campo("items", "0"), uno.campo()} {
		riga := v.(map[string]any)
		if riga["cognome"] != "CANARINA" || riga["nome"] != "BIAGIA" || riga["codice_fiscale"] != codice(t, "CANARINA", "BIAGIA", 1980) || riga["indirizzo"].(map[string]any)["via"] != "VIA DEL CANARINO" {
			t.Error(riga)
		}
	}
}
