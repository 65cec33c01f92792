package httpapi

import (
	"strings"
	"testing"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// componenti are the people of the n-th domanda.
func (i *impianto) componenti(t *testing.T, n int) (ids []id.Componente) {
	t.Helper()
	for r, err := range i.store.Read(t.Context(), "caso-"+casoN(n).String()) {
		if err != nil {
			t.Fatal(err)
		}
		if e, is := r.Event.(caso.DomandaRicevuta); is {
			for _, c := range e.Componenti {
				ids = append(ids, c.ID)
			}
		}
	}
	return ids
}

// assegnato gives the n-th case to Anna, and returns its path.
func (i *impianto) assegnato(t *testing.T, n int) string {
	t.Helper()
	return i.assegnatoA(t, n, "ANNA")
}

func (i *impianto) assegnatoA(t *testing.T, n int, nome string) string {
	t.Helper()
	path := Base + "/casi/" + casoN(n).String()
	i.chi("CARLA").chiede(t, i, "POST", path+"/assegnazioni", `{"case_manager_id":"`+i.chi(nome).id.String()+`"}`, "If-Match", i.etagDi(t, i.chi("CARLA"), n)).vuole(t, 201, "")
	return path
}

func TestAMessageIsQueuedOnce(t *testing.T) {
	i := nuovo(t)
	anna, path := i.chi("ANNA"), i.assegnato(t, 1)
	biagia, figlio := i.componenti(t, 1)[0].String(), i.componenti(t, 1)[1].String()
	corpo := func(tipo, canale, a, testo string) string {
		return `{"tipo":"` + tipo + `","canale":"` + canale + `","destinatari":["` + a + `"],"testo":"` + testo + `"}`
	}
	prima := anna.chiede(t, i, "POST", path+"/comunicazioni", corpo("PROMEMORIA", "EMAIL", biagia, "motivo-canarino"), "Idempotency-Key", "m").vuole(t, 201, "")
	if ancora := anna.chiede(t, i, "POST", path+"/comunicazioni", corpo("PROMEMORIA", "EMAIL", biagia, "motivo-canarino"), "Idempotency-Key", "m").vuole(t, 201, ""); prima.body != ancora.body {
		t.Errorf("asked twice: %s %s", prima.body, ancora.body)
	}
	for about, x := range map[string]struct {
		corpo  string
		status int
		codice string
	}{
		"a way that is off":        {corpo("PROMEMORIA", "SMS", biagia, "domani alle 9"), 409, "comunicazione.canale_spento"},
		"a person without address": {corpo("PROMEMORIA", "EMAIL", figlio, "domani alle 9"), 409, "comunicazione.recapito_mancante"},
		"health in an SMS":         {corpo("PROMEMORIA", "SMS", biagia, "porti la diagnosi"), 422, "comunicazione.dati_salute"},
		"a formal warning":         {corpo("RICHIAMO_FORMALE", "EMAIL", biagia, "x"), 422, "comunicazione.tipo_non_valido"},
		"a stranger":               {corpo("ALTRO", "EMAIL", casoN(1).String(), "x"), 422, "comunicazione.destinatari_non_validi"},
		"nobody":                   {`{"tipo":"ALTRO","canale":"EMAIL","destinatari":[],"testo":"x"}`, 400, "richiesta.non_conforme"},
		"a novel":                  {corpo("ALTRO", "EMAIL", biagia, strings.Repeat("x", 2001)), 400, "richiesta.non_conforme"},
		"a repetition of nothing":  {`{"tipo":"ALTRO","canale":"EMAIL","destinatari":["` + biagia + `"],"testo":"x","ripete":"` + casoN(1).String() + `"}`, 422, "comunicazione.ripete_non_valida"},
	} {
		t.Log(about)
		anna.chiede(t, i, "POST", path+"/comunicazioni", x.corpo).vuole(t, x.status, x.codice)
	}
	i.chi("BRUNA").chiede(t, i, "POST", path+"/comunicazioni", corpo("ALTRO", "EMAIL", biagia, "x")).vuole(t, 404, "caso.inesistente")
	i.chi("CARLA").chiede(t, i, "POST", path+"/comunicazioni", corpo("ALTRO", "EMAIL", biagia, "x")).vuole(t, 403, "vietato")
}

func TestAWayByWhichNothingIsSentIsRefused(t *testing.T) {
	i := nuovo(t, func(i *impianto) { i.Comandi.Canali = nil })
	path := i.assegnato(t, 1)
	i.chi("ANNA").chiede(t, i, "POST", path+"/comunicazioni", `{"tipo":"ALTRO","canale":"EMAIL","destinatari":["`+i.componenti(t, 1)[0].String()+`"],"testo":"x"}`).
		vuole(t, 409, "comunicazione.canale_spento")
}

func TestALetterIsRecordedWithWhatBecameOfIt(t *testing.T) {
	i := nuovo(t)
	anna, path := i.chi("ANNA"), i.assegnato(t, 1)
	lettera := `{"tipo":"RICHIAMO_FORMALE","mezzo":"RACCOMANDATA_AR","numero":"motivo-canarino","data_invio":"2026-05-02"}`
	r := anna.chiede(t, i, "POST", path+"/comunicazioni-formali", lettera).vuole(t, 201, "")
	esiti := path + "/comunicazioni-formali/" + r.campo("id").(string) + "/esiti"
	anna.chiede(t, i, "POST", path+"/comunicazioni-formali", `{"tipo":"ALTRO","mezzo":"PEC","data_invio":"2026-05-02"}`).vuole(t, 422, "comunicazione.numero_non_valido")
	anna.chiede(t, i, "POST", path+"/comunicazioni-formali", `{"tipo":"ALTRO","mezzo":"PEC","numero":"1","data_invio":"2026-05-05"}`).vuole(t, 422, "comunicazione.data_non_valida")
	anna.chiede(t, i, "POST", esiti, `{"esito":"CONSEGNATA"}`).vuole(t, 422, "comunicazione.data_non_valida")
	i.chi("BRUNA").chiede(t, i, "POST", esiti, `{"esito":"SCONOSCIUTO"}`).vuole(t, 404, "caso.inesistente")
	anna.chiede(t, i, "POST", esiti, `{"esito":"CONSEGNATA","data_ricezione":"2026-05-03"}`).vuole(t, 201, "")
	anna.chiede(t, i, "POST", esiti, `{"esito":"RIFIUTATA"}`).vuole(t, 409, "comunicazione.conclusa")
	anna.chiede(t, i, "POST", strings.Replace(esiti, r.campo("id").(string), casoN(9).String(), 1), `{"esito":"RIFIUTATA"}`).vuole(t, 404, "comunicazione.inesistente")
}

func TestWhatTheNucleiWereToldIsListedWithoutTheWords(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "INCONTRA", domain.ResponsabileIncontri, palermo, "")
	anna, path := i.chi("ANNA"), i.assegnato(t, 1)
	biagia := i.componenti(t, 1)[0].String()
	corpo := `{"tipo":"CONVOCAZIONE","canale":"EMAIL","destinatari":["` + biagia + `"],"testo":"motivo-canarino"}`
	m := anna.chiede(t, i, "POST", path+"/comunicazioni", corpo).vuole(t, 201, "")
	l := anna.chiede(t, i, "POST", path+"/comunicazioni-formali", `{"tipo":"RICHIAMO_FORMALE","mezzo":"RACCOMANDATA_AR","numero":"RA 1","data_invio":"2026-05-01"}`).vuole(t, 201, "")
	anna.chiede(t, i, "POST", path+"/comunicazioni-formali/"+l.campo("id").(string)+"/esiti", `{"esito":"CONSEGNATA","data_ricezione":"2026-05-03"}`).vuole(t, 201, "")
	altra := i.assegnatoA(t, 2, "BRUNA")
	i.chi("BRUNA").chiede(t, i, "POST", altra+"/comunicazioni", strings.Replace(corpo, biagia, i.componenti(t, 2)[0].String(), 1)).vuole(t, 201, "")
	i.aggiornato(t)

	carla := i.chi("CARLA")
	for query, want := range map[string]string{
		"": "3", "?formale=true": "1", "?formale=false": "2", "?tipo=CONVOCAZIONE": "2", "?stato=CONSEGNATA": "1", "?case_manager=" + anna.id.String(): "2",
		"?dal=2026-05-04": "2", "?al=2026-05-03": "1", "?dal=2026-05-01&al=2026-05-01": "1", "?ordina=destinatario&verso=asc&limit=25": "3",
	} {
		if r := carla.chiede(t, i, "GET", Base+"/comunicazioni"+query, "").vuole(t, 200, ""); r.campo("totale") == nil || r.campo("totale").(interface{ String() string }).String() != want {
			t.Errorf("%s: %v, want %s", query, r.campo("totale"), want)
		}
	}
	for chi, want := range map[string]string{"ANNA": "2", "BRUNA": "1", "DARIA": "0", "ELENA": "0"} {
		if r := i.chi(chi).chiede(t, i, "GET", Base+"/comunicazioni", "").vuole(t, 200, ""); r.campo("totale").(interface{ String() string }).String() != want {
			t.Errorf("%s: %v, want %s", chi, r.campo("totale"), want)
		}
	}
	for _, chi := range []string{"SUPER", "INCONTRA", "REVISORA"} {
		i.chi(chi).chiede(t, i, "GET", Base+"/comunicazioni", "").vuole(t, 403, "vietato")
	}
	carla.chiede(t, i, "GET", Base+"/comunicazioni?ordina=testo", "").vuole(t, 400, "richiesta.non_conforme")
	carla.chiede(t, i, "GET", Base+"/comunicazioni?dal=2026-02-30", "").vuole(t, 400, "ricerca.periodo_non_valido")

	messaggio := carla.chiede(t, i, "GET", Base+"/comunicazioni?formale=false&case_manager="+anna.id.String(), "").vuole(t, 200, "")
	if messaggio.campo("items", "0", "id") != m.campo("id") || messaggio.campo("items", "0", "destinatario") != "CA****INA BI****GIA" || messaggio.campo("items", "0", "stato") != "ACCODATA" ||
		messaggio.campo("items", "0", "data") != "2026-05-04" || messaggio.campo("items", "0", "case_manager", "id") != anna.id.String() || strings.Contains(messaggio.body, "canarino") {
		t.Error(messaggio.body)
	}
	lettera := carla.chiede(t, i, "GET", Base+"/comunicazioni?formale=true", "").vuole(t, 200, "")
	if lettera.campo("items", "0", "numero") != "RA 1" || lettera.campo("items", "0", "data") != "2026-05-01" || lettera.campo("items", "0", "data_ricezione") != "2026-05-03" || lettera.campo("items", "0", "via") != "RACCOMANDATA_AR" {
		t.Error(lettera.body)
	}
}
