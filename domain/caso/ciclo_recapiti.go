package caso

import (
	"regexp"

	"nucleo/domain"
)

// AggiornaRecapiti says how to reach the nucleo from now on. What is left out
// is no longer known.
type AggiornaRecapiti struct {
	Recapiti
	Fonte Fonte
}

// ErrRecapito refuses what cannot reach anybody.
var ErrRecapito = domain.Refuse(domain.Unprocessable, "recapiti.non_validi", "a telephone has 5 to 20 digits or spaces, with + before if need be; an e-mail looks like nome@example.org")

var (
	formaTelefono = regexp.MustCompile(`^\+?[0-9][0-9 ]{4,19}$`)
	formaEmail    = regexp.MustCompile(`^[^@\s]{1,64}@[^@\s]{1,189}$`)
)

// Decide answers AggiornaRecapiti.
func (c AggiornaRecapiti) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case c.Fonte != FonteINPS && c.Fonte != FonteComune:
		return nil, ErrFonte.At("fonte")
	case c.Telefono != "" && !formaTelefono.MatchString(c.Telefono):
		return nil, ErrRecapito.At("telefono")
	case c.Cellulare != "" && !formaTelefono.MatchString(c.Cellulare):
		return nil, ErrRecapito.At("cellulare")
	case c.Email != "" && !formaEmail.MatchString(c.Email):
		return nil, ErrRecapito.At("email")
	case c.Recapiti == s.Recapiti:
		return nil, nil
	}
	return []Event{RecapitiAggiornati(c)}, nil
}
