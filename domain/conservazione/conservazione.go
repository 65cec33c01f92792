// Package conservazione says how long each kind of data is kept (Classi), and ends
// the access log where it is old enough. A month of an
// ambito is kept for 24 months (DPCM 24 October 2014, art. 13), then each of its
// streams expires: an event says so, and how many records there were and with
// which digest they ended, and the records go away.
package conservazione

import (
	"time"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

// Event is a fact of one stream of the access log.
//
//sumtype:decl
type Event interface {
	domain.Event
	isConservazione()
}

// State is whether a stream has expired.
type State struct{ Scaduto Scaduto }

// Decider is the write side of the end of a stream. Its key is the name of that
// stream.
var Decider = domain.Decider[State, Event]{Category: "conservazione", Evolve: evolve}

// Aggregate is every event that the end of a stream may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: []domain.Entry{domain.Of[Scaduto]()}}

type (
	// Scaduto ends a stream of the access log. Whatever is left of it follows
	// from this event no more than that it was there.
	Scaduto struct {
		Flusso string        `json:"flusso"`
		Ambito string        `json:"ambito"`
		Mese   string        `json:"mese"` // 202605
		Eventi int           `json:"eventi"`
		Testa  domain.Digest `json:"testa"` // of the last record: Self of its metadata
	}
)

// Mesi are how many months of the access log are kept beside the present one.
const Mesi = 24

// Ultimo is the last month that has expired on a day, 202403.
func Ultimo(oggi giorno.Giorno) string {
	anno, mese, _ := oggi.Time().Date()
	return time.Date(anno, mese-Mesi-1, 1, 0, 0, 0, 0, time.UTC).Format("200601")
}

// ErrAncora says that a month is kept.
var ErrAncora = domain.Refuse(domain.Refused, "registro.non_scaduto", "the month of the access log is kept for 24 months: wait for their end")

// Scade ends a stream.
type Scade struct {
	Scaduto
	Oggi giorno.Giorno
}

// Decide answers Scade.
func (c Scade) Decide(s State) ([]Event, error) {
	switch {
	case s.Scaduto.Flusso != "":
		return nil, nil
	case c.Mese > Ultimo(c.Oggi):
		return nil, ErrAncora
	}
	return []Event{c.Scaduto}, nil
}

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case Scaduto:
		s.Scaduto = e
	}
	return s
}

func (Scaduto) EventType() string { return "RegistroScaduto" }
func (Scaduto) isConservazione()  {}
