// Package cancellazione decides what becomes of a request to erase somebody: it
// is asked for with a coded legal basis and the number of an act, held against
// what must be kept, authorised by another person, carried out, and proven. What
// was kept for as long as it must be is proposed by the program, for a person to
// ask for.
// Nothing personal stands in its events, which outlive what was erased.
package cancellazione

import (
	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Event is a fact of one request.
//
//sumtype:decl
type Event interface {
	domain.Event
	isCancellazione()
}

// Stato is how a request stands.
type Stato string

// The states.
const (
	InAttesa    Stato = "IN_ATTESA"   // nobody has decided
	Rifiutata   Stato = "RIFIUTATA"   // it is not carried out
	Autorizzata Stato = "AUTORIZZATA" // the keys are about to be destroyed
	Distrutta   Stato = "DISTRUTTA"   // they are; what is left is looked for
	Provata     Stato = "PROVATA"     // nothing is left, and a receipt says so
)

// Base is the legal basis of an erasure (GDPR, art. 17).
type Base string

// The bases.
const (
	TermineDecorso   Base = "TERMINE_DECORSO"   // it was kept for as long as it must be (17.1.a)
	ConsensoRevocato Base = "CONSENSO_REVOCATO" // it rested on a consent that was taken back (17.1.b)
	PersonaErrata    Base = "PERSONA_ERRATA"    // it is about somebody else than it says (17.1.d)
	OrdineAutorita   Base = "ORDINE_AUTORITA"   // the Garante or a court orders it (17.1.e)
)

// Basi are the bases there are.
var Basi = []Base{TermineDecorso, ConsensoRevocato, PersonaErrata, OrdineAutorita}

// MotivoRifiuto is why a request is refused by a person.
type MotivoRifiuto string

// MotiviRifiuto are the reasons to refuse.
var MotiviRifiuto = []MotivoRifiuto{"NON_DOVUTA", "NON_MOTIVATA", "SOGGETTO_ERRATO"}

// State is what the rules of a request need to know.
type State struct {
	Stato     Stato         // empty before it was proposed or asked for
	Richiesta Richiesta     // of a proposal: what would be asked, by nobody yet
	Fine      giorno.Giorno // of the case, where the program proposed it
	DecisaDa  id.Operatore
	Motivo    string // why it was refused, or set aside
	Distrutte ChiaviDistrutte
	Prova     Prova
}

// Decider is the write side of a request.
var Decider = domain.Decider[State, Event]{Category: domain.CategoriaOblio, Evolve: evolve}

// Aggregate is every event that the stream of a request may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: []domain.Entry{
	domain.Of[Scadenza](),
	domain.Of[Accantonamento](),
	domain.Of[Richiesta](),
	domain.Of[Rifiuto](),
	domain.Of[Autorizzazione](),
	domain.Of[ChiaviDistrutte](),
	domain.Of[Prova](),
}}

type (
	// Richiesta asks for an erasure.
	Richiesta struct {
		Soggetto
		Ambito      string        `json:"ambito"` // whose privacy desk decides
		Da          id.Operatore  `json:"richiesta_da"`
		Base        Base          `json:"base"`
		Riferimento string        `json:"riferimento"` // the number of the act that it rests on
		Il          giorno.Giorno `json:"richiesta_il"`
	}
	// Rifiuto ends a request without an erasure.
	Rifiuto struct {
		Da     id.Operatore  `json:"rifiutata_da"`
		Motivo MotivoRifiuto `json:"motivo"`
	}
	// Autorizzazione has an erasure carried out.
	Autorizzazione struct {
		Da id.Operatore `json:"autorizzata_da"`
	}
	// ChiaviDistrutte says that what a subject had sealed in a stream cannot be
	// read any more. All lists make their rows of that stream anew.
	ChiaviDistrutte struct {
		Soggetto
		Chiavi   int           `json:"chiavi"`
		Impronta domain.Digest `json:"impronta"` // of the ids of the keys
		Valori   int           `json:"valori"`   // that they had sealed
	}
	// Prova says what was looked at afterwards, and that nothing could be read.
	Prova struct {
		Tentati int      `json:"tentati"` // sealed values of the subject that were tried
		Modelli []string `json:"modelli"` // whose rows were held against the log
		Chiaro  int      `json:"in_chiaro"`
		Testo   string   `json:"ricevuta"` // a signed note
	}
)

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case Scadenza:
		s = State{Stato: Proposta, Richiesta: Richiesta{Soggetto: e.Soggetto, Ambito: e.Ambito, Base: TermineDecorso}, Fine: e.Fine}
	case Accantonamento:
		s.Stato, s.DecisaDa, s.Motivo = Accantonata, e.Da, string(e.Motivo)
	case Richiesta:
		s = State{Stato: InAttesa, Richiesta: e, Fine: s.Fine}
	case Rifiuto:
		s.Stato, s.DecisaDa, s.Motivo = Rifiutata, e.Da, string(e.Motivo)
	case Autorizzazione:
		s.Stato, s.DecisaDa = Autorizzata, e.Da
	case ChiaviDistrutte:
		s.Stato, s.Distrutte = Distrutta, e
	case Prova:
		s.Stato, s.Prova = Provata, e
	}
	return s
}

// Dimenticato implements domain.Dimentica.
func (e ChiaviDistrutte) Dimenticato() string { return e.Flusso() }

func (Richiesta) EventType() string       { return "CancellazioneRichiesta" }
func (Rifiuto) EventType() string         { return "CancellazioneRifiutata" }
func (Autorizzazione) EventType() string  { return "CancellazioneAutorizzata" }
func (ChiaviDistrutte) EventType() string { return "ChiaviDistrutte" }
func (Prova) EventType() string           { return "CancellazioneProvata" }

func (Richiesta) isCancellazione()       {}
func (Rifiuto) isCancellazione()         {}
func (Autorizzazione) isCancellazione()  {}
func (ChiaviDistrutte) isCancellazione() {}
func (Prova) isCancellazione()           {}
