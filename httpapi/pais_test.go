package httpapi

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
)

const (
	unObiettivo = `{"ambito":"RETI","descrizione":"motivo-canarino","risultati":[{"descrizione":"motivo-canarino","entro":"2026-09-30"}]}`
	unSostegno  = `{"tipo":"TIROCINIO_INCLUSIONE","erogatore":"PINGUINI","quantita":20,"unita":"ore a settimana","dal":"2026-05-04","fondo":"PON"}`
	unHash      = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

func unImpegno(di string) string {
	return `{"tipo":"FORMAZIONE","descrizione":"motivo-canarino","componenti":["` + di + `"],"dal":"2026-05-04"}`
}

func firma(versione int, di string) string {
	return fmt.Sprintf(`{"versione":%d,"data":"2026-05-04","firmatari":[%q],"modalita":"FEA","hash_documento":%q}`, versione, di, unHash)
}

// componi is a team of the case manager and one more.
func (l *lavoro) componi(t *testing.T) {
	t.Helper()
	l.fa(t, "/quadro-analisi/equipe", `{"membri":[{"nome":"ANNA","professione":"ASSISTENTE_SOCIALE","ente":"Comune","operatore_id":"`+l.cm.id.String()+`"},{"nome":"PIA","professione":"PSICOLOGO","ente":"ASP"}]}`).vuole(t, 201, "")
}

// definisce puts an obiettivo, an impegno and a sostegno in the PaIS.
func (l *lavoro) definisce(t *testing.T) (obiettivo, impegno, sostegno string) {
	t.Helper()
	donna, _ := l.persone(t)
	ids := [3]string{}
	for n, voce := range [][2]string{{"/pais/obiettivi", unObiettivo}, {"/pais/impegni", unImpegno(donna)}, {"/pais/sostegni", unSostegno}} {
		ids[n] = fmt.Sprint(l.fa(t, voce[0], voce[1]).vuole(t, 201, "").campo("id"))
	}
	return ids[0], ids[1], ids[2]
}

func TestACaseIsLedFromTheAPToTheEndOfThePaIS(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	donna, figlio := l.persone(t)
	l.fa(t, "/pais/obiettivi", unObiettivo).vuole(t, 409, "pais.non_in_definizione")
	l.finoA(t, caso.EsitoC)
	l.componi(t)
	l.fa(t, "/quadro-analisi/finalizzazioni", `{"sintesi":"motivo-canarino","data":"2026-05-04"}`).vuole(t, 201, "")
	l.fa(t, "/pais/sottoscrizioni", firma(1, donna)).vuole(t, 409, "pais.incompleto")
	_, _, sostegno := l.definisce(t)
	l.fa(t, "/sostegni/"+sostegno+"/attivazioni", `{"data":"2026-05-04"}`).vuole(t, 409, "sostegno.non_in_vigore")
	l.fa(t, "/pais/sottoscrizioni", firma(2, donna)).vuole(t, 409, "pais.altra_versione")
	l.fa(t, "/pais/sottoscrizioni", firma(1, figlio)).vuole(t, 422, "pais.firmatari_non_validi")
	l.fa(t, "/pais/sottoscrizioni", strings.Replace(firma(1, donna), unHash, "ab", 1)).vuole(t, 422, "pais.hash_non_valido")
	l.fa(t, "/pais/mancate-sottoscrizioni", `{"componente_id":"`+donna+`","motivazione":"motivo-canarino","data":"2026-05-04"}`).vuole(t, 201, "")
	l.fa(t, "/pais/ridefinizioni", perche).vuole(t, 409, "pais.non_in_vigore")
	l.fa(t, "/pais/conclusioni", `{"esito":"RAGGIUNTO","data":"2026-05-04"}`).vuole(t, 409, "pais.non_in_vigore")
	l.fa(t, "/pais/sottoscrizioni", firma(1, donna)).vuole(t, 201, "")
	if s := l.stato(t); s.Stato != caso.InMonitoraggio || s.PaIS.Versione != 1 || len(s.PaIS.Mancate) != 1 {
		t.Fatalf("%s %+v", s.Stato, s.PaIS)
	}
	for _, passo := range []string{"attivazioni", "sospensioni", "attivazioni"} {
		l.fa(t, "/sostegni/"+sostegno+"/"+passo, `{"data":"2026-05-04","nota":"motivo-canarino"}`).vuole(t, 201, "")
	}
	l.fa(t, "/analisi-preliminare/riaperture", perche).vuole(t, 409, "ap.non_riapribile")
	l.fa(t, "/pais/ridefinizioni", perche).vuole(t, 201, "")
	l.fa(t, "/pais/sostegni/"+sostegno+"/rimozioni", "{}").vuole(t, 409, "sostegno.attivo")
	l.fa(t, "/sostegni/"+sostegno+"/conclusioni", `{"data":"2026-05-04"}`).vuole(t, 201, "")
	l.fa(t, "/sostegni/"+sostegno+"/revoche", `{"data":"2026-05-04"}`).vuole(t, 409, "sostegno.non_attivo")
	l.fa(t, "/pais/sostegni", strings.Replace(unSostegno, "TIROCINIO_INCLUSIONE", "MEDIAZIONE_CULTURALE", 1)).vuole(t, 201, "")
	l.fa(t, "/pais/sostegni/"+sostegno+"/rimozioni", "{}").vuole(t, 201, "")
	l.fa(t, "/pais/sottoscrizioni", firma(2, donna)).vuole(t, 201, "")
	if s := l.stato(t); s.PaIS.Versione != 2 || s.PaIS.Ridefinizione || len(s.PaIS.Vigente.Sostegni) != 1 || s.PaIS.Vigente.Sostegni[0].Tipo != "MEDIAZIONE_CULTURALE" {
		t.Errorf("%+v", s.PaIS)
	}
	l.fa(t, "/pais/conclusioni", `{"esito":"PARZIALE","motivazione":"motivo-canarino","data":"2026-05-04"}`).vuole(t, 201, "")
	if s := l.stato(t); s.Stato != caso.Chiuso || s.Chiusura.Motivo != caso.ChiusoPerPaIS {
		t.Errorf("%s %+v", s.Stato, s.Chiusura)
	}
	l.fa(t, "/pais/ridefinizioni", perche).vuole(t, 409, "caso.non_aperto")
}

func TestWhatAPaISSaysIsAddedChangedAndRemoved(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.finoA(t, caso.EsitoB)
	donna, _ := l.persone(t)
	ob, im, so := l.definisce(t)
	risultato := l.stato(t).PaIS.Bozza.Obiettivi[0].Risultati[0].ID.String()
	l.fa(t, "/pais/obiettivi/"+ob+"/modifiche", `{"ambito":"RETI","descrizione":"motivo-canarino","risultati":[{"risultato_id":"`+risultato+`","descrizione":"x","entro":"2026-09-30"},{"descrizione":"y","entro":"2026-10-31"}]}`).vuole(t, 201, "")
	if r := l.stato(t).PaIS.Bozza.Obiettivi[0].Risultati; len(r) != 2 || r[0].ID.String() != risultato || r[1].ID.IsZero() || r[1].ID == r[0].ID {
		t.Errorf("%+v", r)
	}
	l.fa(t, "/pais/obiettivi", strings.Replace(unObiettivo, `"entro"`, `"risultato_id":"`+risultato+`","entro"`, 1)).vuole(t, 400, "richiesta.non_conforme")
	l.fa(t, "/pais/obiettivi", `{"ambito":"RETI","descrizione":" "}`).vuole(t, 422, "caso.testo_mancante")
	l.fa(t, "/pais/impegni/"+im+"/modifiche", strings.Replace(unImpegno(donna), "FORMAZIONE", "RICERCA_LAVORO", 1)).vuole(t, 201, "")
	l.fa(t, "/pais/impegni", strings.Replace(unImpegno(donna), `["`+donna+`"]`, "[]", 1)).vuole(t, 422, "pais.impegno_di_nessuno")
	l.fa(t, "/pais/impegni", strings.Replace(unImpegno(donna), `"dal"`, `"al":"2026-05-01","dal"`, 1)).vuole(t, 422, "caso.periodo_non_valido")
	l.fa(t, "/pais/sostegni/"+so+"/modifiche", strings.Replace(unSostegno, "20", "30", 1)).vuole(t, 201, "")
	l.fa(t, "/pais/sostegni", strings.Replace(unSostegno, `"unita":"ore a settimana",`, "", 1)).vuole(t, 422, "pais.quantita_non_valida")
	if b := l.stato(t).PaIS.Bozza; b.Impegni[0].Tipo != "RICERCA_LAVORO" || b.Sostegni[0].Quantita != 30 {
		t.Errorf("%+v", b)
	}
	l.fa(t, "/pais/impegni/"+uuid.NewString()+"/modifiche", unImpegno(donna)).vuole(t, 404, "pais.voce_inesistente")
	l.fa(t, "/pais/impegni/"+im+"/modifiche", unImpegno(donna), "If-Match", "").vuole(t, 428, "richiesta.precondizione_mancante")
	l.fa(t, "/pais/impegni/"+im+"/modifiche", unImpegno(donna), "If-Match", `"old"`).vuole(t, 412, "richiesta.precondizione_fallita")
	for _, voce := range []string{"obiettivi/" + ob, "impegni/" + im, "sostegni/" + so} {
		l.fa(t, "/pais/"+voce+"/rimozioni", "{}").vuole(t, 201, "")
	}
	if b := l.stato(t).PaIS.Bozza; len(b.Obiettivi)+len(b.Impegni)+len(b.Sostegni) != 0 {
		t.Errorf("%+v", b)
	}
}

func TestTheSameRequestAddsOneThing(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.finoA(t, caso.EsitoB)
	prima := l.fa(t, "/pais/obiettivi", unObiettivo, "Idempotency-Key", "o").vuole(t, 201, "")
	ancora := l.fa(t, "/pais/obiettivi", unObiettivo, "Idempotency-Key", "o", "If-Match", "").vuole(t, 201, "")
	if prima.body != ancora.body || len(l.stato(t).PaIS.Bozza.Obiettivi) != 1 {
		t.Errorf("%s, then %s", prima.body, ancora.body)
	}
}

func TestWhatWasDraftedBeforeTheAPOpenedAgainIsConfirmed(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.finoA(t, caso.EsitoB)
	donna, _ := l.persone(t)
	ob, im, so := l.definisce(t)
	l.fa(t, "/analisi-preliminare/riaperture", perche).vuole(t, 201, "")
	l.fa(t, "/analisi-preliminare/esiti", fmt.Sprintf(esitata, "B")).vuole(t, 201, "")
	l.fa(t, "/pais/sottoscrizioni", firma(1, donna)).vuole(t, 409, "pais.da_confermare")
	l.fa(t, "/pais/obiettivi/"+ob+"/modifiche", unObiettivo).vuole(t, 201, "")
	l.fa(t, "/pais/impegni/"+im+"/modifiche", unImpegno(donna)).vuole(t, 201, "")
	l.fa(t, "/pais/sostegni/"+so+"/modifiche", unSostegno).vuole(t, 201, "")
	l.fa(t, "/pais/sottoscrizioni", firma(1, donna)).vuole(t, 201, "")
}

func TestAReferenteGivesSostegniBeforeTheCaseIsAssigned(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "RITA", domain.ReferenteSostegni, palermo, "")
	i.accredita(t, "TINA", domain.ReferenteSostegni, trabia, "")
	rita := i.chi("RITA")
	sostegni := Base + "/casi/" + casoN(1).String() + "/sostegni"
	anticipo := `{"sostegno":` + unSostegno + `,"data":"2026-05-04","nota":"motivo-canarino"}`
	i.chi("TINA").chiede(t, i, "POST", sostegni, anticipo).vuole(t, 404, "caso.inesistente")
	i.chi("CARLA").chiede(t, i, "POST", sostegni, anticipo).vuole(t, 403, "vietato")
	r := rita.chiede(t, i, "POST", sostegni, anticipo, "Idempotency-Key", "s").vuole(t, 201, "")
	if r.header.Get("ETag") != "" || r.body != rita.chiede(t, i, "POST", sostegni, anticipo, "Idempotency-Key", "s").body {
		t.Errorf("%v %s", r.header, r.body)
	}
	suo := sostegni + "/" + fmt.Sprint(r.campo("id"))
	rita.chiede(t, i, "POST", suo+"/sospensioni", `{"data":"2026-05-04"}`).vuole(t, 201, "")
	rita.chiede(t, i, "POST", suo+"/attivazioni", `{"data":"2026-05-04"}`).vuole(t, 201, "")
	rita.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String(), "").vuole(t, 403, "vietato")
	rita.chiede(t, i, "POST", sostegni[:len(sostegni)-len("/sostegni")]+"/analisi-preliminare", `{"data":"2026-05-04"}`, "If-Match", "*").vuole(t, 403, "vietato")

	l := i.alLavoro(t, 1)
	rita.chiede(t, i, "POST", sostegni, anticipo).vuole(t, 409, "sostegno.del_case_manager")
	rita.chiede(t, i, "POST", suo+"/sospensioni", `{"data":"2026-05-04"}`).vuole(t, 409, "sostegno.del_case_manager")
	l.finoA(t, caso.EsitoB)
	donna, _ := l.persone(t)
	l.fa(t, "/pais/obiettivi", unObiettivo).vuole(t, 201, "")
	l.fa(t, "/pais/impegni", unImpegno(donna)).vuole(t, 201, "")
	l.fa(t, "/pais/sottoscrizioni", firma(1, donna)).vuole(t, 409, "pais.da_confermare")
	l.fa(t, "/pais/sostegni/"+fmt.Sprint(r.campo("id"))+"/modifiche", unSostegno).vuole(t, 201, "")
	l.fa(t, "/pais/sottoscrizioni", firma(1, donna)).vuole(t, 201, "")
	l.fa(t, "/sostegni/"+fmt.Sprint(r.campo("id"))+"/revoche", `{"data":"2026-05-04"}`).vuole(t, 201, "")
}

