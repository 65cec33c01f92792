package allarme

import "strings"

// Persona is what tells whether two people may be kin. It is looked up, compared
// and forgotten: no alert holds any of it.
type Persona struct {
	Cognome       string `personale:"nome"`
	CodiceFiscale string `personale:"codice_fiscale"`
}

// Parente reports whether an operator may be kin of somebody in a nucleo, or be
// in it: the codice fiscale is the same, or the surname is, or, where the
// surname is not known, its three letters and the place of birth are. Three
// letters alone would be Rossi and Russo.
func (p Persona) Parente(nucleo []Persona) bool {
	for _, q := range nucleo {
		switch {
		case q.CodiceFiscale != "" && q.CodiceFiscale == p.CodiceFiscale,
			q.Cognome != "" && normale(q.Cognome) == normale(p.Cognome),
			q.Cognome == "" && radice(q.CodiceFiscale) != "" && radice(q.CodiceFiscale) == radice(p.CodiceFiscale):
			return true
		}
	}
	return false
}

func normale(cognome string) string {
	return strings.ToUpper(strings.Join(strings.Fields(cognome), " "))
}

// radice is the letters of the surname and the place of birth.
func radice(codiceFiscale string) string {
	if len(codiceFiscale) != 16 {
		return ""
	}
	return codiceFiscale[:3] + codiceFiscale[11:15]
}
