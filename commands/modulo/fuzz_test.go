package modulo_test

import (
	"slices"
	"strings"
	"testing"

	"nucleo/commands/modulo"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
)

// FuzzLeggi reads rows of any form: what comes out without an error is somebody,
// with a role that the form offers, in comuni of the ambito; and every error
// names a column.
func FuzzLeggi(f *testing.F) {
	di := modulo.Territorio{Codice: "PA42", Comuni: []modulo.Luogo{{"G273", "Palermo"}, {"F377", "Monreale"}}}
	buona := []string{"RSSMRA80A01G273D", "Rossi", "Mario", "01/01/1980", "Palermo", "M", "Case manager", "PA42", "Palermo (G273); Monreale (F377)", "PON", "01/02/2026", "2026/117", "15/01/2026", "mario@example.org", "+39 091 123456"}
	f.Add(strings.Join(buona, "\x1f"))
	for i := range buona {
		for _, c := range []string{"", "=1+1", "31/02/2026", "99/99/99999", "\x00", "è" + buona[i], strings.Repeat("a", 3000)} {
			rotta := slices.Clone(buona)
			rotta[i] = c
			f.Add(strings.Join(rotta, "\x1f"))
		}
	}
	f.Fuzz(func(t *testing.T, celle string) {
		r := modulo.Riga{Numero: 2, Celle: strings.Split(celle, "\x1f")}
		v, errori := modulo.Leggi(r, di, giorno.Data(2026, 5, 4))
		for _, e := range errori {
			if e.Riga != 2 || !slices.ContainsFunc(modulo.Colonne, func(c modulo.Colonna) bool { return string(c.Campo) == e.Campo }) {
				t.Errorf("an error about nothing of the form: %+v", e)
			}
		}
		if len(errori) > 0 {
			return
		}
		if _, err := codicefiscale.Parse(v.Dati.CodiceFiscale); err != nil || v.Dati.Cognome == "" || v.Dati.DataNascita.IsZero() {
			t.Errorf("nobody: %v", err)
		}
		if !slices.ContainsFunc(modulo.Incarichi, func(i modulo.Incarico) bool { return i.Ruolo == v.Accredita.Ruolo }) || v.Accredita.Dal.IsZero() {
			t.Errorf("no role: %+v", v.Accredita)
		}
		for _, c := range v.Accredita.Territorio.Comuni {
			if !slices.ContainsFunc(di.Comuni, func(l modulo.Luogo) bool { return l.Codice == c }) {
				t.Errorf("%q is no comune of the ambito", c)
			}
		}
	})
}
