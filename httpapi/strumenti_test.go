package httpapi

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/caso"
)

// lavoro is a case in the hands of a case manager, as the tests move it on.
type lavoro struct {
	*impianto
	cm   chi
	n    int
	etag string
}

// alLavoro assigns the n-th case to ANNA.
func (i *impianto) alLavoro(t *testing.T, n int) *lavoro {
	t.Helper()
	l := &lavoro{impianto: i, cm: i.chi("ANNA"), n: n}
	i.chi("CARLA").assegna(t, i, n, l.cm).vuole(t, 201, "")
	l.etag = i.etagDi(t, l.cm, n)
	return l
}

// fa sends a command on the case under the last ETag.
func (l *lavoro) fa(t *testing.T, path, body string, headers ...string) risposta {
	t.Helper()
	r := l.cm.chiede(t, l.impianto, "POST", Base+"/casi/"+casoN(l.n).String()+path, body, append([]string{"If-Match", l.etag}, headers...)...)
	if e := r.header.Get("ETag"); e != "" {
		l.etag = e
	}
	return r
}

func (l *lavoro) stato(t *testing.T) caso.State {
	t.Helper()
	c, err := l.Comandi.StoriaCaso(t.Context(), casoN(l.n), commands.Alla{})
	if err != nil {
		t.Fatal(err)
	}
	return c.Stato
}

// persone are the ids of the two people of the nucleo: a woman and a child.
func (l *lavoro) persone(t *testing.T) (donna, figlio string) {
	t.Helper()
	p := l.stato(t).Nucleo.Componenti
	return p[0].ID.String(), p[1].ID.String()
}

// incontra registers that the woman was met today.
func (l *lavoro) incontra(t *testing.T) {
	t.Helper()
	donna, _ := l.persone(t)
	l.fa(t, "/incontri-registrati", `{"tipo":"AVVENUTO_INCONTRO","data_incontro":"2026-05-04","presenti":["`+donna+`"]}`).vuole(t, 201, "")
}

// eventi are what a command decided, as a store takes them.
func eventi(decisi []caso.Event) (all []domain.Event) {
	for _, e := range decisi {
		all = append(all, e)
	}
	return all
}

// sezioneDi is the body of a section of an instrument.
func sezioneDi(codice caso.CodiceSezione, testo string, revisione int) string {
	return fmt.Sprintf(`{"sezione":%q,"contenuto":{"testo":%q,"fonte":"COLLOQUIO"},"revisione":%d}`, codice, testo, revisione)
}

// compila saves the six domains.
func (l *lavoro) compila(t *testing.T, strumento string) {
	t.Helper()
	for _, d := range caso.Dimensioni {
		l.fa(t, strumento+"/sezioni", sezioneDi(d, "motivo-canarino", 0)).vuole(t, 201, "")
	}
}

const (
	perche  = `{"motivazione":"motivo-canarino"}`
	esitata = `{"esito":%q,"motivazione":"motivo-canarino lungo abbastanza","data":"2026-05-04"}`
)

// finoA brings the case through an AP with an outcome.
func (l *lavoro) finoA(t *testing.T, esito caso.Esito) {
	t.Helper()
	l.fa(t, "/analisi-preliminare", `{"data":"2026-05-04"}`).vuole(t, 201, "")
	l.incontra(t)
	l.compila(t, "/analisi-preliminare")
	l.fa(t, "/analisi-preliminare/esiti", fmt.Sprintf(esitata, esito)).vuole(t, 201, "")
}

