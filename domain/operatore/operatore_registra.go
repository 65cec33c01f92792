package operatore

import (
	"strings"

	"nucleo/domain"
)

// Registra makes a person known. Asked again it changes nothing, whatever the
// particulars: contacts are changed by a command of their own. What was not
// known of the birth may be added.
type Registra struct {
	Dati     Registrato
	Completa bool // adds what is not known yet of who is registered
}

// Refusals.
var (
	ErrInesistente = domain.Refuse(domain.NotFound, "operatore.inesistente", "there is no such operator")
	ErrDati        = domain.Refuse(domain.Unprocessable, "operatore.dati_mancanti", "codice fiscale, surname and name are needed: fill in the field")
)

func vuoto(s string) bool { return strings.TrimSpace(s) == "" }

// Decide answers Registra.
func (c Registra) Decide(s State) ([]Event, error) {
	switch {
	case s.Registrato && c.Completa:
		return s.completa(c.Dati), nil
	case s.Registrato:
		return nil, nil
	case c.Dati.CodiceFiscale == "":
		return nil, ErrDati.At("codice_fiscale")
	case vuoto(c.Dati.Cognome):
		return nil, ErrDati.At("cognome")
	case vuoto(c.Dati.Nome):
		return nil, ErrDati.At("nome")
	}
	return []Event{c.Dati}, nil
}