func TestAReferenteListsTheSostegniOfTheTerritory(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "RITA", domain.ReferenteSostegni, palermo, "")
	i.accredita(t, "TINA", domain.ReferenteSostegni, trabia, "")
	rita, tina := i.chi("RITA"), i.chi("TINA")
	anticipo := `{"sostegno":` + unSostegno + `,"data":"2026-05-04"}`
	for n := 1; n <= 2; n++ {
		rita.chiede(t, i, "POST", Base+"/casi/"+casoN(n).String()+"/sostegni", anticipo).vuole(t, 201, "")
	}
	i.alLavoro(t, 2)
	i.aggiornato(t)
	elenco := rita.chiede(t, i, "GET", Base+"/sostegni?stato=ATTIVATO&assegnato=false&tipo=TIROCINIO_INCLUSIONE&comune=G273", "").vuole(t, 200, "")
	if fmt.Sprint(elenco.campo("totale")) != "1" || elenco.campo("items", "0", "caso_id") != casoN(1).String() || elenco.campo("items", "0", "cognome") != "CA****INA" {
		t.Errorf("%s", elenco.body)
	}
	for _, c := range []string{"CANARINA", "PINGUINI", "IN_VALUTAZIONE", "DA_AVVIARE", "etag"} {
		if strings.Contains(elenco.body, c) {
			t.Errorf("a referente is told %s: %s", c, elenco.body)
		}
	}
	for query, want := range map[string]string{"": "2", "?assegnato=true": "1", "?stato=PREVISTO": "0", "?ordina=nominativo&verso=desc&limit=25": "2"} {
		if r := rita.chiede(t, i, "GET", Base+"/sostegni"+query, "").vuole(t, 200, ""); fmt.Sprint(r.campo("totale")) != want {
			t.Errorf("%s: %s, want %s", query, r.body, want)
		}
	}
	if r := tina.chiede(t, i, "GET", Base+"/sostegni", "").vuole(t, 200, ""); fmt.Sprint(r.campo("totale")) != "0" {
		t.Errorf("the referente of another comune sees %s", r.body)
	}
	rita.chiede(t, i, "GET", Base+"/sostegni?stato=FINITO", "").vuole(t, 400, "richiesta.non_conforme")
	rita.chiede(t, i, "GET", Base+"/sostegni?limit=11", "").vuole(t, 400, "")
	i.chi("CARLA").chiede(t, i, "GET", Base+"/sostegni", "").vuole(t, 403, "vietato")
}

