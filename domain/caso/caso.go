// Package caso decides what may happen to a case: the path of one nucleo
// through the social services.
//
// A case has parts: the domanda and the nucleo it is about (ciclo), who is
// responsible for it (assegnazione), and more to come. Each part is a file
// with its events, its piece of the state and how the one grows the other;
// each command is a file named after its part.
package caso

import "nucleo/domain"

// Event is a fact of one case. Every event belongs to one part.
//
//sumtype:decl
type Event interface {
	domain.Event
	isCaso()
}

// State is what the rules of a case, and those who open it, need to know.
type State struct {
	Ciclo
	Assegnazione Assegnazione
}

// Decider is the write side of a case.
var Decider = domain.Decider[State, Event]{Category: "caso", Evolve: evolve}

// Aggregate is every event that the stream of a case may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: domain.Join(eventiCiclo, eventiAssegnazione)}

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case ciclo:
		s.Ciclo = s.Ciclo.evolve(e)
	case assegnazione:
		s.Assegnazione = s.Assegnazione.evolve(e)
	}
	return s
}
