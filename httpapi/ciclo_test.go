package httpapi

import (
	"strings"
	"testing"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
)

const (
	rinuncia = `{"motivo":"RINUNCIA","motivazione":"motivo-canarino","data":"2026-05-04"}`
	doppione = `{"motivo":"DOPPIONE","data":"2026-05-04"}`
)

func TestACaseManagerClosesTheirCaseAndReopensIt(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	prima := l.etag
	l.fa(t, "/chiusure", rinuncia, "If-Match", "").vuole(t, 428, "")
	l.fa(t, "/chiusure", `{"motivo":"PAIS_CONCLUSO","data":"2026-05-04"}`).vuole(t, 400, "")
	l.fa(t, "/chiusure", `{"motivo":"ALTRO","data":"2026-05-04"}`).vuole(t, 422, "caso.motivazione_mancante")
	l.fa(t, "/chiusure", `{"motivo":"RINUNCIA","data":"2026-05-05"}`).vuole(t, 422, "domanda.data_non_valida")
	l.fa(t, "/chiusure", `{"motivo":"DECESSO_MONOCOMPONENTE","data":"2026-05-04"}`).vuole(t, 409, "caso.non_monocomponente")
	uno := l.fa(t, "/chiusure", rinuncia, "Idempotency-Key", "c1").vuole(t, 201, "")
	if due := l.fa(t, "/chiusure", rinuncia, "Idempotency-Key", "c1").vuole(t, 201, ""); due.body != uno.body || due.header.Get("ETag") != uno.header.Get("ETag") {
		t.Errorf("asked twice: %s %s", uno.body, due.body)
	}
	l.fa(t, "/chiusure", rinuncia).vuole(t, 201, "")
	l.fa(t, "/chiusure", rinuncia, "If-Match", prima).vuole(t, 412, "richiesta.precondizione_fallita")
	if s := l.stato(t); s.Stato != caso.Chiuso || s.Chiusura.Motivo != caso.ChiusoPerRinuncia || !s.Di(l.cm.id) {
		t.Errorf("closed, the case is %s %+v of %s", s.Stato, s.Chiusura, s.Assegnazione.CaseManager)
	}
	l.fa(t, "/analisi-preliminare", `{"data":"2026-05-04"}`).vuole(t, 409, "caso.non_aperto")

	i.chi("CARLA").chiede(t, i, "POST", Base+"/casi/"+casoN(1).String()+"/riaperture", perche, "If-Match", "*").vuole(t, 409, "caso.riapre_il_case_manager")
	i.chi("BRUNA").chiede(t, i, "POST", Base+"/casi/"+casoN(1).String()+"/riaperture", perche, "If-Match", "*").vuole(t, 404, "caso.inesistente")
	l.fa(t, "/riaperture", `{"motivazione":" "}`).vuole(t, 422, "caso.motivazione_mancante")
	l.fa(t, "/riaperture", perche).vuole(t, 201, "")
	l.fa(t, "/riaperture", perche).vuole(t, 201, "")
	if s := l.stato(t); s.Stato != caso.DaAvviare || s.Chiusura.Motivo != "" {
		t.Errorf("reopened, the case is %s %+v", s.Stato, s.Chiusura)
	}
}

