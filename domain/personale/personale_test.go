package personale_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain/personale"
)

type persona struct {
	ID      int
	CF      string `personale:"codice_fiscale"`
	Cognome string `personale:"nome"`
	Anni    int    `personale:"dato"`
	Figli   []persona
	Note    *string `personale:"testo"`
	Altro   any
}

func TestMascheraHidesWhatIsTaggedAndNothingElse(t *testing.T) {
	nota := "vive sola"
	p := persona{ID: 7, CF: "RSSMRA80A01G273Z", Cognome: "ROVERESI", Anni: 46, Note: &nota,
		Figli: []persona{{ID: 8, Cognome: "FO"}}, Altro: persona{Cognome: "BIANCHI"}}
	hidden := "****"
	want := persona{ID: 7, CF: "RSS*********273Z", Cognome: "RO****ESI", Note: &hidden,
		Figli: []persona{{ID: 8, Cognome: "F****"}}, Altro: persona{Cognome: "BI****CHI"}}
	if diff := cmp.Diff(want, personale.Maschera(p)); diff != "" {
		t.Error(diff)
	}
	if p.Cognome != "ROVERESI" || nota != "vive sola" || p.Figli[0].Cognome != "FO" {
		t.Error("the original was changed")
	}
}

func TestMasksKeepWhatGePIShows(t *testing.T) {
	for _, c := range [][2]string{
		{personale.MascheraNome("ROSSI"), "R****"},
		{personale.MascheraNome("ROSSINI"), "RO****INI"},
		{personale.MascheraVia("VIA ROMA"), "VI****"},
		{personale.MascheraCodice("RSSMRA80A01G273Z"), "RSS*********273Z"},
		{personale.MascheraCodice("12345678901"), "123****8901"},
		{personale.MascheraCodice("X"), "****"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s, want %s", c[0], c[1])
		}
	}
}

func TestDiFindsPersonalData(t *testing.T) {
	if _, found := personale.Di(struct{ A int }{1}); found {
		t.Error("found personal data where there is none")
	}
	masked, found := personale.Di([]persona{{Cognome: "ROVERESI"}})
	if !found || masked.([]persona)[0].Cognome != "RO****ESI" {
		t.Error(masked, found)
	}
}

// What was erased is about nobody: it is shown, to who sees nothing else too.
func TestWhatWasErasedIsNotMasked(t *testing.T) {
	for _, kind := range []string{personale.Nome, personale.Via, personale.CodiceFiscale, personale.Recapito, personale.Testo, personale.Dato} {
		if got := personale.MascheraTesto(personale.Cancellato, kind); got != personale.Cancellato {
			t.Errorf("%s reads %s", kind, got)
		}
	}
	for _, got := range []string{personale.MascheraNome(personale.Cancellato), personale.MascheraVia(personale.Cancellato), personale.MascheraCodice(personale.Cancellato)} {
		if got != personale.Cancellato {
			t.Error(got)
		}
	}
}
