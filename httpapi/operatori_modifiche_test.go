package httpapi

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"nucleo/domain"
	"nucleo/domain/operatore"
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

// TestASuspendedRoleHoldsNoMore is what a suspension does to the profile of a
// session: nothing is done under it two seconds later, the other role holds,
// and what was chosen before is chosen again when the suspension ends.
func TestASuspendedRoleHoldsNoMore(t *testing.T) {
	i, op := conAccesso(t)
	b, amm := i.browser(), i.chi("AMMINISTRA")
	b.entra(t, op, "DOPPIA", "")
	coordina := ruolo(b.chiede(t, "GET", Base+"/sessione", ""), domain.CoordinatorePaIS)
	b.chiede(t, "POST", Base+"/sessione/profilo", `{"profilo_id":"`+coordina+`"}`).vuole(t, 200, "")
	dove := Base + "/operatori/" + i.chi("DOPPIA").id.String()
	cerca := func(status int, codice string) {
		t.Helper()
		i.dopo.Add(int64(2 * time.Second))
		b.chiede(t, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`).vuole(t, status, codice)
	}
	cerca(200, "")
	altra := perID(func(string) string { return casoN(1).String() }).Replace(dove + "/accreditamenti/{accreditamento}/sospensioni")
	amm.chiede(t, i, "POST", altra, `{"motivo":"x"}`).vuole(t, 404, "accreditamento.inesistente")
	if r := amm.chiede(t, i, "POST", dove+"/accreditamenti/"+coordina+"/sospensioni", `{"motivo":"motivo-canarino"}`).vuole(t, 201, ""); r.campo("sospeso") != true {
		t.Error(r.body)
	}
	cerca(409, "accesso.profilo_da_scegliere")
	if s := b.chiede(t, "GET", Base+"/sessione", "").vuole(t, 200, ""); ruolo(s, domain.CoordinatorePaIS) != "" || ruolo(s, domain.CaseManager) == "" {
		t.Error(s.body)
	}
	amm.chiede(t, i, "POST", dove+"/accreditamenti", `{"ruolo":"COORDINATORE_PAIS","ambito":"PA42","comuni":["F377"]}`).vuole(t, 409, "accreditamento.sospeso")
	i.aggiornato(t)
	if r := amm.chiede(t, i, "GET", Base+"/operatori?stato=SOSPESO&ruolo=COORDINATORE_PAIS", "").vuole(t, 200, ""); fmt.Sprint(r.campo("totale"), r.campo("items", "0", "stato"), r.campo("items", "0", "sospeso")) != "1SOSPESOfalse" {
		t.Error(r.body)
	}
	amm.chiede(t, i, "POST", dove+"/accreditamenti/"+coordina+"/riattivazioni", `{"motivo":"chiusa"}`).vuole(t, 201, "")
	cerca(200, "")
}

func TestRolesAndContactsChange(t *testing.T) {
	i := nuovo(t)
	amm, anna := i.chi("AMMINISTRA"), i.chi("ANNA")
	dove := Base + "/operatori/" + anna.id.String()
	acc := fmt.Sprint(amm.chiede(t, i, "GET", dove, "").vuole(t, 200, "").campo("accreditamenti", "0", "id"))
	amm.chiede(t, i, "POST", dove+"/accreditamenti/"+acc+"/modifiche", `{"comuni":["F377"],"fondo":"ALTRO"}`).vuole(t, 422, "accreditamento.richiesta_incompleta")
	r := amm.chiede(t, i, "POST", dove+"/accreditamenti/"+acc+"/modifiche", `{"comuni":["F377"],"fondo":"ALTRO","richiesta":{"protocollo":"2026/31","data":"2026-02-01"}}`, "Prefer", "wait=5").vuole(t, 201, "")
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

// TestAnAmministratoreIsNamedByAFormalAct is the road of ACC-22: who cannot be
// reached, and was named by nobody, is not made amministratore before all is said.
func TestAnAmministratoreIsNamedByAFormalAct(t *testing.T) {
	i := nuovo(t)
	super := i.chi("SUPER")
	nuova := operatrice("NUOVA")
	nuova.Email, nuova.Telefono = "", ""
	o, _, err := i.Comandi.RegistraOperatore(t.Context(), i.richiesta(domain.Installatore), operatore.Registra{Dati: nuova})
	if err != nil {
		t.Fatal(err)
	}
	dove := Base + "/operatori/" + o.String()
	nomina := func(richiesta string) string {
		return `{"ruolo":"AMMINISTRATORE_AMBITO","ambito":"PA42"` + richiesta + `}`
	}
	r := super.chiede(t, i, "POST", dove+"/accreditamenti", nomina(`,"richiesta_protocollo":"2026/117","richiesta":{"data":"2026-01-10","delega":"3"}`)).vuole(t, 422, "accreditamento.nomina_incompleta")
	var mancano []string
	for n := 0; n < 10 && r.campo("errori", fmt.Sprint(n)) != nil; n++ {
		mancano = append(mancano, fmt.Sprint(r.campo("errori", fmt.Sprint(n), "campo")))
	}
	if got := strings.Join(mancano, " "); got != "richiesta.nota_pec richiesta.documento email telefono" || r.campo("campo") != mancano[0] {
		t.Error(r.body)
	}
	super.chiede(t, i, "POST", dove+"/recapiti", `{"email":"nuova@example.org","telefono":"091 1"}`).vuole(t, 201, "")
	super.chiede(t, i, "POST", dove+"/accreditamenti", nomina(`,"richiesta_protocollo":"2026/117"`)).vuole(t, 422, "accreditamento.nomina_incompleta")
	atti := `,"richiesta":{"protocollo":"2026/117","data":"2026-01-10","nota_pec":"98","documento":"CI CA12345AB"}`
	super.chiede(t, i, "POST", dove+"/accreditamenti", nomina(`,"richiesta_protocollo":"altro"`+atti)).vuole(t, 400, "richiesta.campo_ripetuto")
	super.chiede(t, i, "POST", dove+"/accreditamenti", nomina(atti)).vuole(t, 201, "")
}

// TestOperatorsAreSearchedByABody is the list of domain.md 7.16: its filters, its
// orders, the day on which a role ended.
func TestOperatorsAreSearchedByABody(t *testing.T) {
	i := nuovo(t)
	amm, super, anna := i.chi("AMMINISTRA"), i.chi("SUPER"), i.chi("ANNA")
	cerca := func(chi chi, corpo string) risposta {
		return chi.chiede(t, i, "POST", Base+"/operatori/ricerche", corpo)
	}
	acc := fmt.Sprint(amm.chiede(t, i, "GET", Base+"/operatori/"+anna.id.String(), "").vuole(t, 200, "").campo("accreditamenti", "0", "id"))
	amm.chiede(t, i, "POST", Base+"/operatori/"+anna.id.String()+"/accreditamenti/"+acc+"/modifiche", `{"comuni":["G273"],"fondo":"ALTRO"}`, "Prefer", "wait=5").vuole(t, 201, "")
	i.aggiornato(t)
	for _, corpo := range []string{
		`{"testo":"` + codiceDi("ANNA") + `"}`, `{"testo":"anna","ruolo":"CASE_MANAGER"}`, `{"fondo":"ALTRO"}`, `{"fondo":"ALTRO","comune":"G273","stato":"ATTIVO"}`,
	} {
		if r := cerca(amm, corpo).vuole(t, 200, ""); fmt.Sprint(r.campo("totale"), r.campo("items", "0", "id"), r.campo("items", "0", "stato")) != "1"+anna.id.String()+"ATTIVO" {
			t.Errorf("%s\n%s", corpo, r.body)
		}
	}
	for _, corpo := range []string{`{"fondo":"ALTRO","ruolo":"COORDINATORE_PAIS"}`, `{"testo":"` + codiceDi("LONTANA") + `"}`, `{"ambito":"AG01"}`} {
		if r := cerca(amm, corpo).vuole(t, 200, ""); fmt.Sprint(r.campo("totale")) != "0" {
			t.Errorf("%s\n%s", corpo, r.body)
		}
	}
	if r := cerca(super, `{"testo":"`+codiceDi("LONTANA")+`"}`).vuole(t, 200, ""); fmt.Sprint(r.campo("totale")) != "1" {
		t.Error(r.body)
	}
	cerca(amm, `{"ordina":"codice_fiscale"}`).vuole(t, 400, "richiesta.non_conforme")
	cerca(amm, `{"testo":"..."}`).vuole(t, 400, "ricerca.testo_non_valido")
	amm.chiede(t, i, "GET", Base+"/operatori?testo=anna", "").vuole(t, 400, "richiesta.non_conforme")
	for n := range 8 {
		i.accredita(t, fmt.Sprintf("ULTERIORE%c", 'A'+n), domain.CaseManager, palermo, "")
	}
	i.aggiornato(t)
	prima := cerca(super, `{"ordina":"ruolo","verso":"desc"}`).vuole(t, 200, "")
	cursore := fmt.Sprint(prima.campo("next_cursor"))
	if poi := cerca(super, `{"ordina":"ruolo","verso":"desc","cursor":"`+cursore+`"}`).vuole(t, 200, ""); poi.campo("items", "0", "id") == prima.campo("items", "9", "id") || poi.campo("_links") != nil {
		t.Error(poi.body)
	}
	cerca(super, `{"ordina":"dal","cursor":"`+cursore+`"}`).vuole(t, 400, "ricerca.cursore_di_altra_ricerca")
	amm.chiede(t, i, "POST", Base+"/operatori/"+anna.id.String()+"/accreditamenti/"+acc+"/revoche", `{"motivo":"x"}`).vuole(t, 201, "")
	i.aggiornato(t)
	oggi := i.oggi().String()
	if r := cerca(amm, `{"testo":"anna","stato":"REVOCATO"}`).vuole(t, 200, ""); r.campo("items", "0", "accreditamenti", "0", "al") != oggi {
		t.Errorf("%s\n%s", oggi, r.body)
	}
}
