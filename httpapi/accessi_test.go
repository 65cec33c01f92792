package httpapi

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"nucleo/domain"
)

// legge reads a page of the access log, of the looks that are asked for.
func (i *impianto) legge(t *testing.T, chi chi, path, query string) (r risposta, righe []map[string]any) {
	t.Helper()
	i.aggiornato(t)
	r = chi.chiede(t, i, "GET", Base+path+query, "").vuole(t, 200, "")
	return r, righeDi(t, r)
}

func righeDi(t *testing.T, r risposta) []map[string]any {
	t.Helper()
	var pagina struct{ Items []map[string]any }
	if err := json.Unmarshal([]byte(r.body), &pagina); err != nil {
		t.Fatal(err)
	}
	return pagina.Items
}

// colonna is one field of each row; nil where a row has none.
func colonna(righe []map[string]any, nome string) (valori []any) {
	for _, r := range righe {
		valori = append(valori, r[nome])
	}
	return valori
}

func apriCaso(t *testing.T, i *impianto, chi chi, n, status int) {
	t.Helper()
	if r := chi.chiede(t, i, "GET", Base+"/casi/"+casoN(n).String(), ""); r.status != status {
		t.Fatalf("%d %s", r.status, r.body)
	}
}

var aperti = "?limit=100&rotta=" + url.QueryEscape("GET "+Base+"/casi/{caso}")

// The amministratore sees that somebody looked, how often at the same case, and
// not at which.
func TestWhoAdministersSeesThatSomebodyLookedAndNotAtWhom(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "TUTELA", domain.ResponsabileDati, intero, "")
	anna, amministra, tutela, revisora := i.chi("ANNA"), i.chi("AMMINISTRA"), i.chi("TUTELA"), i.chi("REVISORA")
	i.assegnata(t, 1, anna)
	i.assegnata(t, 2, anna)
	for _, n := range []int{1, 2, 1} {
		apriCaso(t, i, anna, n, 200)
	}
	apriCaso(t, i, i.chi("DARIA"), 1, 404)   // of another comune of the ambito
	apriCaso(t, i, i.chi("LONTANA"), 1, 404) // of another ambito
	apriCaso(t, i, amministra, 1, 403)

	for chi, quanti := range map[string]int{"AMMINISTRA": 5, "TUTELA": 5, "REVISORA": 6} {
		r, righe := i.legge(t, i.chi(chi), "/accessi", aperti)
		if len(righe) != quanti {
			t.Fatalf("%s: %s", chi, r.body)
		}
		if vede := strings.Contains(r.body, casoN(1).String()); vede != (chi == "TUTELA") {
			t.Errorf("%s reads the id of a case: %v", chi, vede)
		}
	}
	_, righe := i.legge(t, amministra, "/accessi", aperti)
	p := colonna(righe, "caso_pseudonimo") // the newest first: amministra, daria, anna three times
	if p[0] != nil || p[2] == nil || p[2] != p[4] || p[3] == p[2] || p[1] == nil || p[1] == p[2] {
		t.Errorf("pseudonyms: %v", p)
	}
	if nome := righe[2]["operatore"].(map[string]any)["nome"]; nome != "ANNA Zafferani" {
		t.Error(nome)
	}
	_, righe = i.legge(t, tutela, "/accessi", aperti)
	if got := colonna(righe, "caso_id"); !slices.Equal(got, []any{casoN(1).String(), casoN(1).String(), casoN(1).String(), casoN(2).String(), casoN(1).String()}) {
		t.Error(got)
	}
	di := "&caso=" + casoN(2).String()
	if _, righe := i.legge(t, tutela, "/accessi", aperti+di); len(righe) != 1 {
		t.Errorf("%v", righe)
	}
	for _, chi := range []chi{amministra, revisora} {
		chi.chiede(t, i, "GET", Base+"/accessi"+aperti+di, "").vuole(t, 422, "accessi.caso_pseudonimo")
	}
	i.chi("SUPER").chiede(t, i, "GET", Base+"/accessi", "").vuole(t, 403, "vietato")

	i.dopo.Add(int64(31 * 24 * time.Hour))
	anna = i.chi("ANNA")
	apriCaso(t, i, anna, 1, 200)
	_, righe = i.legge(t, i.chi("AMMINISTRA"), "/accessi", aperti+"&decisione=CONSENTITO")
	if p := colonna(righe, "caso_pseudonimo"); len(p) != 4 || p[0] == nil || slices.Contains(p[1:], p[0]) {
		t.Errorf("pseudonyms of another month: %v", p)
	}
}

