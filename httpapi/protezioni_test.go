package httpapi

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"nucleo/domain"
	"nucleo/domain/allarme"
	"nucleo/domain/id"
)

// That a case is protected is shown to those who open it, and to nobody else: no
// list, no event of another, no figure.
func TestThatACaseIsProtectedIsSeenByThoseWhoOpenIt(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "TUTELA", domain.ResponsabileDati, intero, "")
	i.accredita(t, "ALTRA", domain.ResponsabileDati, altrove, "")
	anna, carla, tutela := i.chi("ANNA"), i.chi("CARLA"), i.chi("TUTELA")
	i.assegnata(t, 1, anna)
	i.aggiornato(t)
	caso, protegge := Base+"/casi/"+casoN(1).String(), `{"motivo":"ANTIVIOLENZA"}`
	prima := carla.chiede(t, i, "GET", caso, "").vuole(t, 200, "")
	carla.chiede(t, i, "POST", caso+"/protezioni", `{"motivo":"il marito"}`).vuole(t, 400, "richiesta.non_conforme")
	for chi, codice := range map[string]string{"ANNA": "vietato", "AMMINISTRA": "vietato", "REVISORA": "vietato", "SUPER": "vietato"} {
		i.chi(chi).chiede(t, i, "POST", caso+"/protezioni", protegge).vuole(t, 403, codice)
	}
	for _, chi := range []string{"DARIA", "ELENA", "ALTRA"} { // of another comune, another ambito
		i.chi(chi).chiede(t, i, "POST", caso+"/protezioni", protegge).vuole(t, 404, "caso.inesistente")
		i.chi(chi).chiede(t, i, "POST", caso+"/protezioni/revoche", `{}`).vuole(t, 404, "caso.inesistente")
	}
	if r := carla.chiede(t, i, "POST", caso+"/protezioni", protegge).vuole(t, 201, ""); r.header.Get("ETag") != prima.header.Get("ETag") {
		t.Error("a protection moves the version of the assignment")
	}
	tutela.chiede(t, i, "POST", caso+"/protezioni", `{"motivo":"TUTELA_MINORI"}`).vuole(t, 201, "")
	i.aggiornato(t)
	for chi, c := range map[string]chi{"its case manager": anna, "a coordinator": carla} {
		if r := c.chiede(t, i, "GET", caso, "").vuole(t, 200, ""); r.campo("protezione", "motivo") != "TUTELA_MINORI" {
			t.Errorf("%s opens %s", chi, r.body)
		}
	}
	for _, r := range []risposta{
		carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`), anna.chiede(t, i, "POST", Base+"/casi/miei/ricerche", `{}`),
		carla.chiede(t, i, "GET", caso+"/cronologia-assegnazioni", ""), carla.chiede(t, i, "GET", Base+"/cruscotto/generale", ""),
		i.chi("AMMINISTRA").chiede(t, i, "GET", Base+"/accessi?limit=100", ""),
	} {
		if r.status != 200 || strings.Contains(r.body, "rotezion") && !strings.Contains(r.body, "/protezioni") || strings.Contains(r.body, "TUTELA_MINORI") {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	tutela.chiede(t, i, "POST", caso+"/protezioni/revoche", `{}`).vuole(t, 201, "")
	carla.chiede(t, i, "POST", caso+"/protezioni/revoche", `{}`).vuole(t, 201, "") // already so
	if r := carla.chiede(t, i, "GET", caso, "").vuole(t, 200, ""); r.campo("protezione") != nil {
		t.Errorf("it is not protected any more: %s", r.body)
	}
}

// Alerts about protected cases are there for the privacy desk and for auditors:
// that there is one would tell others that a case is protected.
func TestAlertsAboutProtectedCasesAreForThePrivacyDesk(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "TUTELA", domain.ResponsabileDati, intero, "")
	amministra, tutela := i.chi("AMMINISTRA"), i.chi("TUTELA")
	i.solleva(t, allarme.Letture, "PA42", i.chi("ANNA").id)
	uno := i.solleva(t, allarme.Protetti, "PA42", i.chi("CARLA").id)
	suo := i.solleva(t, allarme.Protetti, "PA42", amministra.id) // who tried ids
	for chi, vuole := range map[string][]any{"AMMINISTRA": {"LETTURE"}, "TUTELA": {"LETTURE", "PROTETTI", "PROTETTI"}, "REVISORA": {"LETTURE", "PROTETTI", "PROTETTI"}, "SUPER": nil} {
		r, righe := i.legge(t, i.chi(chi), "/allarmi", "?ordina=regola")
		if !slices.Equal(colonna(righe, "regola"), vuole) || fmt.Sprint(r.campo("totale")) != fmt.Sprint(len(vuole)) {
			t.Errorf("%s reads %s", chi, r.body)
		}
		for _, riga := range righe {
			if riga["regola"] == "PROTETTI" && (riga["casi_pseudonimi"] != nil || (riga["casi"] != nil) != (chi == "TUTELA")) {
				t.Errorf("%s: %v", chi, riga)
			}
		}
	}
	if _, righe := i.legge(t, amministra, "/allarmi", "?regola=PROTETTI"); len(righe) != 0 {
		t.Errorf("%v", righe)
	}
	path := func(a id.Allarme, cosa string) string { return Base + "/allarmi/" + a.String() + "/" + cosa }
	for _, a := range []id.Allarme{uno, suo} { // names of alerts can be worked out
		for cosa, corpo := range map[string]string{"spiegazioni": `{"motivo":"SERVIZIO"}`, "segnalazioni": `{}`} {
			amministra.chiede(t, i, "POST", path(a, cosa), corpo).vuole(t, 404, "allarme.inesistente")
		}
	}
	tutela.chiede(t, i, "POST", path(uno, "spiegazioni"), `{"motivo":"SERVIZIO"}`).vuole(t, 201, "")
	if r := tutela.chiede(t, i, "POST", path(suo, "segnalazioni"), `{}`).vuole(t, 201, ""); strings.Contains(r.body, casoN(1).String()) {
		t.Error(r.body)
	}
}
