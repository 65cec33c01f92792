package httpapi

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/domain/operatore"
)

func TestACommandIsRefusedByWhatIsWrongWithIt(t *testing.T) {
	i := nuovo(t)
	carla, anna, bruna := i.chi("CARLA"), i.chi("ANNA"), i.chi("BRUNA")
	caso := Base + "/casi/" + casoN(1).String()
	vecchio := i.etagDi(t, carla, 1)
	adAnna, aBruna := `{"case_manager_id":"`+anna.id.String()+`"}`, `{"case_manager_id":"`+bruna.id.String()+`"}`
	carla.chiede(t, i, "POST", caso+"/assegnazioni", adAnna).vuole(t, 428, "richiesta.precondizione_mancante")
	carla.chiede(t, i, "POST", caso+"/assegnazioni", adAnna, "If-Match", vecchio, "Idempotency-Key", "").vuole(t, 400, "richiesta.chiave_mancante")
	carla.chiede(t, i, "POST", caso+"/assegnazioni", adAnna, "If-Match", vecchio, "Idempotency-Key", strings.Repeat("k", 256)).vuole(t, 400, "richiesta.chiave_mancante")
	carla.chiede(t, i, "POST", caso+"/assegnazioni", adAnna, "If-Match", `"other"`).vuole(t, 412, "richiesta.precondizione_fallita")
	carla.chiede(t, i, "POST", caso+"/assegnazioni", `{"case_manager_id":"`+i.chi("LONTANA").id.String()+`"}`, "If-Match", vecchio).vuole(t, 422, "caso.case_manager_non_idoneo")
	carla.chiede(t, i, "POST", caso+"/riassegnazioni", `{"da":"`+anna.id.String()+`","a":"`+bruna.id.String()+`","motivo":"x"}`, "If-Match", vecchio).vuole(t, 409, "caso.non_assegnato")
	nuovoTag := carla.chiede(t, i, "POST", caso+"/assegnazioni", adAnna, "If-Match", `"other", `+vecchio).vuole(t, 201, "").header.Get("ETag")
	carla.chiede(t, i, "POST", caso+"/assegnazioni", aBruna, "If-Match", vecchio).vuole(t, 412, "richiesta.precondizione_fallita")
	carla.chiede(t, i, "POST", caso+"/assegnazioni", aBruna, "If-Match", nuovoTag).vuole(t, 409, "caso.gia_assegnato")
	carla.chiede(t, i, "POST", caso+"/assegnazioni", aBruna, "If-Match", "*").vuole(t, 409, "caso.gia_assegnato")
	carla.chiede(t, i, "POST", caso+"/assegnazioni", aBruna, "If-Match", "W/"+nuovoTag).vuole(t, 412, "richiesta.precondizione_fallita")
	carla.chiede(t, i, "POST", caso+"/annullamenti-assegnazione", `{"motivo":"ALTRO"}`, "If-Match", nuovoTag).vuole(t, 422, "caso.motivo_annullamento")
	carla.chiede(t, i, "POST", caso+"/riassegnazioni", `[{"da":"`+anna.id.String()+`","a":"`+bruna.id.String()+`","motivo":"x"}]`, "If-Match", nuovoTag).vuole(t, 400, "richiesta.non_conforme")
	carla.chiede(t, i, "POST", caso+"/riassegnazioni", `{"da":"`+anna.id.String()+`","a":["`+bruna.id.String()+`"],"motivo":"x"}`, "If-Match", nuovoTag).vuole(t, 400, "richiesta.non_conforme")
	carla.chiede(t, i, "POST", caso+"/riassegnazioni", `{"da":"`+bruna.id.String()+`","a":"`+i.chi("DOPPIA").id.String()+`","motivo":"x"}`, "If-Match", nuovoTag).vuole(t, 409, "caso.non_responsabile")
	carla.chiede(t, i, "POST", caso+"/riassegnazioni", `{"da":"`+anna.id.String()+`","a":"`+bruna.id.String()+`","motivo":" "}`, "If-Match", nuovoTag).vuole(t, 422, "caso.motivo_mancante")
}

