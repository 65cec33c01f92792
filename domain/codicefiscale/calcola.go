package codicefiscale

import (
	"strings"
	"time"
)

// Calcola is the code that follows from somebody's data, before any omocodia:
// the year in four digits, sesso "M" or "F", luogo the Belfiore code of the
// place of birth. It proves nothing: only the tax agency gives codes.
func Calcola(cognome, nome string, anno, mese, giorno int, sesso, luogo string) (Codice, error) {
	c, okC := triplaCognome(cognome)
	n, okN := triplaNome(nome)
	if !okC || !okN || c+n == "XXXXXX" {
		return "", ErrNome
	}
	d := time.Date(anno, time.Month(mese), giorno, 0, 0, 0, 0, time.UTC)
	if anno < 1800 || anno > 9999 || d.Year() != anno || int(d.Month()) != mese || d.Day() != giorno {
		return "", ErrData
	}
	switch sesso {
	case "M":
	case "F":
		giorno += 40
	default:
		return "", ErrSesso
	}
	if !eBelfiore(luogo) {
		return "", ErrLuogo
	}
	b := make([]byte, 0, lungo)
	b = append(append(b, c...), n...)
	b = append(b, byte('0'+anno/10%10), byte('0'+anno%10), mesi[mese-1], byte('0'+giorno/10), byte('0'+giorno%10))
	b = append(b, luogo...)
	return Codice(append(b, controllo(b))), nil
}

func eBelfiore(s string) bool {
	if len(s) != 4 || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	return strings.Trim(s[1:], "0123456789") == ""
}

// triplaCognome is the three letters of a surname: consonants, then vowels, then X.
func triplaCognome(s string) (string, bool) {
	consonanti, vocali, ok := lettere(s)
	return (consonanti + vocali + "XXX")[:3], ok
}

// triplaNome is the three letters of a name: of four consonants or more, the
// first, the third and the fourth.
func triplaNome(s string) (string, bool) {
	consonanti, vocali, ok := lettere(s)
	if len(consonanti) >= 4 {
		return consonanti[:1] + consonanti[2:4], ok
	}
	return (consonanti + vocali + "XXX")[:3], ok
}