func TestACoordinatorClosesAndReopensOnlyCasesThatWait(t *testing.T) {
	i := nuovo(t)
	carla, elena := i.chi("CARLA"), i.chi("ELENA")
	percorso := Base + "/casi/" + casoN(1).String()
	etag := i.etagDi(t, carla, 1)
	carla.chiede(t, i, "POST", percorso+"/chiusure", rinuncia, "If-Match", etag).vuole(t, 409, "caso.chiude_il_case_manager")
	carla.chiede(t, i, "POST", percorso+"/chiusure", doppione, "If-Match", `"altro"`).vuole(t, 412, "richiesta.precondizione_fallita")
	fatto := carla.chiede(t, i, "POST", percorso+"/chiusure", doppione, "If-Match", etag).vuole(t, 201, "")
	if got := fatto.header.Get("ETag"); got != etag || strings.Contains(fatto.body, "CHIUSO") {
		t.Errorf("the coordinator learns %s, with ETag %s: %s the version of the whole", fatto.body, got, etag)
	}
	carla.chiede(t, i, "POST", percorso+"/assegnazioni", `{"case_manager_id":"`+i.chi("ANNA").id.String()+`"}`, "If-Match", etag).vuole(t, 409, "caso.non_aperto")
	carla.chiede(t, i, "POST", percorso+"/riaperture", perche, "If-Match", etag).vuole(t, 201, "")
	l := i.alLavoro(t, 1)
	carla.chiede(t, i, "POST", percorso+"/chiusure", doppione, "If-Match", i.etagDi(t, carla, 1)).vuole(t, 409, "caso.chiude_il_case_manager")
	if s := l.stato(t); s.Stato != caso.DaAvviare {
		t.Errorf("the case is %s", s.Stato)
	}
	suo := elena.chiede(t, i, "POST", percorso+"/chiusure", doppione, "If-Match", "*").vuole(t, 404, "caso.inesistente")
	nessuno := elena.chiede(t, i, "POST", Base+"/casi/"+casoN(9999).String()+"/chiusure", doppione, "If-Match", "*").vuole(t, 404, "caso.inesistente")
	if suo.campo("detail") != nessuno.campo("detail") {
		t.Errorf("a case elsewhere is told from none: %s %s", suo.body, nessuno.body)
	}
}

// TestACoordinatorReopensTheCaseOfWhoLeft shows that the case manager is asked
// for when the case is reopened, and loses it if they may no longer carry it.
func TestACoordinatorReopensTheCaseOfWhoLeft(t *testing.T) {
	i := nuovo(t)
	accreditata := i.accredita(t, "BREVE", domain.CaseManager, palermo, "")
	carla, breve := i.chi("CARLA"), i.chi("BREVE")
	carla.assegna(t, i, 1, breve).vuole(t, 201, "")
	percorso := Base + "/casi/" + casoN(1).String()
	breve.chiede(t, i, "POST", percorso+"/chiusure", rinuncia, "If-Match", i.etagDi(t, breve, 1)).vuole(t, 201, "")
	i.chi("SUPER").chiede(t, i, "POST", Base+"/operatori/"+breve.id.String()+"/accreditamenti/"+accreditata.String()+"/revoche", `{"motivo":"congedo"}`).vuole(t, 201, "")
	prima := i.etagDi(t, carla, 1)
	dopo := carla.chiede(t, i, "POST", percorso+"/riaperture", perche, "If-Match", prima).vuole(t, 201, "")
	if dopo.header.Get("ETag") == prima {
		t.Error("the case manager lost the case, and the ETag of the assignment is the same")
	}
	carla.chiede(t, i, "POST", percorso+"/assegnazioni", `{"case_manager_id":"`+i.chi("ANNA").id.String()+`"}`, "If-Match", dopo.header.Get("ETag")).vuole(t, 201, "")
}

