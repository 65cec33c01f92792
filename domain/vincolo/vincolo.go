// Package vincolo holds cases: while a legal hold stands, nothing of a case is
// erased. Nothing personal stands in its events.
package vincolo

import (
	"regexp"
	"slices"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Event is a fact of the legal hold of one case.
//
//sumtype:decl
type Event interface {
	domain.Event
	isVincolo()
}

// Motivo is why a case is held.
type Motivo string

// Motivi are the reasons to hold a case: a claim or trial, an
// investigation, an inspection, a limitation that was asked for (GDPR, art. 18).
var Motivi = []Motivo{"CONTENZIOSO", "INDAGINE", "ISPEZIONE", "LIMITAZIONE"}

// State is the hold of a case; the zero one is none.
type State struct{ Posto Posto }

// Decider is the write side of a hold. Its key is the case.
var Decider = domain.Decider[State, Event]{Category: "vincolo", Evolve: evolve}

// Aggregate is every event that the stream of a hold may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: []domain.Entry{domain.Of[Posto](), domain.Of[Tolto]()}}

type (
	// Posto holds a case: nothing of it is erased.
	Posto struct {
		Caso        id.Caso      `json:"caso_id"`
		Ambito      string       `json:"ambito"`
		Da          id.Operatore `json:"posto_da"`
		Motivo      Motivo       `json:"motivo"`
		Riferimento string       `json:"riferimento"`
	}
	// Tolto lets a case go again.
	Tolto struct {
		Da          id.Operatore `json:"tolto_da"`
		Riferimento string       `json:"riferimento"`
	}
)

// Refusals of holds.
var (
	ErrRiferimento = domain.Refuse(domain.Invalid, "vincolo.riferimento", "name the act by its number, in letters, digits and . / - without spaces, with a digit in it: nobody's name")
	ErrMotivo      = domain.Refuse(domain.Invalid, "vincolo.motivo", "the reason is not one of the list")
	ErrGiaPosto    = domain.Refuse(domain.Refused, "vincolo.gia_posto", "the case is held already: lift that hold before another is placed")
	ErrAssente     = domain.Refuse(domain.Refused, "vincolo.assente", "the case is not held")
)

func evolve(v State, e Event) State {
	switch e := e.(type) {
	case Posto:
		v.Posto = e
	case Tolto:
		v = State{}
	}
	return v
}

// atto is the number of an act: not a sentence, nor a name.
var atto = regexp.MustCompile(`^[A-Za-z0-9./-]{1,40}$`)

var cifra = regexp.MustCompile(`[0-9]`)

func numeroDiAtto(s string) bool { return atto.MatchString(s) && cifra.MatchString(s) }

// Vale reports whether the case is held.
func (v State) Vale() bool { return v.Posto.Motivo != "" }

// Poni holds a case.
type Poni struct{ Posto }

// Decide implements domain.Command.
func (c Poni) Decide(v State) ([]Event, error) {
	switch {
	case !slices.Contains(Motivi, c.Motivo):
		return nil, ErrMotivo.At("motivo")
	case !numeroDiAtto(c.Riferimento):
		return nil, ErrRiferimento.At("riferimento")
	case v.Posto == c.Posto:
		return nil, nil // already so
	case v.Vale():
		return nil, ErrGiaPosto
	}
	return []Event{c.Posto}, nil
}

// Togli lets a case go.
type Togli struct{ Tolto }

// Decide implements domain.Command.
func (c Togli) Decide(v State) ([]Event, error) {
	switch {
	case !numeroDiAtto(c.Riferimento):
		return nil, ErrRiferimento.At("riferimento")
	case !v.Vale():
		return nil, ErrAssente
	}
	return []Event{c.Tolto}, nil
}

func (Posto) EventType() string { return "VincoloPosto" }
func (Tolto) EventType() string { return "VincoloTolto" }
func (Posto) isVincolo()        {}
func (Tolto) isVincolo()        {}
