package sigilli

import (
	"bytes"
	"context"
	"iter"
	"runtime"
	"sync"

	"nucleo/domain/sistema"
	"nucleo/eventstore"
)

// Ampio is a Registro that can be read in parts side by side.
type Ampio interface {
	Registro
	// Parts are the parts of the log, in order, as functions that read them. What
	// they yield holds until yield returns.
	Parts(ctx context.Context) iter.Seq[func(yield func(eventstore.Stored) bool) error]
}

// impresso is an event with what its bytes make: its link of the chain, and its
// leaf of the tree. The bytes themselves are kept of seals only.
type impresso struct {
	eventstore.Stored
	anello eventstore.Link
	foglia Hash
}

func imprimi(e eventstore.Stored) impresso {
	i := impresso{Stored: e, anello: eventstore.LinkOf(e)}
	i.foglia = foglia(e.Stream, e.Version, i.anello.Self)
	i.Data, i.Meta = nil, nil
	if e.Stream == sistema.FlussoSigilli {
		i.Data, i.Meta = bytes.Clone(e.Data), bytes.Clone(e.Meta)
	}
	return i
}

// lotto is some events of the log, one after the other.
type lotto struct {
	leggi  func(yield func(eventstore.Stored) bool) error
	eventi []impresso
	err    error         // why no more come after them
	pronto chan struct{} // closed when they are there
}

func (l *lotto) calcola() {
	defer close(l.pronto)
	l.eventi = make([]impresso, 0, perLotto)
	l.err = l.leggi(func(e eventstore.Stored) bool {
		l.eventi = append(l.eventi, imprimi(e))
		return true
	})
}

const (
	perLotto = 256 // events, about
	inVolo   = 8   // lots that are read ahead
)

// impressi reads a whole log, in its order. What an event is by itself needs none of
// the events before it, so that all processors compute it.
func impressi(ctx context.Context, r Registro) iter.Seq2[*impresso, error] {
	return func(yield func(*impresso, error) bool) {
		ctx, basta := context.WithCancel(ctx)
		var tutti sync.WaitGroup
		defer tutti.Wait()
		defer basta()
		ordine, lavoro := make(chan *lotto, inVolo), make(chan *lotto, inVolo)
		parti := parti(ctx, r)
		tutti.Go(func() {
			defer close(ordine)
			defer close(lavoro)
			for leggi := range parti {
				l := &lotto{leggi: leggi, pronto: make(chan struct{})}
				if !manda(ctx, lavoro, l) || !manda(ctx, ordine, l) {
					return
				}
			}
		})
		for range runtime.GOMAXPROCS(0) {
			tutti.Go(func() {
				for l := range lavoro {
					l.calcola()
				}
			})
		}
		for l := range ordine {
			<-l.pronto
			for i := range l.eventi {
				if !yield(&l.eventi[i], nil) {
					return
				}
			}
			if l.err != nil {
				yield(nil, l.err)
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// manda hands a lot on; false when nobody wants it any more.
func manda(ctx context.Context, a chan<- *lotto, l *lotto) bool {
	select {
	case a <- l:
		return true
	case <-ctx.Done():
		return false
	}
}

// parti are the parts of a log: where it is read in one row, what has been read so far.
func parti(ctx context.Context, r Registro) iter.Seq[func(yield func(eventstore.Stored) bool) error] {
	if ampio, ok := r.(Ampio); ok {
		return ampio.Parts(ctx)
	}
	eventi := r.All(ctx, 0, false)
	return func(yield func(func(func(eventstore.Stored) bool) error) bool) {
		letti := make([]eventstore.Stored, 0, perLotto)
		for e, err := range eventi {
			if err != nil {
				yield(gia(letti, err))
				return
			}
			if letti = append(letti, e); len(letti) == perLotto {
				if !yield(gia(letti, nil)) {
					return
				}
				letti = make([]eventstore.Stored, 0, perLotto)
			}
		}
		yield(gia(letti, nil))
	}
}

// gia is a part that was read already, up to an error.
func gia(letti []eventstore.Stored, err error) func(func(eventstore.Stored) bool) error {
	return func(yield func(eventstore.Stored) bool) error {
		for _, e := range letti {
			if !yield(e) {
				return nil
			}
		}
		return err
	}
}
