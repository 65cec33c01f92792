package httpapi

import (
	"fmt"
	"strings"
	"testing"

	"nucleo/domain"
)

func TestAnAmbitoIsToldWhatItLacks(t *testing.T) {
	i := nuovo(t)
	super, amm, dove := i.chi("SUPER"), i.chi("AMMINISTRA"), Base+"/ambiti/PA42"
	mancano := func() string {
		t.Helper()
		i.aggiornato(t)
		r := amm.chiede(t, i, "GET", dove+"/dotazione", "").vuole(t, 200, "")
		return fmt.Sprint(r.campo("completa"), " ", strings.Count(r.body, `"F377"`), strings.Count(r.body, "CONVENZIONE_MANCANTE"), strings.Count(r.body, "RESPONSABILE_CONTROLLI_MANCANTE"))
	}
	super.chiede(t, i, "POST", dove+"/dissociazioni", `{"comune":"F377"}`).vuole(t, 201, "") // its agreement goes with it
	super.chiede(t, i, "POST", dove+"/comuni", `{"comuni":["F377"]}`).vuole(t, 201, "")
	if got := mancano(); got != "false 4 1 2" {
		t.Error(got)
	}
	super.chiede(t, i, "POST", dove+"/convenzioni", `{"comune":"F377","data":"2026-01-10","firmatario":"PINGUINI","qualifica":"SINDACO"}`).vuole(t, 201, "")
	super.chiede(t, i, "POST", dove+"/convenzioni", `{"ente":"Consorzio","data":"2026-01-11","firmatario":"PINGUINI","qualifica":"LEGALE_RAPPRESENTANTE"}`).vuole(t, 201, "")
	super.chiede(t, i, "POST", dove+"/deleghe", `{"comuni":["F377"],"data":"2026-01-10","atto":"12/2026","pec":"ambito@pec.example"}`).vuole(t, 201, "")
	if got := mancano(); got != "false 4 0 2" { // signed and delegated: two lists more name it, the agreement is there, and whoever covers the ambito whole counts
		t.Error(got)
	}
	super.chiede(t, i, "POST", dove+"/convenzioni", `{"comune":"A089","data":"2026-01-10","firmatario":"x","qualifica":"SINDACO"}`).vuole(t, 422, "ambito.comune_non_associato")
	super.chiede(t, i, "POST", dove+"/convenzioni", `{"comune":"F377","ente":"Consorzio","data":"2026-01-10","firmatario":"x","qualifica":"SINDACO"}`).vuole(t, 422, "ambito.convenzione_incompleta")
	if r := amm.chiede(t, i, "GET", dove+"/dotazione", "").vuole(t, 200, ""); fmt.Sprint(r.campo("convenzioni", "2", "ente"), r.campo("convenzioni", "2", "comune"), r.campo("convenzioni", "2", "qualifica")) != "Consorzio<nil>LEGALE_RAPPRESENTANTE" {
		t.Error(r.body)
	}
	amm.chiede(t, i, "POST", dove+"/deleghe", `{"comuni":["F377"],"data":"2026-01-10","atto":"12/2026","pec":"ambito@pec.example"}`).vuole(t, 403, "vietato")
	quanto := func(chi chi) string { // of the list (7.17)
		r := chi.chiede(t, i, "GET", Base+"/ambiti?q=PA", "").vuole(t, 200, "")
		return fmt.Sprint(r.campo("items", "0", "convenzioni", "0", "ente"), r.campo("items", "0", "convenzioni", "1", "comune", "codice"), r.campo("items", "0", "deleghe", "0", "atto"), r.campo("items", "0", "dotazione", "mancanze"))
	}
	mancanze, _ := amm.chiede(t, i, "GET", dove+"/dotazione", "").campo("mancanze").([]any)
	if got := quanto(amm); got != fmt.Sprint("ConsorzioF377", "12/2026", len(mancanze)) || len(mancanze) == 0 {
		t.Error(got)
	}
	i.accredita(t, "ANALIZZA", domain.Analista, domain.Territorio{}, "")
	if got := quanto(i.chi("ANALIZZA")); got != "ConsorzioF37712/2026<nil>" {
		t.Error(got)
	}
	super.chiede(t, i, "POST", dove+"/dissociazioni", `{"comune":"F377"}`).vuole(t, 201, "")
	if got := mancano(); !strings.HasPrefix(got, "false 0") {
		t.Error(got)
	}
	i.accredita(t, "ALTROVE", domain.AmministratoreAmbito, domain.Territorio{Ambito: "AG01"}, "")
	i.chi("ALTROVE").chiede(t, i, "GET", dove+"/dotazione", "").vuole(t, 404, "ambito.inesistente")
	super.chiede(t, i, "GET", Base+"/ambiti/XX99/dotazione", "").vuole(t, 404, "ambito.inesistente")
}
