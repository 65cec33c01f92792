package caso

import (
	"strings"
	"unicode/utf8"

	"nucleo/domain"
)

const (
	massimoTesto       = 4000 // characters of a free text (domain rule 2.7)
	minimoMotivazione  = 20   // characters of the motivation of an outcome
	massimoDescrizione = 500  // characters of what fits a line
)

// Refusals of texts.
var (
	ErrMotivazione      = domain.Refuse(domain.Unprocessable, "caso.motivazione_mancante", "say in motivazione why")
	ErrTestoMancante    = domain.Refuse(domain.Unprocessable, "caso.testo_mancante", "the text is empty: fill in the field")
	ErrTestoTroppoLungo = domain.Refuse(domain.Unprocessable, "caso.testo_troppo_lungo", "the text is too long: free texts have at most 4,000 characters, descriptions of a line 500, references 100")
)

func vuoto(s string) bool { return strings.TrimSpace(s) == "" }

// prolisso reports whether a free text is too long.
func prolisso(s string) bool { return utf8.RuneCountInString(s) > massimoTesto }

// motiva refuses a missing or endless motivation.
func motiva(s string) error {
	switch {
	case vuoto(s):
		return ErrMotivazione.At("motivazione")
	case prolisso(s):
		return ErrTestoTroppoLungo.At("motivazione")
	}
	return nil
}

// descrive refuses a missing or endless description in a field.
func descrive(s, campo string) error {
	switch {
	case vuoto(s):
		return ErrTestoMancante.At(campo)
	case utf8.RuneCountInString(s) > massimoDescrizione:
		return ErrTestoTroppoLungo.At(campo)
	}
	return nil
}
