// Package distribuzione keeps automatic assignments apart: one runs at a time
// in an ambito. Its stream, distribuzione-<ambito>, holds two or three events
// a run and nothing of the cases, so that whether one runs is cheap to know
// however many cases were ever distributed; what a run planned and did stands
// in a stream of its own (package processo).
package distribuzione

import (
	"nucleo/domain"
	"nucleo/domain/id"
)

// Event is a fact of the automatic assignments of one ambito.
//
//sumtype:decl
type Event interface {
	domain.Event
	isDistribuzione()
}

// Filtro says which of the waiting cases a run takes. A zero criterion asks
// for nothing.
type Filtro struct {
	Comune      string   `json:"comune,omitempty"` // Belfiore
	Misura      string   `json:"misura,omitempty"`
	Priorita    []string `json:"priorita,omitempty"` // any of them
	Riassegnato *bool    `json:"riassegnato,omitempty"`
}

// Procedura is a run under way. The zero Procedura is none.
type Procedura struct {
	Processo     id.Processo
	Coordinatore id.Operatore
	Territorio   domain.Territorio
	Filtro       Filtro
	Interrotta   bool // somebody asked for its end
}

// State is whether a run is under way, and which.
type State struct{ InCorso Procedura }

// Decider is the write side of the automatic assignments of an ambito.
var Decider = domain.Decider[State, Event]{Category: "distribuzione", Evolve: evolve}

// Aggregate is every event that the stream of an ambito may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: []domain.Entry{
	domain.Of[Avviata](),
	domain.Of[InterruzioneRichiesta](),
	domain.Of[Completata](),
	domain.Of[Interrotta](),
	domain.Of[Fallita](),
}}

// Esiti count what became of the cases of a run.
type Esiti struct {
	Assegnati int `json:"assegnati"`
	Saltati   int `json:"saltati"`
}

type (
	// Avviata begins a run on the waiting cases of a territory.
	Avviata struct {
		Processo     id.Processo       `json:"processo_id"`
		Coordinatore id.Operatore      `json:"coordinatore_id"`
		Territorio   domain.Territorio `json:"territorio"` // of the coordinator, then
		Filtro       Filtro            `json:"filtro"`
	}
	// InterruzioneRichiesta asks a run to end before its end. What it has
	// assigned stays assigned.
	InterruzioneRichiesta struct {
		Processo id.Processo `json:"processo_id"`
	}
	// Completata ends a run that went through all its cases.
	Completata struct {
		Processo id.Processo `json:"processo_id"`
		Esiti
	}
	// Interrotta ends a run that was asked to.
	Interrotta struct {
		Processo id.Processo `json:"processo_id"`
		Esiti
	}
	// Fallita ends a run that could not go on.
	Fallita struct {
		Processo id.Processo `json:"processo_id"`
		Esiti
		Motivo string `json:"motivo"` // code of the refusal that stopped it
	}
)

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case Avviata:
		s.InCorso = Procedura{Processo: e.Processo, Coordinatore: e.Coordinatore, Territorio: e.Territorio, Filtro: e.Filtro}
	case InterruzioneRichiesta:
		s.InCorso.Interrotta = true
	case Completata, Interrotta, Fallita:
		s.InCorso = Procedura{}
	}
	return s
}

func (Avviata) EventType() string               { return "ProceduraAvviata" }
func (InterruzioneRichiesta) EventType() string { return "InterruzioneProceduraRichiesta" }
func (Completata) EventType() string            { return "ProceduraCompletata" }
func (Interrotta) EventType() string            { return "ProceduraInterrotta" }
func (Fallita) EventType() string               { return "ProceduraFallita" }

func (Avviata) isDistribuzione()               {}
func (InterruzioneRichiesta) isDistribuzione() {}
func (Completata) isDistribuzione()            {}
func (Interrotta) isDistribuzione()            {}
func (Fallita) isDistribuzione()               {}
