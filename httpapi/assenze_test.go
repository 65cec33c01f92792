package httpapi

import (
	"fmt"
	"strings"
	"testing"

	"nucleo/domain"
)

func TestAnAbsenceIsSeenByWhoeverAssigns(t *testing.T) {
	i := nuovo(t)
	amm, carla, daria := i.chi("AMMINISTRA"), i.chi("CARLA"), i.chi("DARIA")
	anna := Base + "/operatori/" + i.chi("ANNA").id.String()
	ferie := `{"dal":"2026-05-01","al":"2026-05-10","motivo":"FERIE"}`

	prima := carla.chiede(t, i, "POST", anna+"/indisponibilita", ferie, "Idempotency-Key", "f", "Prefer", "wait=5").vuole(t, 201, "")
	if ancora := carla.chiede(t, i, "POST", anna+"/indisponibilita", ferie, "Idempotency-Key", "f"); ancora.body != prima.body {
		t.Errorf("asked twice: %s %s", prima.body, ancora.body)
	}
	amm.chiede(t, i, "POST", anna+"/indisponibilita", `{"dal":"2026-05-10","al":"2026-05-12","motivo":"MALATTIA"}`).vuole(t, 409, "indisponibilita.sovrapposta")
	amm.chiede(t, i, "POST", anna+"/indisponibilita", `{"dal":"2026-06-10","al":"2026-06-12","motivo":"MALATTIA"}`, "Prefer", "wait=5").vuole(t, 201, "")
	amm.chiede(t, i, "POST", anna+"/indisponibilita", `{"dal":"2026-07-10","al":"2026-07-02","motivo":"MALATTIA"}`).vuole(t, 422, "indisponibilita.periodo_non_valido")
	daria.chiede(t, i, "POST", anna+"/indisponibilita", ferie).vuole(t, 404, "operatore.inesistente")
	carla.chiede(t, i, "POST", Base+"/operatori/"+amm.id.String()+"/indisponibilita", ferie).vuole(t, 404, "operatore.inesistente")

	scelta := func() risposta {
		return carla.chiede(t, i, "GET", Base+"/case-manager?comune=G273", "").vuole(t, 200, "")
	}
	r := scelta()
	if r.campo("items", "0", "indisponibile_fino") != "2026-05-10" || r.campo("items", "1", "indisponibile_fino") != nil {
		t.Errorf("who is away is not told\n%s", r.body)
	}
	if r.campo("items", "0", "indisponibilita", "1", "dal") != "2026-06-10" || strings.Contains(r.body, "FERIE") || strings.Contains(r.body, "MALATTIA") {
		t.Errorf("when, and not why\n%s", r.body)
	}
	if r := amm.chiede(t, i, "GET", anna, "").vuole(t, 200, ""); r.campo("indisponibilita", "0", "motivo") != "FERIE" || r.campo("indisponibilita", "1", "al") != "2026-06-12" {
		t.Errorf("the operator\n%s", r.body)
	}
	carla.chiede(t, i, "POST", Base+"/casi/"+casoN(1).String()+"/assegnazioni", `{"case_manager_id":"`+i.chi("ANNA").id.String()+`"}`, "If-Match", i.etagDi(t, carla, 1)).vuole(t, 201, "")

	revoca := anna + "/indisponibilita/" + fmt.Sprint(prima.campo("id")) + "/revoche"
	daria.chiede(t, i, "POST", revoca, `{}`).vuole(t, 404, "operatore.inesistente")
	carla.chiede(t, i, "POST", anna+"/indisponibilita/"+anna[len(anna)-36:]+"/revoche", `{}`).vuole(t, 404, "indisponibilita.inesistente")
	carla.chiede(t, i, "POST", revoca, `{}`, "Prefer", "wait=5").vuole(t, 201, "")
	if r := scelta(); r.campo("items", "0", "indisponibile_fino") != nil || r.campo("items", "0", "indisponibilita", "0", "dal") != "2026-06-10" {
		t.Errorf("a revoked absence still holds\n%s", r.body)
	}
}

// Whoever has a role that holds everywhere belongs to no ambito.
func TestASuperUtenteKeepsTheAbsencesOfAll(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "SOLA", domain.Auditor, ovunque, "")
	ferie := `{"dal":"2026-05-01","al":"2026-05-10","motivo":"FORMAZIONE"}`
	sola := Base + "/operatori/" + i.chi("SOLA").id.String() + "/indisponibilita"
	i.chi("AMMINISTRA").chiede(t, i, "POST", sola, ferie).vuole(t, 404, "operatore.inesistente")
	i.chi("SUPER").chiede(t, i, "POST", sola, ferie).vuole(t, 201, "")
}
