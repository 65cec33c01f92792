package operatore

import (
	"nucleo/domain"
	"nucleo/domain/giorno"
)

// ErrNomina refuses an Amministratore who was not named by a formal act, or of
// whom the platform does not know what it must (ACC-06, ACC-22).
var ErrNomina = domain.Refuse(domain.Unprocessable, "accreditamento.nomina_incompleta", "an Amministratore di Ambito is named by a formal act, and is known whole: give protocol and day of the request, the PEC note and the identity document here, birth and gender by POST /operatori (again, for who is registered), e-mail and telephone by POST /operatori/{operatore}/recapiti")

// nomina says all that is missing for a person to be an Amministratore. A
// delegation is there only where somebody signed in the place of another.
func (c Accredita) nomina(s State) error {
	if c.Ruolo != domain.AmministratoreAmbito {
		return nil
	}
	r := c.Richiesta
	var mancanti []string
	for _, p := range []struct {
		campo string
		manca bool
	}{
		{"richiesta.protocollo", vuoto(r.Protocollo)}, {"richiesta.data", r.Data.IsZero()}, {"richiesta.nota_pec", vuoto(r.NotaPEC)},
		{"richiesta.documento", vuoto(r.Documento)}, {"email", vuoto(s.Email)}, {"telefono", vuoto(s.Telefono)},
	} {
		if p.manca {
			mancanti = append(mancanti, p.campo)
		}
	}
	mancanti = append(mancanti, s.Nascita.mancanti()...)
	if len(mancanti) == 0 {
		return nil
	}
	return ErrNomina.AtAll(mancanti)
}

type (
	// NascitaCompletata adds what was not known of the birth of a person who was
	// registered without it.
	NascitaCompletata struct {
		DataNascita   giorno.Giorno `json:"data_nascita,omitzero" personale:"dato"`
		ComuneNascita string        `json:"comune_nascita,omitempty" personale:"dato"`
		Genere        string        `json:"genere,omitempty" personale:"dato"`
	}
	// Nascita is what the codice fiscale of a person speaks of, besides the name.
	Nascita struct {
		Data   giorno.Giorno `personale:"dato"`
		Comune string        `personale:"dato"`
		Genere string        `personale:"dato"`
	}
)

// mancanti are the fields of a birth that are not known: of who was registered
// before all of them were asked for (ACC-27).
func (n Nascita) mancanti() (campi []string) {
	if n.Data.IsZero() {
		campi = append(campi, "data_nascita")
	}
	if vuoto(n.Comune) {
		campi = append(campi, "comune_nascita")
	}
	if vuoto(n.Genere) {
		campi = append(campi, "genere")
	}
	return campi
}

// completa is what somebody says of a person that nobody said before. What is
// known stays: both were held against the same codice fiscale.
func (s State) completa(d Registrato) []Event {
	var nuovo NascitaCompletata
	if s.Nascita.Data.IsZero() {
		nuovo.DataNascita = d.DataNascita
	}
	if vuoto(s.Nascita.Comune) {
		nuovo.ComuneNascita = d.ComuneNascita
	}
	if vuoto(s.Nascita.Genere) {
		nuovo.Genere = d.Genere
	}
	if nuovo == (NascitaCompletata{}) {
		return nil
	}
	return []Event{nuovo}
}

// con is the birth with what was added to it.
func (n Nascita) con(e NascitaCompletata) Nascita {
	if !e.DataNascita.IsZero() {
		n.Data = e.DataNascita
	}
	if e.ComuneNascita != "" {
		n.Comune = e.ComuneNascita
	}
	if e.Genere != "" {
		n.Genere = e.Genere
	}
	return n
}

func (NascitaCompletata) EventType() string { return "NascitaOperatoreCompletata" }

func (NascitaCompletata) isOperatore() {}
