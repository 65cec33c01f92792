// Package allarme says where the access log looks unusual, and what people made
// of it: an alert is raised by a rule (reliability D-4), explained by who knows
// the reason, or reported. It holds ids, codes and counts, and no words of
// people: what explains an alert is one of a list.
package allarme

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Event is a fact of one alert.
//
//sumtype:decl
type Event interface {
	domain.Event
	isAllarme()
}

// Stato is what became of an alert.
type Stato string

// The states of an alert.
const (
	Nuovo     Stato = "NUOVO"
	Spiegato  Stato = "SPIEGATO"
	Segnalato Stato = "SEGNALATO" // to AgID and the identity provider (DPCM 24 October 2014, art. 13 c. 3): it stays so
)

// State is how an alert stands.
type State struct {
	Stato  Stato // empty before it was raised
	Motivo Motivo
	Sollevato
}

// Decider is the write side of an alert.
var Decider = domain.Decider[State, Event]{Category: "allarme", Evolve: evolve}

// Aggregate is every event that the stream of an alert may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: []domain.Entry{
	domain.Of[Sollevato](),
	domain.Of[SpiegazioneData](),
	domain.Of[SegnalazioneFatta](),
}}

type (
	// Sollevato begins an alert: somebody did something more often, in a window
	// of time, than the rule lets pass.
	Sollevato struct {
		Regola    Regola       `json:"regola"`
		Ambito    string       `json:"ambito"` // of the streams of the access log
		Operatore id.Operatore `json:"operatore_id"`
		Dal       time.Time    `json:"dal"`
		Prima     time.Time    `json:"prima"` // the first instant after the window
		Misura    int          `json:"misura"`
		Soglia    int          `json:"soglia"`         // from which on the rule speaks
		Casi      []id.Caso    `json:"casi,omitempty"` // the first MaxCasi of them
	}
	// SpiegazioneData says why what looked unusual was in order.
	SpiegazioneData struct {
		Motivo Motivo `json:"motivo"`
	}
	// SegnalazioneFatta says that the alert was reported. What was told follows
	// from the alert.
	SegnalazioneFatta struct {
		Avviso Avviso `json:"avviso"`
	}
)

// MaxCasi bounds the cases that an alert names.
const MaxCasi = 50

// spazio is the namespace of the ids of alerts.
var spazio = uuid.MustParse("2f4c6f0e-7a1b-5d35-8f0e-6f7c0a1d9b42")

// Di names the alert of a rule on an operator in a window: found again, it is
// the same.
func Di(r Regola, ambito string, o id.Operatore, dal time.Time) id.Allarme {
	return id.Allarme{UUID: uuid.NewSHA1(spazio, []byte(strings.Join([]string{string(r), ambito, o.String(), dal.UTC().Format(time.RFC3339)}, "\x00")))}
}

// ID names the alert that an event begins.
func (e Sollevato) ID() id.Allarme { return Di(e.Regola, e.Ambito, e.Operatore, e.Dal) }

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case Sollevato:
		s.Stato, s.Sollevato = Nuovo, e
	case SpiegazioneData:
		s.Stato, s.Motivo = Spiegato, e.Motivo
	case SegnalazioneFatta:
		s.Stato = Segnalato
	}
	return s
}

func (Sollevato) EventType() string         { return "AllarmeSollevato" }
func (SpiegazioneData) EventType() string   { return "AllarmeSpiegato" }
func (SegnalazioneFatta) EventType() string { return "AllarmeSegnalato" }

func (Sollevato) isAllarme()         {}
func (SpiegazioneData) isAllarme()   {}
func (SegnalazioneFatta) isAllarme() {}
