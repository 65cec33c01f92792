// Package operatore decides who may do what: one person, identified by codice
// fiscale, and the roles to which that person is accredited.
package operatore

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Event is a fact of one operator.
//
//sumtype:decl
type Event interface {
	domain.Event
	isOperatore()
}

// State is what the rules of accreditation need to know.
type State struct {
	Registrato      bool
	CodiceFiscale   string             `personale:"codice_fiscale"`
	Cognome         string             `personale:"nome"`
	Nome            string             `personale:"nome"`
	Email           string             `personale:"recapito"`
	Telefono        string             `personale:"recapito"`
	Nascita         Nascita            // as far as it is known
	Sospeso         bool               // may not act, whatever the roles
	HaPerso         bool               // ever lost a role, a comune, or the right to act
	Accreditamenti  []Accreditamento   // revoked ones included
	Indisponibilita []Indisponibilita  // likewise
	Rifiuti         []AccessoRifiutato // the last of each reason
}

// Accreditamento is one role on one territory.
type Accreditamento struct {
	ID         id.Accreditamento
	Ruolo      domain.Ruolo
	Territorio domain.Territorio
	Fondo      string
	Dal        giorno.Giorno
	Revocato   bool
	Sospeso    bool // may not be acted under for a while
}

// Livello is the letter that GePI shows beside a case manager: A for one of
// the whole ambito, C for one of some comuni (ambiguity 9.3).
func (a Accreditamento) Livello() string {
	if len(a.Territorio.Comuni) == 0 {
		return "A"
	}
	return "C"
}

// stesso reports whether the accreditation is of a role on a territory.
func (a Accreditamento) stesso(ruolo domain.Ruolo, t domain.Territorio) bool {
	return a.Ruolo == ruolo && a.Territorio.Ambito == t.Ambito && slices.Equal(a.Territorio.Comuni, t.Comuni)
}

// Attivi are the accreditations under which the person may act on a day: none
// while they are suspended.
func (s State) Attivi(oggi giorno.Giorno) []Accreditamento {
	if s.Sospeso {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Accreditamenti), func(a Accreditamento) bool { return a.Revocato || a.Sospeso || a.Dal > oggi })
}

// Trova is the accreditation of an id.
func (s State) Trova(acc id.Accreditamento) (Accreditamento, bool) {
	i := slices.IndexFunc(s.Accreditamenti, func(a Accreditamento) bool { return a.ID == acc })
	if i < 0 {
		return Accreditamento{}, false
	}
	return s.Accreditamenti[i], true
}

// Decider is the write side of an operator.
var Decider = domain.Decider[State, Event]{Category: "operatore", Evolve: evolve}

// Aggregate is every event that the stream of an operator may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: []domain.Entry{
	domain.Of[Registrato](),
	domain.Of[Accreditato](),
	domain.Was("RuoloAccreditato", accreditatoV1.lift),
	domain.Of[Revocato](),
	domain.Of[RegistrazioneAnnullata](),
	domain.Of[Modificato](),
	domain.Was("RuoloModificato", modificatoV1.lift),
	domain.Of[FondoAggiornato](),
	domain.Of[RecapitiAggiornati](),
	domain.Of[NascitaCompletata](),
	domain.Of[Sospeso](),
	domain.Of[Riattivato](),
	domain.Of[AccreditamentoSospeso](),
	domain.Of[AccreditamentoRiattivato](),
	domain.Of[IndisponibilitaRegistrata](),
	domain.Of[IndisponibilitaRevocata](),
	domain.Of[AccessoRifiutato](),
}}

