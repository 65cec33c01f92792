package httpapi

import (
	"fmt"
	"testing"
	"time"

	"nucleo/domain"
)

func TestASuspendedOperatorMayNotActUntilReactivated(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "ALTROVE", domain.AmministratoreAmbito, domain.Territorio{Ambito: "AG01"}, "")
	amm, altra, anna := i.chi("AMMINISTRA"), i.chi("ALTROVE"), i.chi("ANNA")
	dove := Base + "/operatori/" + anna.id.String()
	passa := func() { i.dopo.Add(int64(2 * time.Second)) } // what was known of a person is remembered for a second
	miei := func(status int, codice string) {
		t.Helper()
		passa()
		anna.chiede(t, i, "POST", Base+"/casi/miei/ricerche", "{}").vuole(t, status, codice)
	}
	miei(200, "")
	altra.chiede(t, i, "POST", dove+"/sospensioni", `{"motivo":"x"}`).vuole(t, 404, "operatore.inesistente")
	amm.chiede(t, i, "POST", dove+"/sospensioni", `{"motivo":" "}`).vuole(t, 422, "accreditamento.motivo_mancante")
	amm.chiede(t, i, "POST", Base+"/operatori/"+amm.id.String()+"/sospensioni", `{"motivo":"x"}`).vuole(t, 403, "accreditamento.proprio")
	if r := amm.chiede(t, i, "POST", dove+"/sospensioni", `{"motivo":"motivo-canarino"}`, "Prefer", "wait=5").vuole(t, 201, ""); r.campo("sospeso") != true {
		t.Error(r.body)
	}
	miei(403, "accesso.non_accreditato")
	i.aggiornato(t)
	if r := amm.chiede(t, i, "GET", Base+"/operatori?stato=SOSPESO", "").vuole(t, 200, ""); fmt.Sprint(r.campo("totale"), r.campo("items", "0", "id")) != "1"+anna.id.String() {
		t.Error(r.body)
	}
	amm.chiede(t, i, "POST", dove+"/accreditamenti", `{"ruolo":"RESPONSABILE_PUC","ambito":"PA42"}`).vuole(t, 409, "accreditamento.operatore_sospeso")
	amm.chiede(t, i, "POST", dove+"/riattivazioni", `{"motivo":"chiusa"}`).vuole(t, 201, "")
	miei(200, "")
}

func TestRolesAndContactsChange(t *testing.T) {
	i := nuovo(t)
	amm, anna := i.chi("AMMINISTRA"), i.chi("ANNA")
	dove := Base + "/operatori/" + anna.id.String()
	acc := fmt.Sprint(amm.chiede(t, i, "GET", dove, "").vuole(t, 200, "").campo("accreditamenti", "0", "id"))
	r := amm.chiede(t, i, "POST", dove+"/accreditamenti/"+acc+"/modifiche", `{"comuni":["F377"],"fondo":"ALTRO"}`, "Prefer", "wait=5").vuole(t, 201, "")
	if fmt.Sprint(r.campo("comuni", "0"), r.campo("fondo"), r.campo("livello")) != "F377ALTROC" {
		t.Error(r.body)
	}
	amm.chiede(t, i, "POST", dove+"/accreditamenti/"+acc+"/modifiche", `{"comuni":["A089"]}`).vuole(t, 422, "accreditamento.comune_fuori_ambito")
	amm.chiede(t, i, "POST", dove+"/recapiti", `{"email":"canarina@example.org","telefono":"091 1"}`).vuole(t, 201, "")
	st, err := i.Comandi.Operatore(t.Context(), anna.id)
	if err != nil || st.Email != "canarina@example.org" || st.Accreditamenti[0].Fondo != "ALTRO" {
		t.Errorf("%+v %v", st, err)
	}
}
