package httpapi

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/allarme"
	"nucleo/domain/id"
)

// solleva raises an alert about somebody, on two cases of the tests.
func (i *impianto) solleva(t *testing.T, r allarme.Regola, ambito string, o id.Operatore) id.Allarme {
	t.Helper()
	a := allarme.Sollevato{
		Regola: r, Ambito: ambito, Operatore: o, Dal: mattina.Truncate(time.Hour), Prima: mattina.Truncate(time.Hour).Add(time.Hour), Misura: 71, Soglia: 60,
		Casi: []id.Caso{casoN(1), casoN(2)},
	}
	req := i.richiesta(domain.Vigilanza)
	req.Comando = uuid.New()
	e, err := i.Comandi.SollevaAllarme(t.Context(), req, a)
	i.nota(t, e.Posizione, err)
	return a.ID()
}

func TestAlertsAreReadByWhoReadsTheAccessLog(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "TUTELA", domain.ResponsabileDati, intero, "")
	anna, amministra, tutela, revisora := i.chi("ANNA"), i.chi("AMMINISTRA"), i.chi("TUTELA"), i.chi("REVISORA")
	i.assegnata(t, 1, anna)
	apriCaso(t, i, anna, 1, 200)
	i.solleva(t, allarme.Letture, "PA42", anna.id)
	i.solleva(t, allarme.Dinieghi, "PA42", amministra.id)
	i.solleva(t, allarme.Elenchi, "AG01", i.chi("LONTANA").id)

	for chi, quanti := range map[string]int{"AMMINISTRA": 2, "TUTELA": 2, "REVISORA": 3} {
		r, righe := i.legge(t, i.chi(chi), "/allarmi", "")
		if len(righe) != quanti {
			t.Errorf("%s: %s", chi, r.body)
		}
		if vede := strings.Contains(r.body, casoN(1).String()); vede != (chi == "TUTELA") {
			t.Errorf("%s reads the id of a case: %v", chi, vede)
		}
	}
	_, righe := i.legge(t, amministra, "/allarmi", "?ordina=regola&verso=desc") // Anna's, then one's own
	if righe[1]["casi_pseudonimi"] != nil || righe[1]["casi"] != nil {
		t.Errorf("who an alert is about knows the cases: %v", righe[1])
	}
	_, log := i.legge(t, amministra, "/accessi", aperti)
	if p := righe[0]["casi_pseudonimi"].([]any); len(p) != 2 || p[0] != log[0]["caso_pseudonimo"] || p[1] == p[0] {
		t.Errorf("pseudonyms %v, and in the access log %v", p, log[0]["caso_pseudonimo"])
	}
	if got := fmt.Sprint([]any{righe[0]["operatore"].(map[string]any)["nome"], righe[0]["misura"], righe[0]["soglia"], righe[0]["stato"], righe[0]["dal"]}); got != "[ANNA Zafferani 71 60 NUOVO 2026-05-04T08:00:00Z]" {
		t.Error(got)
	}
	for query, want := range map[string]int{
		"?ambito=AG01": 1, "?ambito=PA42": 2, "?regola=LETTURE": 1, "?stato=NUOVO": 3, "?stato=SPIEGATO": 0, "?operatore=" + anna.id.String(): 1,
		"?dal=2026-05-04&al=2026-05-04": 3, "?dal=2026-05-05": 0, "?al=2026-05-03": 0, "?ordina=operatore": 3,
	} {
		if r, righe := i.legge(t, revisora, "/allarmi", query); len(righe) != want {
			t.Errorf("%s: %s", query, r.body)
		}
	}
	tutela.chiede(t, i, "GET", Base+"/allarmi?ambito=AG01", "").vuole(t, 422, "accessi.ambito_altrui")
	tutela.chiede(t, i, "GET", Base+"/allarmi?regola=ALTRA", "").vuole(t, 400, "richiesta.non_conforme")
	for _, chi := range []string{"ANNA", "CARLA"} {
		i.chi(chi).chiede(t, i, "GET", Base+"/allarmi", "").vuole(t, 403, "vietato")
	}
	if e, ultimo := i.ultimo(t); ultimo.Rotta != "GET "+Base+"/allarmi" || ultimo.Decisione != accesso.Negato {
		t.Errorf("%+v %+v", e, ultimo)
	}
}

