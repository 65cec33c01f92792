// Package massivo follows one file of operators that an ambito sent to be
// accredited together: what was wrong with its rows, and how its application
// goes. The whole plan is written before the first operator is touched, so that
// an application that is stopped at any moment goes on, or takes back what it
// did: of a file everything holds, or nothing. Nobody is named here; the file
// itself is kept beside the log, for a day.
package massivo

import (
	"slices"
	"time"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Event is a fact of one file.
//
//sumtype:decl
type Event interface {
	domain.Event
	isMassivo()
}

// Stato is how far a file has come.
type Stato string

// The states of a file.
const (
	Verificato     Stato = "VERIFICATO"      // every row is good: it can be applied
	Errato         Stato = "ERRATO"          // some row is bad: nothing can be applied
	InApplicazione Stato = "IN_APPLICAZIONE" // being applied
	InRitiro       Stato = "IN_RITIRO"       // a row was refused after all: what was done is taken back
	Applicato      Stato = "APPLICATO"
	Respinto       Stato = "RESPINTO" // nothing of it holds
)

// Errore is what is wrong with a row, told without quoting it.
type Errore struct {
	Riga         int    `json:"riga"` // as the sheet counts: the headings are row 1
	Campo        string `json:"campo,omitempty"`
	Codice       string `json:"codice"`
	Suggerimento string `json:"suggerimento"`
}

// Esiti count what a file does.
type Esiti struct {
	Registrati  int `json:"registrati"`  // persons who were not known
	Accreditati int `json:"accreditati"` // roles given
	Invariati   int `json:"invariati"`   // rows that say what holds already
}

// Voce is a row of the plan.
type Voce struct {
	Riga      int          `json:"riga"`
	Operatore id.Operatore `json:"operatore_id"`
}

// State is how a file stands.
type State struct {
	Stato    Stato // empty before the file came
	Ambito   string
	Impronta domain.Digest
	Scade    time.Time // after it the file is not kept, and cannot be applied
	Righe    int
	Errate   int // rows that are bad
	Esiti    Esiti
	Errori   []Errore // the first MaxErrori
	Voci     []Voce   // of the plan
}

// MaxErrori bounds the report of bad rows; Errate counts them all.
const MaxErrori = 1000

// Aperto reports whether the application has work left.
func (s State) Aperto() bool { return s.Stato == InApplicazione || s.Stato == InRitiro }

// Decider is the write side of a file.
var Decider = domain.Decider[State, Event]{Category: "massivo", Evolve: evolve}

// Aggregate is every event that the stream of a file may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: []domain.Entry{
	domain.Of[Controllato](),
	domain.Of[Avviato](),
	domain.Of[Ritirato](),
	domain.Of[Concluso](),
}}

type (
	// Controllato says that a file came, and what its rows would do.
	Controllato struct {
		Ambito   string        `json:"ambito"`
		Impronta domain.Digest `json:"impronta"` // SHA-256 of the file
		Scade    time.Time     `json:"scade"`
		Righe    int           `json:"righe"`
		Errate   int           `json:"errate"`
		Esiti    Esiti         `json:"esiti"`
		Errori   []Errore      `json:"errori,omitempty"`
	}
	// Avviato begins the application, with its plan.
	Avviato struct {
		Voci  []Voce `json:"voci"`
		Esiti Esiti  `json:"esiti"` // as things stood then
	}
	// Ritirato says that rows were refused after all, so that what others did
	// is to be taken back.
	Ritirato struct {
		Errori []Errore `json:"errori"`
	}
	// Concluso ends the application.
	Concluso struct {
		Stato Stato `json:"stato"` // APPLICATO, RESPINTO
	}
)

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case Controllato:
		s = State{Stato: Verificato, Ambito: e.Ambito, Impronta: e.Impronta, Scade: e.Scade, Righe: e.Righe, Errate: e.Errate, Esiti: e.Esiti, Errori: e.Errori}
		if e.Errate > 0 {
			s.Stato = Errato
		}
	case Avviato:
		s.Stato, s.Voci, s.Esiti = InApplicazione, e.Voci, e.Esiti
	case Ritirato:
		s.Stato, s.Errori, s.Errate = InRitiro, slices.Concat(s.Errori, e.Errori), s.Errate+len(e.Errori)
	case Concluso:
		s.Stato = e.Stato
	}
	return s
}

func (Controllato) EventType() string { return "ElencoOperatoriControllato" }
func (Avviato) EventType() string     { return "ApplicazioneElencoAvviata" }
func (Ritirato) EventType() string    { return "ApplicazioneElencoRitirata" }
func (Concluso) EventType() string    { return "ApplicazioneElencoConclusa" }

func (Controllato) isMassivo() {}
func (Avviato) isMassivo()     {}
func (Ritirato) isMassivo()    {}
func (Concluso) isMassivo()    {}
