// Package domain holds the few ideas that every aggregate shares: events, who
// caused them, commands, deciders, the catalogue of stored events, refusals.
package domain

import (
	"time"

	"github.com/google/uuid"
)

// Event is a fact. It is stored for ever under the name EventType returns, so
// that name never changes and is never used again for another shape.
type Event interface {
	EventType() string
}

// Canale says by which way a request came in.
type Canale string

// The ways in.
const (
	HTTP    Canale = "HTTP"
	Batch   Canale = "BATCH"
	Sistema Canale = "SISTEMA"
)

// Meta says who caused an event, when, and by which request. Its keys are
// stored with every event and never change (ADR 0006).
type Meta struct {
	Comando      uuid.UUID  `json:"comando"`        // the command whose answer the event is
	Impronta     string     `json:"impronta"`       // HMAC of the canonical request
	Correlazione uuid.UUID  `json:"$correlationId"` // the whole business action
	Causa        uuid.UUID  `json:"$causationId"`   // the command or event that led to this command
	Attore       uuid.UUID  `json:"attore"`         // the operator or program that asked
	Ruolo        Ruolo      `json:"ruolo"`          // as it was then
	Territorio   Territorio `json:"territorio"`     // as it was then
	Canale       Canale     `json:"canale"`
	Istante      time.Time  `json:"istante"` // when it happened, UTC, never earlier than the stream's previous one
	Prev         Digest     `json:"prev"`    // Self of the stream's previous event; zero for the first
	Self         Digest     `json:"self"`    // what this event is, chained to all before it (D-3)
}

// Recorded is an event as the store holds it.
type Recorded struct {
	ID       uuid.UUID
	Type     string // stored name
	Stream   string
	Subject  uuid.UUID // the aggregate whose stream it is; zero when its key is not a UUID
	Version  uint64    // how many events the stream holds up to this one
	Position uint64    // place in the whole log: it grows, with gaps
	Meta     Meta
	Event    Event
}

// Head is where a stream stood when it was read. The zero Head is a stream
// that holds nothing.
type Head struct {
	Version uint64
	Self    Digest
	Istante time.Time
}

// Head is where the stream stands after the event.
func (r Recorded) Head() Head { return Head{r.Version, r.Meta.Self, r.Meta.Istante} }

// Appended says where events went.
type Appended struct {
	Head     Head
	Position uint64 // of the last one in the whole log
}

// Unreadable stands for a stored event that this program cannot read: of an
// unknown type, of an unknown shape, or damaged.
type Unreadable struct {
	Type string
	Err  error
}

// EventType implements Event.
func (u Unreadable) EventType() string { return u.Type }