func TestTheAPIsCompiledByItsCaseManager(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	donna, _ := l.persone(t)
	ap := "/analisi-preliminare"
	l.fa(t, ap+"/sezioni", sezioneDi(caso.Reti, "x", 0)).vuole(t, 409, "ap.non_aperta")
	l.fa(t, ap, `{"data":"2026-05-05"}`).vuole(t, 422, "strumento.data_non_valida")
	l.fa(t, ap, `{"data":"2026-05-04"}`, "If-Match", "").vuole(t, 428, "richiesta.precondizione_mancante")
	l.fa(t, ap, `{"data":"2026-05-04","presenti":["`+uuid.NewString()+`"]}`).vuole(t, 422, "caso.componente_fuori_nucleo")
	l.fa(t, ap, `{"data":"2026-05-04","luogo":"SEDE_SERVIZIO","presenti":["`+donna+`"]}`).vuole(t, 201, "")
	l.fa(t, ap, `{"data":"2026-05-03"}`).vuole(t, 409, "ap.gia_avviata")
	if s := l.stato(t); s.Stato != caso.InValutazioneAP || s.AP.Avvio.Luogo != caso.Sede {
		t.Errorf("%+v", s.AP)
	}
	finale := fmt.Sprintf(esitata, "C")
	l.fa(t, ap+"/esiti", finale).vuole(t, 409, "ap.sezioni_mancanti")
	l.compila(t, ap)
	l.fa(t, ap+"/esiti", finale).vuole(t, 409, "ap.senza_incontri")
	l.incontra(t)
	l.fa(t, ap+"/esiti", `{"esito":"C","motivazione":"breve","data":"2026-05-04"}`).vuole(t, 422, "ap.motivazione_breve")
	l.fa(t, ap+"/esiti", strings.Replace(finale, "}", `,"linee_guida":"1999"}`, 1)).vuole(t, 422, "ap.linee_guida_sconosciute")
	l.fa(t, ap+"/esiti", strings.Replace(finale, "}", `,"inviato_a":{"tipo":"CPI"}}`, 1)).vuole(t, 422, "ap.destinazione_non_valida")
	l.fa(t, ap+"/esiti", strings.Replace(finale, "}", `,"componenti_attivabili":["`+donna+`"]}`, 1)).vuole(t, 201, "")
	if s := l.stato(t); s.Stato != caso.InValutazioneQA || len(s.AP.Esito.ComponentiAttivabili) != 1 {
		t.Errorf("%s %+v", s.Stato, s.AP.Esito)
	}
	l.fa(t, ap+"/riaperture", `{"motivazione":" "}`).vuole(t, 422, "caso.motivazione_mancante")
	l.fa(t, ap+"/riaperture", perche).vuole(t, 201, "")
	l.fa(t, "/rientri", `{"da":"CPI","motivazione":"x","data":"2026-05-04"}`).vuole(t, 409, "ap.non_inviato")
	l.fa(t, ap+"/esiti", strings.Replace(fmt.Sprintf(esitata, "A"), "}", `,"inviato_a":{"tipo":"CPI","codice":"CPI Palermo"}}`, 1)).vuole(t, 201, "")
	l.fa(t, "/rientri", `{"da":"CPI","motivazione":"motivo-canarino","data":"2026-05-04"}`).vuole(t, 201, "")
	if s := l.stato(t); s.Stato != caso.InValutazioneAP || s.AP.Rientro.Da != caso.CPI {
		t.Errorf("%s %+v", s.Stato, s.AP.Rientro)
	}
}

func TestASectionIsWrittenOnTheRevisionThatWasRead(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.fa(t, "/analisi-preliminare", `{"data":"2026-05-04"}`).vuole(t, 201, "")
	_, figlio := l.persone(t)
	salva := func(testo string, revisione int, headers ...string) risposta {
		return l.fa(t, "/analisi-preliminare/sezioni", sezioneDi(caso.Reti, testo, revisione), append(headers, "If-Match", "")...)
	}
	prima := salva("uno", 0, "Idempotency-Key", "z").vuole(t, 201, "")
	if prima.campo("revisione") == nil || fmt.Sprint(prima.campo("revisione")) != "1" {
		t.Errorf("the revision is not told: %s", prima.body)
	}
	salva("due", 0).vuole(t, 412, "sezione.revisione_superata")
	salva("due", 1).vuole(t, 201, "")
	if ancora := salva("uno", 0, "Idempotency-Key", "z"); ancora.body != prima.body {
		t.Errorf("asked again: %s", ancora.body)
	}
	if uguale := salva("due", 2).vuole(t, 201, ""); fmt.Sprint(uguale.campo("revisione")) != "2" || uguale.campo("posizione") != nil {
		t.Errorf("saved as it was: %s", uguale.body)
	}
	del := strings.Replace(sezioneDi(caso.Reti, "del figlio", 0), "{", `{"componente_id":"`+figlio+`","punteggio":3,`, 1)
	if r := l.fa(t, "/analisi-preliminare/sezioni", del).vuole(t, 201, ""); fmt.Sprint(r.campo("revisione")) != "1" {
		t.Errorf("of a person: %s", r.body)
	}
	l.fa(t, "/analisi-preliminare/sezioni", `{"sezione":"RETI","contenuto":{"fonte":"INPS"},"revisione":2}`).vuole(t, 422, "sezione.vuota")
	l.fa(t, "/analisi-preliminare/sezioni", `{"sezione":"MAGIA","contenuto":{"fonte":"INPS"},"revisione":2}`).vuole(t, 400, "richiesta.non_conforme")
	l.fa(t, "/quadro-analisi/sezioni", sezioneDi(caso.Reti, "x", 0)).vuole(t, 409, "qa.non_aperto")
}

