// Package processo is one run of the automatic assignment: what it planned,
// with the reason of each choice, and what became of each case. The whole plan
// is written before the first case is touched, so that a run that is stopped
// at any moment goes on with the same choices. That one runs at a time is kept
// elsewhere (package distribuzione).
package processo

import (
	"slices"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Event is a fact of one run.
//
//sumtype:decl
type Event interface {
	domain.Event
	isProcesso()
}

// MotivoSalto is why a case of a run was not assigned.
type MotivoSalto string

// The reasons.
const (
	NessunOperatore  MotivoSalto = "NESSUN_OPERATORE"          // nobody covers the comune, or all are away
	GiaAssegnato     MotivoSalto = "GIA_ASSEGNATO"             // somebody was faster, by hand
	NonAssegnabile   MotivoSalto = "NON_ASSEGNABILE"           // closed, or out of the queue, meanwhile
	FuoriTerritorio  MotivoSalto = "FUORI_TERRITORIO"          // moved away meanwhile
	NonDisponibile   MotivoSalto = "OPERATORE_NON_DISPONIBILE" // the one chosen went away, or lost the role, meanwhile
	GuastoDelSistema MotivoSalto = "GUASTO"                    // the case cannot be read or written
)

// State is the plan of a run, and how far it was carried out.
type State struct {
	Piano   uuid.UUID // names the plan; zero before there is one
	Totale  int       // choices of the plan
	Scelte  []Scelta  // those that were written
	Fatti   int       // cases gone through, from the first
	Saltati int       // of these
}

// Pianificato reports whether the whole plan is written.
func (s State) Pianificato() bool { return s.Piano != uuid.Nil && len(s.Scelte) == s.Totale }

// Decider is the write side of a run.
var Decider = domain.Decider[State, Event]{Category: "processo", Evolve: evolve}

// Aggregate is every event that the stream of a run may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: []domain.Entry{
	domain.Of[PianoEsteso](),
	domain.Of[Distribuito](),
	domain.Of[Saltato](),
}}

type (
	// PianoEsteso writes down a piece of the plan, in the order in which the
	// cases are taken. A piece that begins at zero begins a plan anew.
	PianoEsteso struct {
		Piano  uuid.UUID `json:"piano_id"`
		Totale int       `json:"totale"`
		Da     int       `json:"da"`
		Scelte []Scelta  `json:"scelte"`
	}
	// Distribuito says that a case was given to the case manager of the plan.
	Distribuito struct {
		Numero      int          `json:"numero"`
		Caso        id.Caso      `json:"caso_id"`
		CaseManager id.Operatore `json:"case_manager_id"`
	}
	// Saltato says that a case was left where it was.
	Saltato struct {
		Numero int         `json:"numero"`
		Caso   id.Caso     `json:"caso_id"`
		Motivo MotivoSalto `json:"motivo"`
	}
)

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case PianoEsteso:
		if e.Da == 0 {
			s = State{Piano: e.Piano, Totale: e.Totale}
		}
		s.Scelte = append(slices.Clip(s.Scelte), e.Scelte...)
	case Distribuito:
		s.Fatti++
	case Saltato:
		s.Fatti, s.Saltati = s.Fatti+1, s.Saltati+1
	}
	return s
}

func (PianoEsteso) EventType() string { return "PianoDistribuzioneEsteso" }
func (Distribuito) EventType() string { return "CasoDistribuito" }
func (Saltato) EventType() string     { return "CasoSaltato" }

func (PianoEsteso) isProcesso() {}
func (Distribuito) isProcesso() {}
func (Saltato) isProcesso()     {}
