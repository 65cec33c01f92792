package casi

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// testo joins texts into words between single spaces: capital letters and
// digits, without accents. An apostrophe parts words: D'ANGELO is found by
// ANGELO, and by D ANGELO.
func testo(texts ...string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.Join(texts, " ")) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToUpper(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func parole(testo string) []string { return strings.Fields(testo) }

func numero(parola string) bool {
	return strings.IndexFunc(parola, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
}

// diOgniVia are the words that most streets have.
var diOgniVia = []string{
	"VIA", "VIALE", "PIAZZA", "PIAZZALE", "PIAZZETTA", "CORSO", "LARGO", "VICOLO", "STRADA", "CONTRADA", "LOCALITA", "FRAZIONE", "BORGO", "TRAVERSA",
	"A", "D", "DA", "DAL", "DE", "DEGLI", "DEI", "DEL", "DELL", "DELLA", "DELLE", "DELLO", "DI", "E", "L", "LA", "N", "SNC",
}

// guidaVia reports whether all rows with a word that begins so are found by
// their words.
func guidaVia(inizio string) bool {
	return !numero(inizio) && !slices.ContainsFunc(diOgniVia, func(w string) bool { return strings.HasPrefix(w, inizio) })
}
