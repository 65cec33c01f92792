package sigilli

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/note"

	"nucleo/domain"
	"nucleo/eventstore"
)

// Registro is a log that is held against its seals: an eventstore.Log, or the
// files of a bundle.
type Registro interface {
	// All yields the events after a position, or all when not resumed.
	All(ctx context.Context, after uint64, resumed bool) iter.Seq2[eventstore.Stored, error]
	// Stored yields the events of one stream.
	Stored(ctx context.Context, stream string) iter.Seq2[eventstore.Stored, error]
}

// catene follows the chains of all streams in one pass of the log.
type catene map[string]testa

// testa is the last event of a stream so far.
type testa struct {
	versione uint64
	self     domain.Digest
}

// segue takes in the next event of the log, and reports whether it is right: what
// eventstore.Next says, of an event whose link was computed before.
func (c catene) segue(e *impresso) bool {
	at := c[e.Stream]
	if !e.anello.Right || e.Version != at.versione+1 || e.anello.Prev != at.self {
		return false
	}
	c[e.Stream] = testa{e.Version, e.anello.Self}
	return true
}

// rotta says what was done to the stream of an event that does not follow.
func (c catene) rotta(ctx context.Context, r Registro, e eventstore.Stored) error {
	var visti []eventstore.Stored
	err := eventstore.VerifyChain(func(yield func(eventstore.Stored, error) bool) {
		for s, err := range r.Stored(ctx, e.Stream) {
			if visti = append(visti, s); !yield(s, err) {
				return
			}
		}
	})
	var rotta *eventstore.BrokenChain
	switch {
	case errors.As(err, &rotta):
		return alterata(rotta, visti, e)
	case err == nil:
		return Alterazione{Genere: Scambiato, Dettaglio: "it is right in its stream, and stands elsewhere in the log"}.in(e)
	}
	a := Alterazione{Genere: Modificato, Dettaglio: "it does not follow the event before it in its stream, and the stream cannot be read: " + err.Error()}.in(e)
	if want := c[e.Stream].versione + 1; e.Version > want {
		a.Genere, a.Numero = Tolto, want
	} else if e.Version < want {
		a.Genere = Inserito
	}
	return a
}

// alterata is a broken chain with the place and instant of what stands there.
func alterata(rotta *eventstore.BrokenChain, visti []eventstore.Stored, trovato eventstore.Stored) *Alterazione {
	a := Alterazione{Genere: generi[rotta.Damage], Dettaglio: string(rotta.Damage)}.in(trovato)
	a.Flusso, a.Numero = rotta.Stream, rotta.Version
	if rotta.Damage == eventstore.Missing {
		a.Dettaglio = "it is not there; what comes after it stands at this position"
		return a
	}
	for _, s := range visti {
		if s.Version == rotta.Version {
			a.Posizione, a.Istante = s.Position, istante(s)
			break
		}
	}
	return a
}

// EsitoFlusso is what was found of one stream.
type EsitoFlusso struct {
	Eventi   uint64
	Coperti  uint64     // by a seal: the first so many
	Ultimo   Checkpoint // the largest that covers some
	Scoperti uint64     // events that came after the last seal
}

// VerificaFlusso follows the chain of one stream, and holds each event against
// its proof, by the number of the event. Events without one are counted, and
// may only be the last: they came after the last seal.
func VerificaFlusso(eventi iter.Seq2[eventstore.Stored, error], prove map[uint64]Inclusione, chiavi note.Verifiers) (esito EsitoFlusso, err error) {
	var tutti []eventstore.Stored
	for e, err := range eventi {
		if err != nil {
			return esito, err
		}
		tutti = append(tutti, e)
	}
	var rotta *eventstore.BrokenChain
	if err := eventstore.VerifyChain(ripeti(tutti)); errors.As(err, &rotta) {
		at := min(rotta.Version, uint64(len(tutti))) - 1
		return esito, alterata(rotta, tutti, tutti[at])
	} else if err != nil {
		return esito, err
	}
	for _, e := range tutti {
		esito.Eventi++
		p, found := prove[e.Version]
		if !found {
			esito.Scoperti++
			continue
		}
		if esito.Scoperti > 0 {
			return esito, Alterazione{Genere: ProvaFalsa, Dettaglio: "an event before it has no proof"}.in(e)
		}
		c, err := p.Verifica(e, chiavi)
		if err != nil {
			return esito, Alterazione{Genere: ProvaFalsa, Dettaglio: err.Error()}.in(e)
		}
		if esito.Coperti++; c.Dimensione > esito.Ultimo.Dimensione {
			esito.Ultimo = c
		}
	}
	if avanza := len(prove) - int(esito.Coperti); avanza > 0 {
		return esito, &Alterazione{Genere: Troncato, Dettaglio: fmt.Sprintf("there are proofs of %d events that are not there", avanza)}
	}
	return esito, nil
}

func ripeti(tutti []eventstore.Stored) iter.Seq2[eventstore.Stored, error] {
	return func(yield func(eventstore.Stored, error) bool) {
		for _, e := range tutti {
			if !yield(e, nil) {
				return
			}
		}
	}
}