type (
	// Registrato makes a person known to the platform (ACC-27).
	Registrato struct {
		CodiceFiscale string        `json:"codice_fiscale" personale:"codice_fiscale"`
		Cognome       string        `json:"cognome" personale:"nome"`
		Nome          string        `json:"nome" personale:"nome"`
		DataNascita   giorno.Giorno `json:"data_nascita,omitzero" personale:"dato"`
		ComuneNascita string        `json:"comune_nascita,omitempty" personale:"dato"`
		Genere        string        `json:"genere,omitempty" personale:"dato"`
		Email         string        `json:"email,omitempty" personale:"recapito"`
		Telefono      string        `json:"telefono,omitempty" personale:"recapito"`
	}
	// Accreditato gives the person a role on a territory (ACC-08).
	Accreditato struct {
		Accreditamento id.Accreditamento `json:"accreditamento_id"`
		Ruolo          domain.Ruolo      `json:"ruolo"`
		Territorio     domain.Territorio `json:"territorio"`
		Livello        string            `json:"livello"` // A, C
		Fondo          string            `json:"fondo,omitempty"`
		Dal            giorno.Giorno     `json:"dal"`
		Richiesta      Richiesta         `json:"richiesta,omitzero"`
	}
	// RegistrazioneAnnullata says that the person is not known after all.
	RegistrazioneAnnullata struct {
		Motivo string `json:"motivo"`
	}
	// Revocato ends one accreditation.
	Revocato struct {
		Accreditamento id.Accreditamento `json:"accreditamento_id"`
		Motivo         string            `json:"motivo" personale:"testo"`
	}
)

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case Registrato:
		s.Registrato, s.CodiceFiscale, s.Cognome, s.Nome = true, e.CodiceFiscale, e.Cognome, e.Nome
		s.Email, s.Telefono = e.Email, e.Telefono
		s.Nascita = Nascita{e.DataNascita, e.ComuneNascita, e.Genere}
	case RegistrazioneAnnullata:
		s.Registrato, s.CodiceFiscale, s.Cognome, s.Nome = false, "", "", ""
		s.Email, s.Telefono, s.Nascita = "", "", Nascita{}
	case NascitaCompletata:
		s.Nascita = s.Nascita.con(e)
	case Accreditato:
		s.Accreditamenti = append(slices.Clip(s.Accreditamenti), Accreditamento{
			ID: e.Accreditamento, Ruolo: e.Ruolo, Territorio: e.Territorio, Fondo: e.Fondo, Dal: e.Dal,
		})
	case Revocato:
		s = s.cambia(e.Accreditamento, func(a *Accreditamento) { a.Revocato = true })
		s.HaPerso = true
	case Modificato:
		s = s.cambia(e.Accreditamento, func(a *Accreditamento) { a.Territorio.Comuni = e.Comuni })
		s.HaPerso = true
	case FondoAggiornato:
		s = s.cambia(e.Accreditamento, func(a *Accreditamento) { a.Fondo = e.Fondo })
	case RecapitiAggiornati:
		s.Email, s.Telefono = e.Email, e.Telefono
	case Sospeso:
		s.Sospeso, s.HaPerso = true, true
	case Riattivato:
		s.Sospeso = false
	case AccreditamentoSospeso:
		s = s.cambia(e.Accreditamento, func(a *Accreditamento) { a.Sospeso = true })
		s.HaPerso = true
	case AccreditamentoRiattivato:
		s = s.cambia(e.Accreditamento, func(a *Accreditamento) { a.Sospeso = false })
	case AccessoRifiutato:
		s = s.conRifiuto(e)
	case IndisponibilitaRegistrata:
		s.Indisponibilita = append(slices.Clip(s.Indisponibilita), Indisponibilita{Periodo: Periodo{e.Indisponibilita, e.Dal, e.Al}, Motivo: e.Motivo})
	case IndisponibilitaRevocata:
		s.Indisponibilita = slices.Clone(s.Indisponibilita)
		for i := range s.Indisponibilita {
			if s.Indisponibilita[i].ID == e.Indisponibilita {
				s.Indisponibilita[i].Revocata = true
			}
		}
	}
	return s
}

func (Registrato) EventType() string  { return "OperatoreRegistrato" }
func (Accreditato) EventType() string { return "RuoloAccreditato.v2" }
func (Revocato) EventType() string    { return "RuoloRevocato" }

func (RegistrazioneAnnullata) EventType() string { return "RegistrazioneOperatoreAnnullata" }

func (Registrato) isOperatore()  {}
func (Accreditato) isOperatore() {}
func (Revocato) isOperatore()    {}

func (RegistrazioneAnnullata) isOperatore() {}
