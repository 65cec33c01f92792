package operatore

import (
	"errors"
	"strings"

	"nucleo/domain"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
)

// Registra makes a person known, of whom all is said that ACC-27 asks for: of
// every operator alike, the first Super Utente included. Asked again it changes
// nothing, whatever the particulars: contacts are changed by a command of their
// own. What was not known of the birth of who was registered before that was
// asked may be added.
type Registra struct {
	Dati     Registrato
	Completa bool // adds what is not known yet of who is registered
	Oggi     giorno.Giorno
}

// Refusals.
var (
	ErrInesistente = domain.Refuse(domain.NotFound, "operatore.inesistente", "there is no such operator")
	ErrDati        = domain.Refuse(domain.Unprocessable, "operatore.dati_mancanti", "an operator is known by codice fiscale, surname, name, day and comune of birth, and gender: fill in the fields")
	ErrNascita     = domain.Refuse(domain.Unprocessable, "operatore.nascita_non_valida", "nobody who works was born on that day: check the year")
	ErrProvvisorio = domain.Refuse(domain.Unprocessable, "operatore.codice_provvisorio", "an operator needs a codice fiscale of 16 characters, not a provisional one")
	ErrDivergente  = domain.Refuse(domain.Unprocessable, "operatore.codice_divergente", "the codice fiscale does not fit the other data of the person")
)

// primaNascita is before anybody who works was born: of a codice fiscale two
// centuries are true.
var primaNascita = giorno.Data(1900, 1, 1)

func vuoto(s string) bool { return strings.TrimSpace(s) == "" }

// Decide answers Registra.
func (c Registra) Decide(s State) ([]Event, error) {
	if mancanti := c.Dati.mancanti(); len(mancanti) > 0 {
		return nil, ErrDati.AtAll(mancanti)
	}
	if c.Dati.DataNascita < primaNascita || c.Dati.DataNascita > c.Oggi {
		return nil, ErrNascita.At("data_nascita")
	}
	d, err := c.Dati.Identificato()
	switch {
	case err != nil:
		return nil, err
	case s.Registrato && c.Completa:
		return s.completa(d), nil
	case s.Registrato:
		return nil, nil
	}
	return []Event{d}, nil
}

// mancanti are the fields that nobody filled in.
func (d Registrato) mancanti() (campi []string) {
	for _, p := range []struct {
		campo string
		manca bool
	}{
		{"codice_fiscale", vuoto(d.CodiceFiscale)}, {"cognome", vuoto(d.Cognome)}, {"nome", vuoto(d.Nome)},
		{"data_nascita", d.DataNascita.IsZero()}, {"comune_nascita", vuoto(d.ComuneNascita)}, {"genere", vuoto(d.Genere)},
	} {
		if p.manca {
			campi = append(campi, p.campo)
		}
	}
	return campi
}

// divergenti are the fields that the divergences of a codice fiscale are about.
var divergenti = map[string]string{"cognome": "cognome", "nome": "nome", "data_nascita": "data_nascita", "sesso": "genere", "luogo_nascita": "comune_nascita"}

// Identificato is what is said of a person, with the codice fiscale in its one
// spelling. They must be the person that it speaks of, as far as something is
// said: by whichever letters stand for digits (omocodia), and wherever they were
// born, the Belfiore code being that of a state for who was born abroad.
// Registries hold old mistakes; for operators, who sign in by that code, a
// divergence is an error.
func (d Registrato) Identificato() (Registrato, error) {
	c, err := codicefiscale.Parse(d.CodiceFiscale)
	var sbagliato *codicefiscale.Errore
	switch {
	case errors.As(err, &sbagliato):
		return d, domain.Refuse(domain.Unprocessable, sbagliato.Codice, sbagliato.Error()).At("codice_fiscale")
	case err != nil:
		return d, err
	case c.Provvisorio():
		return d, ErrProvvisorio.At("codice_fiscale")
	}
	detti := codicefiscale.Dati{Cognome: d.Cognome, Nome: d.Nome, Sesso: d.Genere, Luogo: d.ComuneNascita}
	if !d.DataNascita.IsZero() {
		anno, mese, g := d.DataNascita.Time().Date()
		detti.Anno, detti.Mese, detti.Giorno = anno, int(mese), g
	}
	if diverse := c.Divergenze(detti); len(diverse) > 0 {
		return d, ErrDivergente.At(divergenti[diverse[0]])
	}
	d.CodiceFiscale = string(c)
	return d, nil
}
