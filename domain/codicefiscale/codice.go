// Package codicefiscale is the Italian tax code of a natural person: read,
// checked, decoded and computed by the rules of the decree of 23 December 1976
// (n. 13813), with the letters that stand for digits when two people would
// share a code (omocodia).
//
// A code is personal data: no error of this package contains one, and Maschera
// is the form to show to those who need not know it.
package codicefiscale

import "strings"

// Codice is a codice fiscale in capitals without spaces: 16 characters, or the
// 11 digits of a provisional one. The zero Codice is no code. Two codes that
// differ only by omocodia belong to two people, so == is the right comparison.
type Codice string

const (
	lungo       = 16 // characters of a definitive code
	provvisorio = 11 // digits of a provisional one
	mesi        = "ABCDEHLMPRST"
	omocodie    = "LMNPQRSTUV" // what stands for 0…9
)

// numeriche are the places that hold digits, or letters in their stead.
var numeriche = [...]int{6, 7, 9, 10, 12, 13, 14}

// IsZero reports whether there is no code.
func (c Codice) IsZero() bool { return c == "" }

// Provvisorio reports whether c is an 11-digit provisional code, which says
// nothing about its bearer.
func (c Codice) Provvisorio() bool { return len(c) == provvisorio }

// Base is the code with digits where omocodia put letters, and its own check
// character: what the bearer's data alone give.
func (c Codice) Base() Codice {
	if len(c) != lungo {
		return c
	}
	b := []byte(c)
	for _, i := range numeriche {
		if v := cifra(b[i]); v >= 0 {
			b[i] = byte('0' + v)
		}
	}
	b[15] = controllo(b)
	return Codice(b)
}

// Omocodo reports whether letters stand for digits in c.
func (c Codice) Omocodo() bool { return c != c.Base() }

// ConOmocodia is the code with n of its digits replaced by letters, from the
// right, as the tax agency does it. Less than 0 means 0, more than 7 means 7.
func (c Codice) ConOmocodia(n int) Codice {
	if len(c) != lungo {
		return c
	}
	b := []byte(c.Base())
	for k := range min(max(n, 0), len(numeriche)) {
		i := numeriche[len(numeriche)-1-k]
		if v := cifra(b[i]); v >= 0 {
			b[i] = omocodie[v]
		}
	}
	b[15] = controllo(b)
	return Codice(b)
}

// Nascita is the day of birth: the last two digits of the year (the code does
// not tell the century), month 1–12, day 1–31. All are 0 for a provisional code.
func (c Codice) Nascita() (anno2, mese, giorno int) {
	if len(c) != lungo {
		return 0, 0, 0
	}
	giorno = due(c[9], c[10])
	if giorno > 40 {
		giorno -= 40
	}
	return due(c[6], c[7]), strings.IndexByte(mesi, c[8]) + 1, giorno
}

// Sesso is "M" or "F", or nothing for a provisional code.
func (c Codice) Sesso() string {
	switch {
	case len(c) != lungo:
		return ""
	case due(c[9], c[10]) > 40:
		return "F"
	}
	return "M"
}

// Luogo is the Belfiore code of the comune of birth, or of the state when it
// begins with Z; nothing for a provisional code.
func (c Codice) Luogo() string {
	if len(c) != lungo {
		return ""
	}
	return string(c.Base()[11:15])
}

// Maschera hides the name, the date and the first characters of the place:
// RSS*********273Z, or ********903 for a provisional code.
func (c Codice) Maschera() string {
	switch len(c) {
	case lungo:
		return string(c[:3]) + "*********" + string(c[12:])
	case provvisorio:
		return "********" + string(c[8:])
	}
	return strings.Repeat("*", len(c))
}

// cifra is the digit that a character stands for, itself or by omocodia, or -1.
func cifra(b byte) int {
	if b >= '0' && b <= '9' {
		return int(b - '0')
	}
	return strings.IndexByte(omocodie, b)
}

func due(a, b byte) int { return cifra(a)*10 + cifra(b) }
