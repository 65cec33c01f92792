// Package oblio is the ledger of erasures: which keys are gone for good, entered
// before they are destroyed, each entry chained to the one before.
package oblio

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Flusso is the stream of the ledger: what is destroyed stands in it
// before it is, and in the file of the second place too. Whatever is restored
// loses the keys that the two name.
const Flusso = "oblio-registro"

// Event is a fact of the ledger.
//
//sumtype:decl
type Event interface {
	domain.Event
	isOblio()
}

// State is the ledger as far as its rules need it: its last entry, and the
// entries of each request.
type State struct{ Voci []Voce }

// Decider is the write side of the ledger.
var Decider = domain.Decider[State, Event]{Category: "oblio", Evolve: evolve}

// Aggregate is every event that the ledger may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: []domain.Entry{domain.Of[Voce]()}}

type (
	// Voce is an entry of the ledger: keys that are gone from now on.
	Voce struct {
		Numero        int              `json:"numero"` // from 1
		Cancellazione id.Cancellazione `json:"cancellazione_id"`
		Chiavi        []uuid.UUID      `json:"chiavi"`
		Prima         domain.Digest    `json:"prima"` // of the entry before; zero for the first
	}
)

// EventType implements domain.Event.
func (Voce) EventType() string { return "CancellazioneIscritta" }
func (Voce) isOblio()          {}

func evolve(r State, e Event) State {
	switch e := e.(type) {
	case Voce:
		r.Voci = append(slices.Clip(r.Voci), e)
	}
	return r
}

// Digest is that of an entry, which the next one names.
func (v Voce) Digest() domain.Digest {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "nucleo/oblio/v1\n%d\n%s\n%x\n", v.Numero, v.Cancellazione, v.Prima)
	for _, k := range v.Chiavi {
		_, _ = fmt.Fprintln(h, k)
	}
	return domain.Digest(h.Sum(nil))
}

// Segue reports whether an entry goes on from the ledger as it stands.
func (r State) Segue(v Voce) bool {
	n := len(r.Voci)
	return v.Numero == n+1 && (n == 0 && v.Prima == domain.Digest{} || n > 0 && v.Prima == r.Voci[n-1].Digest())
}

// Di are the keys that the ledger names for a request.
func (r State) Di(c id.Cancellazione) (chiavi []uuid.UUID) {
	for _, v := range r.Voci {
		if v.Cancellazione == c {
			chiavi = append(chiavi, v.Chiavi...)
		}
	}
	return chiavi
}

// ErrRegistro says that the ledger and the one of the second place are not one.
var ErrRegistro = domain.Refuse(domain.Refused, "oblio.registro", "the ledger of erasures in the log and that of the second place do not go on from one another: one of them was changed; see docs/operations.md")

// Iscrivi enters keys for a request, but those that were.
type Iscrivi struct {
	Cancellazione id.Cancellazione
	Chiavi        []uuid.UUID
}

// Decide implements domain.Command.
func (c Iscrivi) Decide(r State) ([]Event, error) {
	gia := r.Di(c.Cancellazione)
	voce := Voce{Numero: len(r.Voci) + 1, Cancellazione: c.Cancellazione}
	for _, k := range c.Chiavi {
		if !slices.Contains(gia, k) {
			voce.Chiavi = append(voce.Chiavi, k)
		}
	}
	if len(voce.Chiavi) == 0 {
		return nil, nil // already so, or there are none
	}
	if n := len(r.Voci); n > 0 {
		voce.Prima = r.Voci[n-1].Digest()
	}
	return []Event{voce}, nil
}

// Riporta enters again what an older log that was put back had lost, from the
// second place.
type Riporta struct{ Voci []Voce }

// Decide implements domain.Command.
func (c Riporta) Decide(r State) (nuove []Event, err error) {
	for i, v := range c.Voci {
		if i < len(r.Voci) {
			if v.Digest() != r.Voci[i].Digest() {
				return nil, ErrRegistro
			}
			continue
		}
		if !r.Segue(v) {
			return nil, ErrRegistro
		}
		r.Voci = append(slices.Clip(r.Voci), v)
		nuove = append(nuove, v)
	}
	return nuove, nil
}

// Impronta is the digest of the ids of keys, in whatever order they come.
func Impronta(chiavi []uuid.UUID) domain.Digest {
	ordinate := slices.Clone(chiavi)
	slices.SortFunc(ordinate, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	h := sha256.New()
	for _, k := range slices.Compact(ordinate) {
		_, _ = h.Write(k[:])
	}
	return domain.Digest(h.Sum(nil))
}
