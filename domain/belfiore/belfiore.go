// Package belfiore knows the places that a codice fiscale can name: the comuni
// of Italy, those that were abolished too, and the states abroad, by their
// Belfiore (land registry) code.
//
// The data are those that the sources of NOTICE published until September 2024:
// names and provinces of 2024, population of the census of 2011. Only the
// Agenzia delle Entrate is authoritative, so a code that is not here is a
// reason to ask, not proof of a mistake. "make belfiore" writes them anew.
package belfiore

import (
	"iter"
	"slices"
	"strings"
	"time"
)

// Luogo is a comune or a state. It is a plain value: compare it with ==.
type Luogo struct {
	Codice      string    // e.g. "G273"
	Nome        string    // the present one, or the last
	Provincia   string    // sigla, the present one or the last; none for states
	Regione     string    // none for states and for what was abolished
	ISTAT       string    // six digits; none for states and for most of what was abolished
	Estero      bool      // a state
	Dal         time.Time // the first day of the code, UTC; zero when not known, as for all states
	Al          time.Time // the first day after the last, UTC; zero when it still exists
	Popolazione int       // of the census of 2011; 0 when not known
	cap         string
}

// Esiste reports whether the place was not abolished.
func (l Luogo) Esiste() bool { return l.Al.IsZero() }

// Equal is ==, for tests that compare with cmp.
func (l Luogo) Equal(m Luogo) bool { return l == m }

// ValidoIl reports whether the code was in force on the day that t shows where
// its clock hangs. Comuni that were abolished and founded again count as one
// span, which may be too lenient and is never too strict.
func (l Luogo) ValidoIl(t time.Time) bool {
	anno, mese, giorno := t.Date()
	d := time.Date(anno, mese, giorno, 0, 0, 0, 0, time.UTC)
	return !d.Before(l.Dal) && (l.Al.IsZero() || d.Before(l.Al))
}

// CAP lists the postal codes, in order. They are known for a few comuni only
// (see NOTICE) and none for the others.
func (l Luogo) CAP() []string {
	var postali []string
	for parte := range strings.SplitSeq(l.cap, ",") {
		da, a, intervallo := strings.Cut(parte, "-")
		if !intervallo {
			a = da
		}
		for ; da != "" && da <= a; da = successivo(da) {
			postali = append(postali, da)
		}
	}
	return postali
}

// successivo is the next postal code. The data end no run at 99999.
func successivo(postale string) string {
	b := []byte(postale)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i]++; b[i] <= '9' {
			return string(b)
		}
		b[i] = '0'
	}
	return ""
}

// Cerca is the place with a code, which is in capitals.
func Cerca(codice string) (Luogo, bool) {
	i, ok := posto(codice)
	if !ok {
		return Luogo{}, false
	}
	a := dati()
	if a.indice[i] == 0 {
		return Luogo{}, false
	}
	return a.luoghi[a.indice[i]-1], true
}

// Tutti goes through every place, by code.
func Tutti() iter.Seq[Luogo] { return slices.Values(dati().luoghi) }

// Comuni goes through the comuni that exist, by code.
func Comuni() iter.Seq[Luogo] {
	return scelti(func(l Luogo) bool { return !l.Estero && l.Esiste() })
}

// Stati goes through the states that exist, by code.
func Stati() iter.Seq[Luogo] {
	return scelti(func(l Luogo) bool { return l.Estero && l.Esiste() })
}

// PerProvincia lists the comuni that exist in a province, by code.
func PerProvincia(sigla string) []Luogo {
	var comuni []Luogo
	for l := range Comuni() {
		if l.Provincia == sigla {
			comuni = append(comuni, l)
		}
	}
	return comuni
}

func scelti(si func(Luogo) bool) iter.Seq[Luogo] {
	return func(yield func(Luogo) bool) {
		for l := range Tutti() {
			if si(l) && !yield(l) {
				return
			}
		}
	}
}
