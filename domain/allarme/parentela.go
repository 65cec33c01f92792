package allarme

import (
	"strings"

	"nucleo/domain/codicefiscale"
)

// Persona is what tells whether two people may be kin. It is looked up, compared
// and forgotten: no alert holds any of it.
type Persona struct {
	Cognome string `personale:"nome"`
	Cieco   codicefiscale.Cieco
}

// Parente reports whether an operator may be kin of somebody in a nucleo, or be
// in it: the codice fiscale is the same, or the surname is.
func (p Persona) Parente(nucleo []Persona) bool {
	for _, q := range nucleo {
		if !q.Cieco.IsZero() && q.Cieco == p.Cieco || q.Cognome != "" && normale(q.Cognome) == normale(p.Cognome) {
			return true
		}
	}
	return false
}

func normale(cognome string) string {
	return strings.ToUpper(strings.Join(strings.Fields(cognome), " "))
}