func TestAReferenteFindsTheCaseOfWhomTheyKnow(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "RITA", domain.ReferenteSostegni, palermo, "")
	i.accredita(t, "TINA", domain.ReferenteSostegni, trabia, "")
	i.alLavoro(t, 2)
	i.aggiornato(t)
	cerca := func(c chi, corpo string) risposta {
		return c.chiede(t, i, "POST", Base+"/sostegni/ricerche-casi", corpo)
	}
	rita, tina := i.chi("RITA"), i.chi("TINA")
	uno := cerca(rita, `{"id_domanda":"`+idDomanda(1)+`"}`).vuole(t, 200, "")
	if uno.campo("items", "0", "id") != casoN(1).String() || uno.campo("items", "1") != nil || uno.campo("items", "0", "cognome") != "CA****INA" || strings.Contains(uno.body, "etag") {
		t.Errorf("%s", uno.body)
	}
	if due := cerca(rita, `{"id_domanda":"`+idDomanda(2)+`"}`).vuole(t, 200, ""); due.campo("items", "0") != nil {
		t.Errorf("%s", due.body)
	}
	if tutti := cerca(rita, `{"codice_fiscale":"`+codice(t, "CANARINA", "BIAGIA", 1980)+`"}`).vuole(t, 200, ""); tutti.campo("items", "1") == nil || tutti.campo("items", "2") != nil {
		t.Errorf("of two cases in Palermo that wait: %s", tutti.body)
	}
	if fuori := cerca(tina, `{"id_domanda":"`+idDomanda(1)+`"}`).vuole(t, 200, ""); fuori.campo("items", "0") != nil {
		t.Errorf("a case of another comune is found: %s", fuori.body)
	}
	cerca(rita, `{}`).vuole(t, 422, "ricerca.senza_criterio")
	cerca(rita, `{"nome":"CANARINA"}`).vuole(t, 400, "richiesta.non_conforme")
	cerca(i.chi("CARLA"), `{"id_domanda":"x"}`).vuole(t, 403, "vietato")
}
