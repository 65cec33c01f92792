package httpapi

import (
	"fmt"
	"strings"
	"testing"
)

func TestTheHistoryOfACaseIsToldInSentences(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.vive(t)
	cronistoria := Base + "/casi/" + casoN(1).String() + "/cronistoria"
	r := l.cm.chiede(t, i, "GET", cronistoria+"?limit=100", "").vuole(t, 200, "")
	eventi := len(r.campo("items").([]any))
	if got := fmt.Sprint(r.campo("totale")); got != fmt.Sprint(eventi) || r.campo("next_cursor") != nil {
		t.Errorf("%d events on one page of %s", eventi, got)
	}
	testi := map[string]bool{}
	for n := range eventi {
		v := func(campo string) string { return fmt.Sprint(r.campo("items", fmt.Sprint(n), campo)) }
		if v("numero") != fmt.Sprint(eventi-n) || v("testo") == "" {
			t.Errorf("entry %d is number %s: %q", n, v("numero"), v("testo"))
		}
		testi[v("testo")] = true
	}
	for _, want := range []string{
		"Domanda INPS-RDC-2026-1 ricevuta da INPS: presentata il 23/02/2026, nucleo di 2 persone, Palermo",
		"Caso assegnato a ANNA Zafferani",
		"Analisi preliminare finalizzata con esito C: bisogno complesso",
		"PaIS versione 2 sottoscritto il 04/05/2026 da BIAGIA CANARINA",
		"Incontro valutato: impegno «motivo-canarino» non realizzato e un risultato valutato",
		"Annotazione riservata scritta nel diario",
	} {
		if !testi[want] {
			t.Errorf("nowhere it reads %q", want)
		}
	}
	if got := r.campo("items", fmt.Sprint(eventi-1), "attore", "nome"); got != "sistema-inps" {
		t.Errorf("the domanda came from %v", got)
	}

	var pagine []string
	for cursore := ""; ; {
		p := l.cm.chiede(t, i, "GET", cronistoria+"?limit=25&cursor="+cursore, "").vuole(t, 200, "")
		for n := range p.campo("items").([]any) {
			pagine = append(pagine, fmt.Sprint(p.campo("items", fmt.Sprint(n), "numero")))
		}
		if p.campo("next_cursor") == nil {
			break
		}
		cursore = fmt.Sprint(p.campo("next_cursor"))
		if n := len(pagine); n%25 != 0 || n > eventi {
			t.Fatalf("%d entries so far", n)
		}
	}
	if len(pagine) != eventi || pagine[0] != fmt.Sprint(eventi) || pagine[eventi-1] != "1" {
		t.Errorf("pages show %d of %d events: %v", len(pagine), eventi, pagine)
	}
	for _, male := range []string{"0", "9999", "altro"} {
		l.cm.chiede(t, i, "GET", cronistoria+"?cursor="+male, "").vuole(t, 400, "ricerca.cursore_non_valido")
	}
	l.cm.chiede(t, i, "GET", cronistoria+"?limit=11", "").vuole(t, 400, "richiesta.non_conforme")
	i.chi("BRUNA").chiede(t, i, "GET", cronistoria, "").vuole(t, 404, "caso.inesistente")
	i.chi("CARLA").chiede(t, i, "GET", cronistoria, "").vuole(t, 403, "vietato")
}

func TestAnAuditorReadsTheEventsInMaskedSentences(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.vive(t)
	i.aggiornato(t)
	r := i.chi("REVISORA").chiede(t, i, "GET", Base+"/casi/"+casoN(1).String()+"/eventi", "").vuole(t, 200, "")
	var testi strings.Builder
	for n := range r.campo("eventi").([]any) {
		testo := fmt.Sprint(r.campo("eventi", fmt.Sprint(n), "descrizione"))
		if testo == "" {
			t.Errorf("event %d has no sentence", n+1)
		}
		testi.WriteString(testo + "\n")
	}
	for _, c := range []string{"CANARINA", "BIAGIA", "canarino"} {
		if strings.Contains(testi.String(), c) {
			t.Errorf("a sentence tells %q", c)
		}
	}
	for _, want := range []string{"Caso assegnato a ANNA Zafferani", "PaIS versione 2 sottoscritto il 04/05/2026 da BI****GIA CA****INA", "Analisi preliminare finalizzata con esito C: bisogno complesso"} {
		if !strings.Contains(testi.String(), want) {
			t.Errorf("nowhere it reads %q", want)
		}
	}
}