func TestAnAlertIsExplainedOrReported(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "TUTELA", domain.ResponsabileDati, intero, "")
	i.accredita(t, "ALTRA", domain.ResponsabileDati, altrove, "")
	anna, amministra, tutela := i.chi("ANNA"), i.chi("AMMINISTRA"), i.chi("TUTELA")
	i.assegnata(t, 1, anna)
	apriCaso(t, i, anna, 1, 200)
	apriCaso(t, i, anna, 2, 404)
	i.aggiornato(t)
	uno, due, suo := i.solleva(t, allarme.Letture, "PA42", anna.id), i.solleva(t, allarme.Dinieghi, "PA42", anna.id), i.solleva(t, allarme.Elenchi, "PA42", amministra.id)
	path := func(a id.Allarme, cosa string) string { return Base + "/allarmi/" + a.String() + "/" + cosa }

	amministra.chiede(t, i, "POST", path(uno, "spiegazioni"), `{"motivo":"era mia cugina"}`).vuole(t, 400, "richiesta.non_conforme")
	amministra.chiede(t, i, "POST", path(suo, "spiegazioni"), `{"motivo":"SERVIZIO"}`).vuole(t, 403, "allarme.proprio")
	i.chi("ALTRA").chiede(t, i, "POST", path(uno, "spiegazioni"), `{"motivo":"SERVIZIO"}`).vuole(t, 404, "allarme.inesistente")
	i.chi("REVISORA").chiede(t, i, "POST", path(uno, "spiegazioni"), `{"motivo":"SERVIZIO"}`).vuole(t, 403, "vietato")
	r := amministra.chiede(t, i, "POST", path(uno, "spiegazioni"), `{"motivo":"SOSTITUZIONE"}`).vuole(t, 201, "")
	if got := fmt.Sprint([]any{r.campo("stato"), r.campo("motivo"), r.campo("avviso")}); got != "[SPIEGATO SOSTITUZIONE <nil>]" {
		t.Error(got)
	}
	tutela.chiede(t, i, "POST", path(uno, "spiegazioni"), `{"motivo":"URGENZA"}`).vuole(t, 409, "allarme.gia_spiegato")

	ieri := map[string]any{"auth_time": i.adesso().Add(-time.Hour).Unix()}
	i.con(tutela, ieri).chiede(t, i, "POST", path(due, "segnalazioni"), `{}`).vuole(t, 401, "accesso.non_recente")
	r = tutela.chiede(t, i, "POST", path(due, "segnalazioni"), `{}`).vuole(t, 201, "")
	detti := fmt.Sprint(r.campo("avviso", "accessi"))
	for _, manca := range []string{"NEGATO", "CONSENTITO", "2026-05-04T08:00:00Z", "CASE_MANAGER"} {
		if !strings.Contains(detti, manca) {
			t.Errorf("the notice does not tell %s: %s", manca, r.body)
		}
	}
	if got := fmt.Sprint([]any{r.campo("stato"), r.campo("avviso", "operatore_id"), r.campo("avviso", "regola"), r.campo("avviso", "accessi_totale")}); got != "[SEGNALATO "+anna.id.String()+" DINIEGHI 2]" {
		t.Error(got)
	}
	for _, nome := range []string{"Zafferani", "ANNA", casoN(1).String(), casoN(2).String()} {
		if strings.Contains(r.body, nome) {
			t.Errorf("the notice names %s: %s", nome, r.body)
		}
	}
	if di := tutela.chiede(t, i, "POST", path(due, "segnalazioni"), `{}`).vuole(t, 201, ""); di.campo("avviso", "accessi_totale") != r.campo("avviso", "accessi_totale") {
		t.Errorf("told again otherwise: %s", di.body)
	}
	amministra.chiede(t, i, "POST", path(due, "spiegazioni"), `{"motivo":"SERVIZIO"}`).vuole(t, 409, "allarme.gia_segnalato")

	_, righe := i.legge(t, tutela, "/allarmi", "?ordina=stato")
	if got := colonna(righe, "stato"); !slices.Equal(got, []any{"NUOVO", "SEGNALATO", "SPIEGATO"}) {
		t.Error(got)
	}
	if got := righe[1]["seguito_da"].(map[string]any)["nome"]; got != "TUTELA Zafferani" {
		t.Error(got)
	}
}

// Whoever belongs to no ambito has their alerts explained by a super utente who
// is somebody else; and a super utente follows no others.
func TestAlertsAboutAuditorsAreFollowedByASuperUtente(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "SOVRANA", domain.SuperUtente, ovunque, "")
	revisora, super, sovrana := i.chi("REVISORA"), i.chi("SUPER"), i.chi("SOVRANA")
	sua, altra := i.solleva(t, allarme.Elenchi, accesso.Nazionale, revisora.id), i.solleva(t, allarme.Dinieghi, accesso.Nazionale, super.id)
	locale := i.solleva(t, allarme.Letture, "PA42", revisora.id) // the auditor read cases there
	path := func(a id.Allarme, cosa string) string { return Base + "/allarmi/" + a.String() + "/" + cosa }

	r, righe := i.legge(t, super, "/allarmi", "?ordina=regola")
	if got := colonna(righe, "ambito"); !slices.Equal(got, []any{"nazionale", "nazionale"}) || strings.Contains(r.body, casoN(1).String()) || righe[1]["casi_pseudonimi"] == nil || righe[0]["casi_pseudonimi"] != nil {
		t.Errorf("a super utente reads %s", r.body)
	}
	super.chiede(t, i, "GET", Base+"/allarmi?ambito=PA42", "").vuole(t, 422, "accessi.ambito_altrui")
	super.chiede(t, i, "GET", Base+"/allarmi?ambito=nazionale", "").vuole(t, 200, "")
	super.chiede(t, i, "GET", Base+"/accessi", "").vuole(t, 403, "vietato")

	spiega := `{"motivo":"CONTROLLO"}`
	for _, chi := range []string{"REVISORA", "ANNA"} {
		i.chi(chi).chiede(t, i, "POST", path(sua, "spiegazioni"), spiega).vuole(t, 403, "vietato")
	}
	i.chi("AMMINISTRA").chiede(t, i, "POST", path(sua, "spiegazioni"), spiega).vuole(t, 404, "allarme.inesistente")
	super.chiede(t, i, "POST", path(locale, "spiegazioni"), spiega).vuole(t, 404, "allarme.inesistente")
	super.chiede(t, i, "POST", path(altra, "spiegazioni"), spiega).vuole(t, 403, "allarme.proprio")
	super.chiede(t, i, "POST", path(altra, "segnalazioni"), `{}`).vuole(t, 403, "allarme.proprio")
	super.chiede(t, i, "POST", path(sua, "spiegazioni"), spiega).vuole(t, 201, "")
	sovrana.chiede(t, i, "POST", path(altra, "segnalazioni"), `{}`).vuole(t, 201, "")
	i.chi("AMMINISTRA").chiede(t, i, "POST", path(locale, "spiegazioni"), spiega).vuole(t, 201, "")
}
