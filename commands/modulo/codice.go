package modulo

import (
	"errors"

	"nucleo/domain"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
)

// Refusals of a codice fiscale.
var (
	ErrProvvisorio = domain.Refuse(domain.Unprocessable, "operatore.codice_provvisorio", "an operator needs a codice fiscale of 16 characters, not a provisional one").At("codice_fiscale")
	ErrDivergente  = domain.Refuse(domain.Unprocessable, "operatore.codice_divergente", "the codice fiscale does not fit the other data of the person")
)

// Persona is what somebody declares about an operator, to be held against the
// codice fiscale. What is empty says nothing.
type Persona struct {
	Cognome, Nome string
	DataNascita   giorno.Giorno
	Genere        string
	ComuneNascita string // Belfiore
}

// campi are the columns that the divergences of a codice fiscale are about.
var campi = map[string]Campo{"cognome": Cognome, "nome": Nome, "data_nascita": DataNascita, "sesso": Genere, "luogo_nascita": ComuneNascita}

// Codice reads the codice fiscale of an operator, who must be the person that
// it speaks of: for operators a divergence is an error.
func Codice(s string, p Persona) (string, error) {
	c, err := codicefiscale.Parse(s)
	var sbagliato *codicefiscale.Errore
	switch {
	case errors.As(err, &sbagliato):
		return "", domain.Refuse(domain.Unprocessable, sbagliato.Codice, sbagliato.Error()).At("codice_fiscale")
	case err != nil:
		return "", err
	case c.Provvisorio():
		return "", ErrProvvisorio
	}
	d := codicefiscale.Dati{Cognome: p.Cognome, Nome: p.Nome, Sesso: p.Genere, Luogo: p.ComuneNascita}
	if !p.DataNascita.IsZero() {
		y, m, g := p.DataNascita.Time().Date()
		d.Anno, d.Mese, d.Giorno = y, int(m), g
	}
	if diverse := c.Divergenze(d); len(diverse) > 0 {
		return "", ErrDivergente.At(string(campi[diverse[0]]))
	}
	return string(c), nil
}