func TestTheSameKeyIsAnsweredTheSame(t *testing.T) {
	i := nuovo(t)
	carla, anna, bruna := i.chi("CARLA"), i.chi("ANNA"), i.chi("BRUNA")
	caso := Base + "/casi/" + casoN(1).String()
	assegna := func(a chi, chiave, etag string) risposta {
		return carla.chiede(t, i, "POST", caso+"/assegnazioni", `{"case_manager_id":"`+a.id.String()+`"}`, "If-Match", etag, "Idempotency-Key", chiave)
	}
	etag := i.etagDi(t, carla, 1)
	prima := assegna(anna, "k1", etag).vuole(t, 201, "")
	carla.chiede(t, i, "POST", caso+"/riassegnazioni", `{"da":"`+anna.id.String()+`","a":"`+bruna.id.String()+`","motivo":"x"}`, "If-Match", prima.header.Get("ETag")).vuole(t, 201, "")
	di := func(r risposta) string {
		return fmt.Sprint(r.status, r.body, r.header.Get("ETag"), r.header.Get("Location"))
	}
	if diff := cmp.Diff(di(prima), di(assegna(anna, "k1", etag))); diff != "" {
		t.Errorf("repeated after the case moved on (-first +second)\n%s", diff)
	}
	assegna(bruna, "k1", etag).vuole(t, 422, "richiesta.chiave_riusata")
	spazi := carla.chiede(t, i, "POST", caso+"/assegnazioni", `{ "case_manager_id" : "`+anna.id.String()+`" }`, "If-Match", etag, "Idempotency-Key", "k1")
	if di(spazi) != di(prima) {
		t.Errorf("the same request, written otherwise, is another: %s", spazi.body)
	}
	altri := i.chi("DOPPIA")
	profili := altri.chiede(t, i, "GET", Base+"/profili", "").vuole(t, 200, "")
	altri.chiede(t, i, "POST", caso+"/assegnazioni", `{"case_manager_id":"`+bruna.id.String()+`"}`, "If-Match", etag, "Idempotency-Key", "k1",
		"Profilo", fmt.Sprint(profili.campo("profili", "0", "id"))).vuole(t, 412, "richiesta.precondizione_fallita") // a key is its owner's
}

