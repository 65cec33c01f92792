package httpapi

import (
	"testing"
)

func TestOnlyTheCaseManagerOfACaseWorksOnIt(t *testing.T) {
	i := nuovo(t)
	carla, anna, bruna := i.chi("CARLA"), i.chi("ANNA"), i.chi("BRUNA")
	caso := Base + "/casi/" + casoN(1).String()
	nota := `{"testo":"motivo-canarino"}`
	altrui := anna.chiede(t, i, "POST", caso+"/annotazioni", nota).vuole(t, 404, "caso.inesistente")
	inventato := anna.chiede(t, i, "POST", Base+"/casi/"+casoN(9999).String()+"/annotazioni", nota).vuole(t, 404, "caso.inesistente")
	if altrui.campo("detail") != inventato.campo("detail") || altrui.campo("title") != inventato.campo("title") {
		t.Errorf("a case of somebody else is told from none: %s %s", altrui.body, inventato.body)
	}
	carla.chiede(t, i, "POST", caso+"/assegnazioni", `{"case_manager_id":"`+anna.id.String()+`"}`, "If-Match", i.etagDi(t, carla, 1)).vuole(t, 201, "")
	prima := anna.chiede(t, i, "POST", caso+"/annotazioni", nota, "Idempotency-Key", "n1").vuole(t, 201, "")
	ancora := anna.chiede(t, i, "POST", caso+"/annotazioni", nota, "Idempotency-Key", "n1").vuole(t, 201, "")
	if prima.body != ancora.body || prima.header.Get("ETag") == "" || prima.header.Get("ETag") != ancora.header.Get("ETag") {
		t.Errorf("asked twice: %s %s", prima.body, ancora.body)
	}
	bruna.chiede(t, i, "POST", caso+"/annotazioni", nota).vuole(t, 404, "caso.inesistente")
	carla.chiede(t, i, "POST", caso+"/annotazioni", nota).vuole(t, 403, "vietato")
	anna.chiede(t, i, "POST", caso+"/annotazioni", nota, "If-Match", prima.header.Get("ETag")).vuole(t, 201, "")
	anna.chiede(t, i, "POST", caso+"/annotazioni", nota, "If-Match", prima.header.Get("ETag")).vuole(t, 412, "richiesta.precondizione_fallita")
	anna.chiede(t, i, "POST", caso+"/annotazioni", `{"testo":" "}`).vuole(t, 422, "annotazione.testo_non_valido")
}