func TestANucleoWithoutDutiesIsExcluded(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	donna, figlio := l.persone(t)
	esonero := `{"componente_id":"` + donna + `","motivo":"TIROCINIO","dal":"2026-05-01","documento":"motivo-canarino"}`
	l.fa(t, "/esoneri", esonero).vuole(t, 409, "esonero.fuori_fase")
	l.fa(t, "/analisi-preliminare", `{"data":"2026-05-04"}`).vuole(t, 201, "")
	l.fa(t, "/esclusioni", `{"data":"2026-05-04"}`).vuole(t, 409, "nucleo.con_obblighi")
	l.fa(t, "/esoneri", strings.Replace(esonero, donna, figlio, 1)).vuole(t, 409, "esonero.escluso_per_legge")
	l.fa(t, "/esoneri", strings.Replace(esonero, "TIROCINIO", "CURA_DISABILE", 1)).vuole(t, 422, "esonero.assistito_non_valido")
	l.fa(t, "/esoneri", esonero, "If-Match", "").vuole(t, 201, "")
	l.etag = i.etagDi(t, l.cm, 1)
	l.fa(t, "/esoneri", esonero).vuole(t, 201, "")
	l.fa(t, "/esoneri", strings.Replace(esonero, "2026-05-01", "2026-05-03", 1)).vuole(t, 409, "esonero.gia_presente")
	revoca := `{"componente_id":"` + donna + `","dal":"2026-05-01","motivazione":"motivo-canarino"}`
	l.fa(t, "/esoneri/revoche", strings.Replace(revoca, donna, figlio, 1)).vuole(t, 404, "esonero.inesistente")
	l.fa(t, "/esoneri/revoche", revoca).vuole(t, 201, "")
	l.fa(t, "/esoneri/revoche", revoca).vuole(t, 201, "")
	if n := len(l.stato(t).Esoneri.Attivi); n != 0 {
		t.Errorf("%d exemptions hold after the revocation", n)
	}
	l.fa(t, "/esoneri", esonero).vuole(t, 201, "")
	escluso := l.fa(t, "/esclusioni", `{"data":"2026-05-04"}`, "Idempotency-Key", "e1").vuole(t, 201, "")
	if got := escluso.campo("avvisi", "0", "codice"); got != "nucleo.non_preso_in_carico" {
		t.Errorf("excluded before any outcome, the warning is %v\n%s", got, escluso.body)
	}
	if ancora := l.fa(t, "/esclusioni", `{"data":"2026-05-04"}`, "Idempotency-Key", "e1").vuole(t, 201, ""); ancora.body != escluso.body {
		t.Errorf("asked twice: %s %s", escluso.body, ancora.body)
	}
	if s := l.stato(t); s.Stato != caso.Escluso {
		t.Errorf("the case is %s", s.Stato)
	}
	l.fa(t, "/riaperture", perche).vuole(t, 201, "")
}

func TestANucleoInCareIsExcludedWithoutAWarning(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	donna, _ := l.persone(t)
	l.finoA(t, caso.EsitoB)
	l.fa(t, "/esoneri", `{"componente_id":"`+donna+`","motivo":"TIROCINIO","dal":"2026-05-01"}`).vuole(t, 201, "")
	if r := l.fa(t, "/esclusioni", `{"data":"2026-05-04"}`).vuole(t, 201, ""); r.campo("avvisi") != nil {
		t.Errorf("there is nothing to warn of: %s", r.body)
	}
}

func TestTheCaseManagerUpdatesHowToReachTheNucleo(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	if r := l.fa(t, "/recapiti", `{"telefono":"PINGUINI"}`).vuole(t, 422, "recapiti.non_validi"); r.campo("campo") != "telefono" {
		t.Errorf("the field is %v", r.campo("campo"))
	}
	l.fa(t, "/recapiti", `{"cellulare":"333 5550102","email":"pinguini@example.org"}`).vuole(t, 201, "")
	l.fa(t, "/recapiti", `{"cellulare":"333 5550102"}`, "If-Match", "").vuole(t, 201, "")
	if got := l.stato(t).Recapiti; got != (caso.Recapiti{Cellulare: "333 5550102"}) {
		t.Errorf("reached by %+v", got)
	}
	i.chi("BRUNA").chiede(t, i, "POST", Base+"/casi/"+casoN(1).String()+"/recapiti", `{}`).vuole(t, 404, "caso.inesistente")
}

func TestATermThatIsNotedDoesNotMakeTheCaseStale(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	letto := l.cm.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String(), "").vuole(t, 200, "").header.Get("ETag")
	l.accade(t, caso.ScadenzaSuperata{Tipo: caso.Convocazione30, Scadenza: giorno.Data(2026, 5, 3)})
	percorso := Base + "/casi/" + casoN(1).String() + "/analisi-preliminare"
	fatto := l.cm.chiede(t, i, "POST", percorso, `{"data":"2026-05-04"}`, "If-Match", letto).vuole(t, 201, "").header.Get("ETag")
	if now := l.cm.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String(), "").vuole(t, 200, "").header.Get("ETag"); now != fatto || now == letto {
		t.Errorf("after the command %s, read %s; before %s", fatto, now, letto)
	}
	l.cm.chiede(t, i, "POST", percorso+"/riaperture", `{"motivazione":"x"}`, "If-Match", letto).vuole(t, 412, "richiesta.precondizione_fallita")
}
