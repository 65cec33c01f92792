package tracciato

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
)

// difetto is what is wrong with a value: a stable code, and what to do.
type difetto struct{ codice, suggerimento string }

// forma brings a text to the form in which it is kept, or says what is wrong.
type forma func(string) (string, *difetto)

// What can be wrong with one value, whatever the field.
var (
	mancante    = &difetto{"campo_mancante", "fill in the field: it is needed"}
	tipoErrato  = &difetto{"campo_tipo_non_valido", "the field holds another kind of value than it should: see docs/formato-domande.md"}
	nonData     = &difetto{"campo_data_non_valida", "write dates as YYYY-MM-DD"}
	nonIntero   = &difetto{"campo_numero_non_valido", "write a whole number of at most 15 digits; amounts are euro cents"}
	nonSiNo     = &difetto{"campo_si_no_non_valido", "write SI or NO"}
	troppoLungo = &difetto{"campo_troppo_lungo", "shorten the text: see docs/formato-domande.md for how long it may be"}
	caratteri   = &difetto{"campo_caratteri_non_ammessi", "remove control characters from the text, line breaks included"}
	sconosciuto = &difetto{"campo_sconosciuto", "the record holds a field that the layout does not have: remove it or correct its name"}
	ripetuto    = &difetto{"campo_ripetuto", "the record holds the field twice: remove one"}
	troppi      = &difetto{"componenti_troppi", "a nucleo has at most 40 people: check that they are of one nucleo"}
)

// testo is a text with no blanks around, free of what cannot be seen.
func testo(s string, max int) (string, *difetto) {
	for _, r := range s {
		if unicode.IsControl(r) || r == utf8.RuneError || invisibile(r) {
			return "", caratteri
		}
	}
	s = strings.TrimSpace(s)
	if len(s) > max && utf8.RuneCountInString(s) > max {
		return "", troppoLungo
	}
	return s, nil
}

// invisibile reports whether a character reorders or breaks the text around it.
func invisibile(r rune) bool {
	return r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\ufeff'
}

// uno accepts the values of a list.
func uno(valori []string) forma {
	errato := &difetto{"campo_valore_non_valido", "use one of " + strings.Join(valori, ", ")}
	return func(s string) (string, *difetto) {
		if !slices.Contains(valori, s) {
			return "", errato
		}
		return s, nil
	}
}

// fatto accepts texts that fit an expression.
func fatto(espressione, suggerimento string) forma {
	re, errato := regexp.MustCompile(espressione), &difetto{"campo_valore_non_valido", suggerimento}
	return func(s string) (string, *difetto) {
		if !re.MatchString(s) {
			return "", errato
		}
		return s, nil
	}
}

var (
	ambito        = fatto(`^[A-Z0-9_-]{2,20}$`, "use the code of the ambito, or leave it out")
	luogo         = fatto(`^[A-Z][0-9]{3}$`, "use a Belfiore code: a capital letter and three digits, Z for states abroad")
	codicePostale = fatto(`^[0-9]{5}$`, "a CAP has five digits; keep the leading zeros")
	nazione       = fatto(`^[A-Z]{3}$`, "use the three capital letters of ISO 3166-1, like ITA")
	posta         = fatto(`^[^@\s]+@[^@\s]+$`, "write the address as name@domain")
)

func idDomanda(s string) (string, *difetto) {
	d, ok := caso.NormalizzaIDDomanda(s)
	if !ok {
		return "", &difetto{caso.ErrIDDomanda.Code, caso.ErrIDDomanda.Message}
	}
	return d, nil
}

// codiceFiscale accepts definitive codes, with letters for digits where the
// agency put them (omocodia), and provisional ones.
func codiceFiscale(s string) (string, *difetto) {
	c, err := codicefiscale.Parse(s)
	var errore *codicefiscale.Errore
	switch {
	case errors.As(err, &errore):
		return "", &difetto{errore.Codice, errore.Error()}
	case err != nil:
		return "", &difetto{"campo_valore_non_valido", "the codice fiscale cannot be read"}
	}
	return string(c), nil
}
