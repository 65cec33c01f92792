package codicefiscale

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lettere parts a name into its consonants and its vowels, in capitals and
// without accents, apostrophes, hyphens and spaces. It is not ok when the name
// has letters of another alphabet, which the registry writes in Latin ones.
func lettere(s string) (consonanti, vocali string, ok bool) {
	var c, v strings.Builder
	ok = true
	for _, r := range norm.NFD.String(s) {
		latine, nota := latina(unicode.ToUpper(r))
		ok = ok && nota
		for _, l := range latine {
			if strings.ContainsRune("AEIOU", l) {
				v.WriteRune(l)
			} else {
				c.WriteRune(l)
			}
		}
	}
	return c.String(), v.String(), ok
}

// latina is the letters A…Z for a capital: none for what is not a letter. It
// is not ok for letters of other alphabets.
func latina(r rune) (string, bool) {
	switch r {
	case 'Æ':
		return "AE", true
	case 'Ð', 'Đ', 'Ɖ':
		return "D", true
	case 'Ħ':
		return "H", true
	case 'I', 'ı':
		return "I", true
	case 'Ł':
		return "L", true
	case 'Ŋ':
		return "N", true
	case 'Ø':
		return "O", true
	case 'Œ':
		return "OE", true
	case 'ß', 'ẞ':
		return "SS", true
	case 'Þ':
		return "TH", true
	case 'Ŧ':
		return "T", true
	case 'Ə':
		return "E", true
	}
	if r >= 'A' && r <= 'Z' {
		return string(r), true
	}
	return "", !unicode.IsLetter(r) || unicode.Is(unicode.Lm, r) // Lm has apostrophes
}
