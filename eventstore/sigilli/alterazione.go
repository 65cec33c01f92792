package sigilli

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"nucleo/eventstore"
)

// Genere is what kind of change was made to a history.
type Genere string

// The kinds of change.
const (
	Modificato   Genere = "edited"
	Tolto        Genere = "deleted"
	Inserito     Genere = "inserted"
	Scambiato    Genere = "swapped"
	Arretrato    Genere = "rolled back"      // the log ends before what was sealed, or goes on otherwise
	Troncato     Genere = "truncated"        // it ends before what it says of itself
	Riscritto    Genere = "rewritten"        // changed, and the chain computed anew: where exactly, the seals alone do not tell
	SigilloFalso Genere = "seal forged"      // a seal that no known key signed, or that says other than its note
	Altrove      Genere = "other place"      // the second place differs from the log
	Danneggiato  Genere = "damaged"          // what is stored cannot be read
	ProvaFalsa   Genere = "proof not proven" // a proof does not hold
)

// Alterazione is the first place where a history is not as it was written, and
// what was done there.
type Alterazione struct {
	Genere    Genere
	Flusso    string    // "" when it cannot be told, or is about none
	Numero    uint64    // of the event in its stream, from 1; 0 with no stream
	Posizione uint64    // in the log; 0 when it cannot be told
	Istante   time.Time // of the event that stands there; zero when none does
	Dettaglio string
}

// Error says all that is known.
func (a *Alterazione) Error() string {
	var dove []string
	if a.Flusso != "" {
		dove = append(dove, fmt.Sprintf("event %d of %s", a.Numero, a.Flusso))
	}
	if a.Posizione > 0 {
		dove = append(dove, fmt.Sprintf("position %d", a.Posizione))
	}
	if !a.Istante.IsZero() {
		dove = append(dove, a.Istante.UTC().Format(time.RFC3339Nano))
	}
	dove = append(dove, string(a.Genere)+": "+a.Dettaglio)
	return "history was changed: " + strings.Join(dove, ", ")
}

// in says that the change is at a stored event.
func (a Alterazione) in(e eventstore.Stored) *Alterazione {
	a.Flusso, a.Numero, a.Posizione, a.Istante = e.Stream, e.Version, e.Position, istante(e)
	return &a
}

// istante is when an event says that it happened; zero when it says nothing.
func istante(e eventstore.Stored) time.Time {
	var meta struct {
		Istante time.Time `json:"istante"`
	}
	if json.Unmarshal(e.Meta, &meta) != nil {
		return time.Time{}
	}
	return meta.Istante
}

// generi is how the damages of a chain are called here.
var generi = map[eventstore.Damage]Genere{
	eventstore.EditedData: Modificato, eventstore.EditedMetadata: Modificato, eventstore.Replaced: Modificato,
	eventstore.Missing: Tolto, eventstore.Inserted: Inserito, eventstore.Swapped: Scambiato,
}
