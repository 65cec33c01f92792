package caso

import (
	"strings"
	"unicode"
)

// diSalute begin the words by which an SMS would tell of somebody's health.
// The list is short on purpose: it stops what is written without thinking, and
// names no place where a nucleo may have to go (hospital, pharmacy, clinic).
// What it does not know stays on who writes; docs/formato-sms.md shows it.
var diSalute = []string{
	"aids", "alcol", "anoress", "autis", "demenz", "depress", "diagnos", "disabil", "gravidanz", "handicap", "hiv", "incinta", "invalid",
	"malatt", "oncolog", "patolog", "psichiatr", "psicolog", "psicos", "psicoter", "ricover", "schizo", "sieroposit", "terapi", "tossicodip", "tumor",
}

// parlaDiSalute reports whether a word of a text begins as one of health. An
// SMS is read on a locked screen, by whoever holds the telephone.
func parlaDiSalute(testo string) bool {
	parole := strings.FieldsFunc(strings.ToLower(testo), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, p := range parole {
		for _, inizio := range diSalute {
			if strings.HasPrefix(p, inizio) {
				return true
			}
		}
	}
	return false
}