func TestTheQAIsTheWorkOfATeam(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.finoA(t, caso.EsitoC)
	fine := `{"sintesi":"motivo-canarino","data":"2026-05-04"}`
	anna := `{"nome":"ANNA","professione":"ASSISTENTE_SOCIALE","ente":"Comune","operatore_id":"` + l.cm.id.String() + `"}`
	pia := `{"nome":"PIA","professione":"PSICOLOGO","ente":"ASP"}`
	l.fa(t, "/quadro-analisi/finalizzazioni", fine).vuole(t, 409, "qa.senza_equipe")
	l.fa(t, "/quadro-analisi/equipe", `{"membri":[`+anna+`]}`).vuole(t, 422, "qa.equipe_non_valida")
	l.fa(t, "/quadro-analisi/equipe", `{"membri":[`+anna+`,`+pia+`,`+pia+`]}`).vuole(t, 422, "qa.membro_non_valido")
	l.fa(t, "/quadro-analisi/equipe", `{"membri":[`+anna+`],"differita":true}`).vuole(t, 201, "")
	l.compila(t, "/quadro-analisi")
	l.fa(t, "/quadro-analisi/sezioni", sezioneDi(caso.SintesiEsito, "x", 0)).vuole(t, 400, "richiesta.non_conforme")
	l.fa(t, "/quadro-analisi/finalizzazioni", fine).vuole(t, 201, "")
	l.fa(t, "/quadro-analisi/equipe", `{"membri":[`+anna+`,`+pia+`]}`).vuole(t, 201, "")
	l.fa(t, "/quadro-analisi/riaperture", perche).vuole(t, 201, "")
	l.fa(t, "/quadro-analisi/finalizzazioni", fine).vuole(t, 201, "")
	if s := l.stato(t); s.Stato != caso.InDefinizione || len(s.QA.Equipe.Membri) != 2 || s.QA.Equipe.Differita || len(s.QA.Sezioni) != 6 {
		t.Errorf("%s %+v", s.Stato, s.QA)
	}
}

func TestNobodyElseCompilesTheInstruments(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	for _, c := range []chi{i.chi("CARLA"), i.chi("REVISORA"), i.chi("SUPER")} {
		c.chiede(t, i, "POST", Base+"/casi/"+casoN(1).String()+"/analisi-preliminare", `{"data":"2026-05-04"}`, "If-Match", l.etag).vuole(t, 403, "vietato")
	}
	i.chi("BRUNA").chiede(t, i, "POST", Base+"/casi/"+casoN(1).String()+"/analisi-preliminare", `{"data":"2026-05-04"}`, "If-Match", l.etag).vuole(t, 404, "caso.inesistente")
	l.fa(t, "/analisi-preliminare", `{"data":"2026-05-04"}`).vuole(t, 201, "")
	l.cm.chiede(t, i, "POST", Base+"/casi/"+casoN(2).String()+"/analisi-preliminare", `{"data":"2026-05-04"}`, "If-Match", l.etag).vuole(t, 404, "caso.inesistente")
}

func TestOfManyWhoSaveASectionAtOnceOneSavesIt(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.fa(t, "/analisi-preliminare", `{"data":"2026-05-04"}`).vuole(t, 201, "")
	risposte := make([]risposta, 8)
	var tutti sync.WaitGroup
	for n := range risposte {
		tutti.Go(func() {
			risposte[n] = l.cm.chiede(t, i, "POST", Base+"/casi/"+casoN(1).String()+"/analisi-preliminare/sezioni", sezioneDi(caso.Reti, fmt.Sprint("testo ", n), 0))
		})
	}
	tutti.Wait()
	salvate := 0
	for _, r := range risposte {
		switch {
		case r.status == 201:
			salvate++
		case r.status != 412 || r.codice() != "sezione.revisione_superata":
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	if z := l.stato(t).AP.Sezioni; salvate != 1 || len(z) != 1 || z[0].Revisione != 1 {
		t.Errorf("%d saved the section: %+v", salvate, z)
	}
}
