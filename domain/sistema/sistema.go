// Package sistema is what the system notes of its own work: the seals, each of
// which says how many events the log held, and the root of the Merkle tree over
// them, signed (D-3). What a seal covers, and how it is checked, is in
// eventstore/sigilli.
package sistema

import "nucleo/domain"

// Event is a fact of the system itself.
//
//sumtype:decl
type Event interface {
	domain.Event
	isSistema()
}

const categoria = "sistema"

// FlussoSigilli is the one stream of seals.
const FlussoSigilli = categoria + "-sigilli"

// TipoSigillo is the stored name of a seal.
const TipoSigillo = "SigilloApposto"

// Aggregate is every event that a stream of the system may hold.
var Aggregate = domain.Aggregate{Category: categoria, Entries: []domain.Entry{domain.Of[SigilloApposto]()}}

type (
	// SigilloApposto seals the first events of the log. The seals are events of
	// the log as well: each is covered by those that come later.
	SigilloApposto struct {
		Dimensione uint64        `json:"dimensione"` // how many events, from the first
		Radice     domain.Digest `json:"radice"`     // of the tree over them
		Posizione  uint64        `json:"posizione"`  // of the last of them in the log
		Nota       string        `json:"nota"`       // the checkpoint that says so, signed
	}
)

func (SigilloApposto) EventType() string { return TipoSigillo }
func (SigilloApposto) isSistema()        {}
