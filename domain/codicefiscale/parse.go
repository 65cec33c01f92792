package codicefiscale

import (
	"strings"
	"unicode"
)

// Parse reads a code in capitals or small letters, with or without spaces. It
// checks each character, the day of birth and the check character; that the
// place exists is for the caller to ask. Errors are *Errore.
func Parse(s string) (Codice, error) {
	var b [lungo]byte
	n := 0
	for _, r := range s {
		if unicode.IsSpace(r) {
			continue
		}
		if n == lungo {
			return "", ErrLunghezza
		}
		b[n] = maiuscola(r)
		n++
	}
	if err := esamina(b[:n]); err != nil {
		return "", err
	}
	if s == string(b[:n]) {
		return Codice(s), nil
	}
	return Codice(b[:n]), nil
}

// maiuscola is the capital of an ASCII letter, the digit itself, and 0 for what
// cannot stand in a code. Other alphabets have letters whose capital is ASCII:
// they are not taken for it.
func maiuscola(r rune) byte {
	switch {
	case r >= 'a' && r <= 'z':
		return byte(r - 'a' + 'A')
	case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return byte(r)
	}
	return 0
}

func esamina(b []byte) error {
	switch len(b) {
	case lungo:
		return esaminaDefinitivo(b)
	case provvisorio:
		return esaminaProvvisorio(b)
	}
	return ErrLunghezza
}

func esaminaDefinitivo(b []byte) error {
	for i, x := range b {
		if !ammesso(i, x) {
			return ErrCarattere.at(i)
		}
	}
	anno, giorno := due(b[6], b[7]), due(b[9], b[10])
	if giorno > 40 {
		giorno -= 40
	}
	if giorno < 1 || giorno > giorni(anno, strings.IndexByte(mesi, b[8])+1) {
		return ErrNascita.at(9)
	}
	if b[15] != controllo(b) {
		return ErrControllo.at(15)
	}
	return nil
}

func esaminaProvvisorio(b []byte) error {
	zero := true
	for i, x := range b {
		if x < '0' || x > '9' {
			return ErrCarattere.at(i)
		}
		zero = zero && x == '0'
	}
	if zero || b[10] != controlloProvvisorio(b) {
		return ErrControllo.at(10)
	}
	return nil
}

// ammesso reports whether x may stand at index i.
func ammesso(i int, x byte) bool {
	switch i {
	case 6, 7, 9, 10, 12, 13, 14:
		return cifra(x) >= 0
	case 8:
		return strings.IndexByte(mesi, x) >= 0
	}
	return x >= 'A' && x <= 'Z'
}

// giorni is how many days a month has in the year of either century that two
// digits may mean: 00 is 1900 or 2000, and 2000 was a leap year.
func giorni(anno, mese int) int {
	switch mese {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if anno%4 == 0 {
			return 29
		}
		return 28
	}
	return 31
}
