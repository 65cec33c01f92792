package main

import (
	"strings"
	"testing"

	"nucleo/domain/giorno"
	"nucleo/domain/operatore"
)

// The first person is told apart before anything is made: a mistake in their
// codice fiscale would leave an installation that nobody may enter (ACC-27).
func TestTheFirstPersonIsKnownWhole(t *testing.T) {
	mario := operatore.Registrato{CodiceFiscale: "RSSMRA80A01G273Z", Cognome: "Rossi", Nome: "Mario", DataNascita: giorno.Data(1980, 1, 1), ComuneNascita: "G273", Genere: "M"}
	for _, comune := range []string{"G273", "g273", "Palermo", "PALERMO (G273)"} {
		if got, err := primoSuperUtente("rssmra80a01g273z", "Rossi", "Mario", "1980-01-01", comune, "M"); err != nil || got != mario {
			t.Errorf("%s: %v", comune, err)
		}
	}
	for _, c := range []struct{ cf, cognome, nascita, comune, genere, perche string }{
		{"RSSMRA80A01G273A", "Rossi", "1980-01-01", "G273", "M", "codice_fiscale: the last character"},
		{mario.CodiceFiscale, "Bianchi", "1980-01-01", "G273", "M", "cognome: the codice fiscale does not fit"},
		{mario.CodiceFiscale, "Rossi", "01/01/1980", "G273", "M", "--nascita: "},
		{mario.CodiceFiscale, "Rossi", "1980-01-02", "G273", "M", "data_nascita: the codice fiscale does not fit"},
		{mario.CodiceFiscale, "Rossi", "2080-01-01", "G273", "M", "data_nascita: nobody who works"},
		{mario.CodiceFiscale, "Rossi", "1980-01-01", "Monreale", "M", "--comune-nascita is not the place"},
		{mario.CodiceFiscale, "Rossi", "1980-01-01", "F377", "M", "comune_nascita: the codice fiscale does not fit"},
		{mario.CodiceFiscale, "Rossi", "1980-01-01", "", "M", "comune_nascita: an operator is known by"},
		{mario.CodiceFiscale, "Rossi", "1980-01-01", "G273", "F", "genere: the codice fiscale does not fit"},
	} {
		if _, err := primoSuperUtente(c.cf, c.cognome, "Mario", c.nascita, c.comune, c.genere); err == nil || !strings.HasPrefix(err.Error(), c.perche) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