func TestTheAccessLogIsSearched(t *testing.T) {
	i := nuovo(t)
	anna, carla, amministra := i.chi("ANNA"), i.chi("CARLA"), i.chi("AMMINISTRA")
	i.assegnata(t, 1, anna)
	apriCaso(t, i, anna, 1, 200)
	apriCaso(t, i, anna, 2, 404)
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"da_assegnare","nome":"canarina"}`).vuole(t, 200, "")
	for query, want := range map[string]int{
		"&operatore=" + anna.id.String(): 2, "&operatore=" + carla.id.String(): 1, "&operatore=" + anna.id.String() + "&decisione=NEGATO": 1,
		"&dal=2026-05-05": 0, "&al=2026-05-03": 0, "&dal=2026-05-04&al=2026-05-04&operatore=" + anna.id.String(): 2,
		"&ordina=operatore&verso=desc&operatore=" + anna.id.String(): 2, "&ordina=decisione&operatore=" + anna.id.String(): 2,
	} {
		if r, righe := i.legge(t, amministra, "/accessi", "?limit=100"+query); len(righe) != want {
			t.Errorf("%s: %s", query, r.body)
		}
	}
	_, righe := i.legge(t, amministra, "/accessi", "?operatore="+carla.id.String())
	if got := fmt.Sprint(righe[0]["campi"], righe[0]["classi"], righe[0]["righe"]); got != "[lista nome] [D2] 2" {
		t.Error(got)
	}
	for query, want := range map[string]int{"": 2, "&ambito=PA42": 2, "&ambito=AG01": 0} {
		if r, righe := i.legge(t, i.chi("REVISORA"), "/accessi", aperti+query); len(righe) != want {
			t.Errorf("an auditor, %s: %s", query, r.body)
		}
	}
	amministra.chiede(t, i, "GET", Base+"/accessi?ambito=PA42", "").vuole(t, 200, "")
	amministra.chiede(t, i, "GET", Base+"/accessi?ambito=AG01", "").vuole(t, 422, "accessi.ambito_altrui")
	amministra.chiede(t, i, "GET", Base+"/accessi?ordina=caso", "").vuole(t, 400, "richiesta.non_conforme")
	amministra.chiede(t, i, "GET", Base+"/accessi?dal=2026-02-30", "").vuole(t, 400, "ricerca.periodo_non_valido")

	// To read the log is a look, too.
	_, righe = i.legge(t, amministra, "/accessi", "?limit=10&operatore="+amministra.id.String()+"&decisione=CONSENTITO")
	if len(righe) == 0 || righe[0]["rotta"] != "GET "+Base+"/accessi" || fmt.Sprint(righe[0]["classi"]) != "[D12]" {
		t.Errorf("%v", righe)
	}
}

func TestEverybodyReadsWhatTheyLookedAt(t *testing.T) {
	i := nuovo(t)
	anna := i.chi("ANNA")
	i.assegnata(t, 1, anna)
	apriCaso(t, i, anna, 1, 200)
	apriCaso(t, i, anna, 2, 404)
	apriCaso(t, i, i.chi("CARLA"), 1, 200)
	_, righe := i.legge(t, anna, "/accessi/miei", aperti)
	if got := fmt.Sprint(colonna(righe, "caso_id"), colonna(righe, "codice")); got != fmt.Sprintf("[%s %s] [caso.inesistente <nil>]", casoN(2), casoN(1)) {
		t.Error(got)
	}
	if _, righe := i.legge(t, anna, "/accessi/miei", aperti+"&caso="+casoN(1).String()); len(righe) != 1 {
		t.Errorf("%v", righe)
	}
	if _, righe := i.legge(t, i.chi("SUPER"), "/accessi/miei", ""); len(righe) != 0 {
		t.Errorf("%v", righe)
	}
}

func TestThePrivacyDeskFindsWhoLookedAtACitizen(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "TUTELA", domain.ResponsabileDati, intero, "")
	i.accredita(t, "ALTRA", domain.ResponsabileDati, altrove, "")
	anna, tutela := i.chi("ANNA"), i.chi("TUTELA")
	i.assegnata(t, 1, anna)
	apriCaso(t, i, anna, 1, 200)
	apriCaso(t, i, anna, 1, 200)
	apriCaso(t, i, i.chi("CARLA"), 2, 200)
	i.aggiornato(t)
	path, figlio := Base+"/accessi/ricerche-interessato", codice(t, "ROVERESI", "CARINO", 2015)
	for about, x := range map[string]struct {
		chi   chi
		corpo string
		want  int
	}{
		"a case":                           {tutela, `{"caso_id":"` + casoN(1).String() + `"}`, 2},
		"a page of them":                   {tutela, `{"caso_id":"` + casoN(1).String() + `","limit":25,"ordina":"operatore","verso":"asc"}`, 2},
		"somebody in the nucleo":           {tutela, `{"codice_fiscale":"` + strings.ToLower(figlio) + `"}`, 3},
		"nobody":                           {tutela, `{"codice_fiscale":"` + codice(t, "NESSUNO", "NESSUNO", 1999) + `"}`, 0},
		"a case, from another ambito":      {i.chi("ALTRA"), `{"caso_id":"` + casoN(1).String() + `"}`, 0},
		"somebody there, from another one": {i.chi("ALTRA"), `{"codice_fiscale":"` + figlio + `"}`, 0},
	} {
		r := x.chi.chiede(t, i, "POST", path, x.corpo).vuole(t, 200, "")
		if righe := righeDi(t, r); len(righe) != x.want || strings.Contains(r.body, figlio) {
			t.Errorf("%s: %s", about, r.body)
		}
	}
	for _, corpo := range []string{`{}`, `{"caso_id":"` + casoN(1).String() + `","codice_fiscale":"` + figlio + `"}`} {
		tutela.chiede(t, i, "POST", path, corpo).vuole(t, 422, "accessi.senza_interessato")
	}
	ieri := map[string]any{"auth_time": i.adesso().Add(-time.Hour).Unix()}
	i.con(tutela, ieri).chiede(t, i, "POST", path, `{"codice_fiscale":"`+figlio+`"}`).vuole(t, 401, "accesso.non_recente")
	i.con(i.chi("AMMINISTRA"), ieri).chiede(t, i, "POST", path, `{"codice_fiscale":"`+figlio+`"}`).vuole(t, 403, "vietato")

	_, ultimo := i.ultimo(t)
	if ultimo.Rotta != "POST "+path || ultimo.Motivo != "vietato" {
		t.Errorf("%+v", ultimo)
	}
}

// Who reads pseudonyms finds what else stands under one, and learns of no id:
// own records, whose case they know, are not found by it.
func TestThePseudonymOfACaseIsSearchedByAndTellsNoID(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "TUTELA", domain.ResponsabileDati, intero, "")
	anna, amministra, tutela, revisora := i.chi("ANNA"), i.chi("AMMINISTRA"), i.chi("TUTELA"), i.chi("REVISORA")
	i.assegnata(t, 1, anna)
	i.assegnata(t, 2, anna)
	for _, n := range []int{1, 2, 1} {
		apriCaso(t, i, anna, n, 200)
	}
	apriCaso(t, i, i.chi("DARIA"), 1, 404)
	for _, n := range []int{1, 2, 3} { // an amministratore who tries ids
		apriCaso(t, i, amministra, n, 403)
	}
	_, righe := i.legge(t, amministra, "/accessi", aperti)
	p := colonna(righe, "caso_pseudonimo") // three of their own, Daria, Anna three times
	if len(p) != 7 || p[0] != nil || p[3] == nil {
		t.Fatal(p)
	}
	aperto, negato := fmt.Sprint("&caso_pseudonimo=", p[4]), fmt.Sprint("&caso_pseudonimo=", p[3])
	for query, want := range map[string]int{
		aperto: 2, negato: 1, aperto + "&decisione=NEGATO": 0, aperto + "&operatore=" + anna.id.String(): 2, negato + "&operatore=" + amministra.id.String(): 0,
		"&caso_pseudonimo=AAAAAAAAAAAAAAAA": 0, aperto + "&al=2026-05-03": 0,
	} {
		r, righe := i.legge(t, amministra, "/accessi", aperti+query)
		if len(righe) != want {
			t.Errorf("%s: %s", query, r.body)
		}
	}
	for _, chi := range []chi{amministra, revisora} {
		chi.chiede(t, i, "GET", Base+"/accessi?caso_pseudonimo="+casoN(1).String(), "").vuole(t, 400, "richiesta.non_conforme")
	}
	revisora.chiede(t, i, "GET", Base+"/accessi?limit=100"+aperto, "").vuole(t, 422, "accessi.pseudonimo_senza_ambito")
	if _, righe := i.legge(t, revisora, "/accessi", aperti+aperto+"&ambito=PA42"); len(righe) != 2 {
		t.Errorf("an auditor: %v", righe)
	}
	if _, righe := i.legge(t, revisora, "/accessi", aperti+aperto+"&ambito=AG01"); len(righe) != 0 {
		t.Errorf("in another ambito: %v", righe)
	}
	_, righe = i.legge(t, tutela, "/accessi", aperti+aperto)
	if got := colonna(righe, "caso_id"); !slices.Equal(got, []any{casoN(1).String(), casoN(1).String()}) {
		t.Errorf("the privacy desk, to whom it was handed on: %v", got)
	}
	if _, righe := i.legge(t, tutela, "/accessi", aperti+aperto+"&caso="+casoN(2).String()); len(righe) != 0 {
		t.Errorf("another case: %v", righe)
	}
}