func TestOneOfManyRacingCoordinatorsWins(t *testing.T) {
	i := nuovo(t)
	const n = 16
	for k := range n {
		i.accredita(t, fmt.Sprintf("GARA%c", 'A'+k), domain.CoordinatorePaIS, palermo, "")
		i.accredita(t, fmt.Sprintf("META%c", 'A'+k), domain.CaseManager, palermo, "")
	}
	etag := i.etagDi(t, i.chi("CARLA"), 1)
	risposte := make([]risposta, n)
	var tutti sync.WaitGroup
	for k := range n {
		chi, a := i.chi(fmt.Sprintf("GARA%c", 'A'+k)), i.chi(fmt.Sprintf("META%c", 'A'+k))
		tutti.Go(func() {
			risposte[k] = chi.chiede(t, i, "POST", Base+"/casi/"+casoN(1).String()+"/assegnazioni", `{"case_manager_id":"`+a.id.String()+`"}`, "If-Match", etag)
		})
	}
	tutti.Wait()
	vinte := 0
	for _, r := range risposte {
		switch r.status {
		case 201:
			vinte++
		case 409, 412:
		default:
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	if vinte != 1 {
		t.Errorf("%d coordinators won", vinte)
	}
	i.aggiornato(t)
	storia := i.chi("CARLA").chiede(t, i, "GET", Base+"/casi/"+casoN(1).String()+"/cronologia-assegnazioni", "").vuole(t, 200, "")
	if storia.campo("items", "0") == nil || storia.campo("items", "1") != nil {
		t.Errorf("the chronology tells other than one assignment\n%s", storia.body)
	}
}

func TestPeopleAreRegisteredAccreditedAndRevoked(t *testing.T) {
	i := nuovo(t)
	amm, super := i.chi("AMMINISTRA"), i.chi("SUPER")
	codice := codice(t, "ZAFFERANI", "NUOVA", 1980)
	registra := func(corpo string, headers ...string) risposta {
		return amm.chiede(t, i, "POST", Base+"/operatori", corpo, headers...)
	}
	const nata = `,"data_nascita":"1980-01-01","genere":"F","comune_nascita":"G273"}`
	registra(`{"codice_fiscale":"`+codice[:15]+`9","cognome":"ZAFFERANI","nome":"NUOVA"`+nata).vuole(t, 422, "")
	registra(`{"codice_fiscale":"`+codice+`","cognome":"PINGUINI","nome":"NUOVA"`+nata).vuole(t, 422, "operatore.codice_divergente")
	if r := registra(`{"codice_fiscale":"`+codice+`","cognome":"ZAFFERANI","nome":"NUOVA","genere":"F"}`).vuole(t, 400, "richiesta.non_conforme"); fmt.Sprint(r.campo("errori", "0", "campo"), r.campo("errori", "1", "campo"), r.campo("errori", "2")) != "data_nascitacomune_nascita<nil>" {
		t.Error(r.body)
	}
	o := registra(`{"codice_fiscale":"`+strings.ToLower(codice)+`","cognome":"ZAFFERANI","nome":"NUOVA","data_nascita":"1980-01-01","genere":"F","comune_nascita":"G273"}`, "Prefer", "wait=5").vuole(t, 201, "")
	dove := Base + "/operatori/" + fmt.Sprint(o.campo("id"))
	if o.header.Get("Location") != dove {
		t.Error(o.header.Get("Location"))
	}
	corpo := `{"ruolo":"CASE_MANAGER","ambito":"PA42","comuni":["G273","F377"],"fondo":"PON","richiesta":{"protocollo":"2026/31","data":"2026-02-01"}}`
	acc := amm.chiede(t, i, "POST", dove+"/accreditamenti", corpo, "Idempotency-Key", "a").vuole(t, 201, "")
	if ancora := amm.chiede(t, i, "POST", dove+"/accreditamenti", corpo, "Idempotency-Key", "a"); ancora.body != acc.body || ancora.status != 201 {
		t.Errorf("repeated: %s", ancora.body)
	}
	amm.chiede(t, i, "POST", dove+"/accreditamenti", `{"ruolo":"COORDINATORE_PAIS","ambito":"PA42","comuni":["G273"],"richiesta_protocollo":"2026/31"}`).vuole(t, 422, "accreditamento.richiesta_incompleta")
	altrui := amm.chiede(t, i, "POST", Base+"/operatori/"+i.chi("ANNA").id.String()+"/accreditamenti", `{"ruolo":"CASE_MANAGER","ambito":"PA42","comuni":["F377"],"richiesta_protocollo":"2026/31","richiesta":{"data":"2026-02-01"}}`, "Idempotency-Key", "a").vuole(t, 201, "")
	if altrui.campo("id") == acc.campo("id") {
		t.Error("two operators share an accreditation")
	}
	amm.chiede(t, i, "POST", dove+"/accreditamenti", `{"ruolo":"AUDITOR"}`).vuole(t, 403, "accreditamento.non_consentito")
	super.chiede(t, i, "POST", dove+"/accreditamenti", `{"ruolo":"AUDITOR"}`).vuole(t, 409, "accreditamento.incompatibile")
	amm.chiede(t, i, "POST", dove+"/accreditamenti", `{"ruolo":"CASE_MANAGER","ambito":"AG01"}`).vuole(t, 403, "accreditamento.non_consentito")
	amm.chiede(t, i, "POST", Base+"/operatori/"+amm.id.String()+"/accreditamenti", corpo).vuole(t, 403, "accreditamento.proprio")
	i.aggiornato(t)
	elenco := amm.chiede(t, i, "GET", Base+"/operatori?ruolo=CASE_MANAGER&stato=ATTIVO&comune=F377&limit=25", "").vuole(t, 200, "")
	if fmt.Sprint(elenco.campo("totale")) != "3" || !strings.Contains(elenco.body, codice) || strings.Contains(elenco.body, "AG01") {
		t.Errorf("list of operators\n%s", elenco.body)
	}
	if r := amm.chiede(t, i, "GET", Base+"/operatori?ambito=AG01", "").vuole(t, 200, ""); fmt.Sprint(r.campo("totale")) != "0" {
		t.Errorf("an amministratore sees another ambito\n%s", r.body)
	}
	amm.chiede(t, i, "GET", Base+"/operatori/"+i.chi("LONTANA").id.String(), "").vuole(t, 404, "operatore.inesistente")
	super.chiede(t, i, "GET", Base+"/operatori/"+i.chi("LONTANA").id.String(), "").vuole(t, 200, "")
	amm.chiede(t, i, "POST", dove+"/accreditamenti/"+fmt.Sprint(acc.campo("id"))+"/revoche", `{"motivo":"motivo-canarino"}`).vuole(t, 201, "")
	if r := amm.chiede(t, i, "GET", dove, "").vuole(t, 200, ""); r.campo("accreditamenti", "0", "revocato") != true {
		t.Errorf("not revoked\n%s", r.body)
	}
	prima := super.chiede(t, i, "GET", Base+"/operatori?limit=10", "").vuole(t, 200, "")
	poi := super.chiede(t, i, "GET", fmt.Sprint(prima.campo("_links", "next")), "").vuole(t, 200, "")
	if poi.campo("items", "0", "id") == nil || poi.campo("items", "0", "id") == prima.campo("items", "0", "id") {
		t.Errorf("the next page\n%s", poi.body)
	}
}

func TestARevokedRoleHoldsNoLonger(t *testing.T) {
	i := nuovo(t)
	carla := i.chi("CARLA")
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`).vuole(t, 200, "")
	stato, err := i.Comandi.Operatore(t.Context(), carla.id)
	if err != nil {
		t.Fatal(err)
	}
	_, err = i.Comandi.RevocaRuolo(t.Context(), i.richiesta(domain.Installatore), carla.id, operatore.Revoca{Accreditamento: stato.Accreditamenti[0].ID, Motivo: "x"})
	if err != nil {
		t.Fatal(err)
	}
	i.dopo.Add(int64(valeProfilo) + int64(time.Millisecond))
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`).vuole(t, 403, "accesso.non_accreditato")
}

func TestAmbitiAreMadeAndListed(t *testing.T) {
	i := nuovo(t)
	super := i.chi("SUPER")
	super.chiede(t, i, "POST", Base+"/ambiti", `{"codice":"RM01","denominazione":"Roma 1","regione":"Lazio"}`, "Prefer", "wait=5").vuole(t, 201, "")
	super.chiede(t, i, "POST", Base+"/ambiti", `{"codice":"RM01","denominazione":"Roma I","regione":"Lazio"}`).vuole(t, 409, "ambito.gia_creato")
	super.chiede(t, i, "POST", Base+"/ambiti/RM01/comuni", `{"comuni":["H501"]}`, "Prefer", "wait=5").vuole(t, 201, "")
	super.chiede(t, i, "POST", Base+"/ambiti/RM01/comuni", `{"comuni":["G273"]}`).vuole(t, 409, "ambito.comune_gia_associato")
	super.chiede(t, i, "POST", Base+"/ambiti/RM99/comuni", `{"comuni":["H501"]}`).vuole(t, 404, "ambito.inesistente")
	if r := super.chiede(t, i, "GET", Base+"/ambiti?q=roma", "").vuole(t, 200, ""); r.campo("items", "0", "comuni", "0", "codice") != "H501" {
		t.Error(r.body)
	}
	if r := i.chi("AMMINISTRA").chiede(t, i, "GET", Base+"/ambiti", "").vuole(t, 200, ""); fmt.Sprint(r.campo("totale")) != "1" || r.campo("items", "0", "codice") != "PA42" {
		t.Error(r.body)
	}
}

func TestAProgramHandsFilesIn(t *testing.T) {
	i := nuovo(t)
	inps := i.inps()
	r := inps.chiede(t, i, "POST", Base+"/importazioni?tipo=domande&salta_errate=true", "{}\n", "Content-Type", "application/x-ndjson", "Idempotency-Key", "f").vuole(t, 202, "")
	ancora := inps.chiede(t, i, "POST", Base+"/importazioni?tipo=domande&salta_errate=true", "{}\n", "Content-Type", "application/x-ndjson", "Idempotency-Key", "f").vuole(t, 202, "")
	if ancora.header.Get("Location") != r.header.Get("Location") {
		t.Error("the same file under the same key is two imports")
	}
	inps.chiede(t, i, "GET", r.header.Get("Location"), "").vuole(t, 200, "")
	inps.chiede(t, i, "GET", Base+"/importazioni/00000000-0000-4000-8000-000000000000", "").vuole(t, 404, "")
	inps.chiede(t, i, "POST", Base+"/importazioni?tipo=domande", "{}", "Content-Type", "application/json").vuole(t, 415, "richiesta.tipo_contenuto")
	inps.chiede(t, i, "POST", Base+"/importazioni?tipo=altro", "{}", "Content-Type", "text/csv").vuole(t, 400, "richiesta.non_conforme")
	inps.chiede(t, i, "GET", Base+"/profili", "").vuole(t, 200, "")
}
