package commands

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/accesso"
)

// Registro writes the access log of one process (ADR 0015). What is asked at
// one time for one ambito goes into one append. No other process writes to its
// streams, so it reads none: of each it remembers the head.
type Registro struct {
	Store  Store
	Adesso func() time.Time
	Zona   *time.Location
	// Replica names a writer, another each time it is asked. A stream whose
	// head is not known for sure is left, and another one begun.
	Replica func() string
	Entro   time.Duration // an append may take; 5 s when zero

	mu    sync.Mutex
	penne map[string]*penna
	al    sync.WaitGroup
}

// penna writes the records of one ambito, one append after another.
type penna struct {
	ambito, mese, replica string
	head                  domain.Head
	coda                  []*foglio
	scrive                bool
}

// foglio is the records of one append.
type foglio struct {
	accessi []domain.Event
	attesi  int // by how many
	fatto   chan struct{}
	err     error
}

const (
	massimoFoglio = 200 // records of one append
	massimaCoda   = 50  // of them that wait; who comes then is refused
)

// spazioRegistro is the namespace of the ids of its appends.
var spazioRegistro = uuid.MustParse("b7c1b0a5-7d0c-5d6b-a1ce-5a0f3b0a9c11")

var errCoda = errors.New("too many records wait for the event store")

// Annota has a look recorded. What it returns waits until the record is
// durable, or fails with accesso.ErrRegistro: then nothing may be shown. A
// record that nobody waits for any more need not be written.
func (r *Registro) Annota(ambito string, a accesso.Registrato) func(context.Context) error {
	if ambito == "" {
		ambito = accesso.Nazionale
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.penne[ambito]
	if p == nil {
		if r.penne == nil {
			r.penne = map[string]*penna{}
		}
		p = &penna{ambito: ambito}
		r.penne[ambito] = p
	}
	g := p.foglio()
	if g == nil {
		return func(context.Context) error { return errors.Join(accesso.ErrRegistro, errCoda) }
	}
	g.accessi, g.attesi = append(g.accessi, a), g.attesi+1
	if !p.scrive {
		p.scrive = true
		r.al.Go(func() { r.scrivi(p) })
	}
	return func(ctx context.Context) error { return r.attendi(ctx, g) }
}

// foglio is the one that fills up, nil when too many wait.
func (p *penna) foglio() *foglio {
	if n := len(p.coda); n > 0 && len(p.coda[n-1].accessi) < massimoFoglio {
		return p.coda[n-1]
	}
	if len(p.coda) == massimaCoda {
		return nil
	}
	g := &foglio{fatto: make(chan struct{})}
	p.coda = append(p.coda, g)
	return g
}

func (r *Registro) attendi(ctx context.Context, g *foglio) error {
	select {
	case <-g.fatto:
	case <-ctx.Done():
		r.mu.Lock()
		g.attesi--
		r.mu.Unlock()
		return errors.Join(accesso.ErrRegistro, ctx.Err())
	}
	if g.err != nil {
		return errors.Join(accesso.ErrRegistro, g.err)
	}
	return nil
}

// scrivi appends one after another, until none waits.
func (r *Registro) scrivi(p *penna) {
	for {
		r.mu.Lock()
		p.coda = slices.DeleteFunc(p.coda, func(g *foglio) bool { return g.attesi == 0 })
		if len(p.coda) == 0 {
			p.scrive = false
			r.mu.Unlock()
			return
		}
		g := p.coda[0]
		p.coda = p.coda[1:]
		r.mu.Unlock()
		g.err = r.appendi(p, g.accessi)
		close(g.fatto)
	}
}

// appendi writes one foglio. It has its own time: whoever began it may be gone,
// and others wait.
func (r *Registro) appendi(p *penna, accessi []domain.Event) error {
	ctx, cancel := context.WithTimeout(context.Background(), cmp.Or(r.Entro, 5*time.Second))
	defer cancel()
	adesso := r.Adesso()
	if mese := accesso.Mese(adesso.In(r.Zona)); p.replica == "" || p.mese != mese {
		p.mese, p.replica, p.head = mese, r.Replica(), domain.Head{}
	}
	flusso := accesso.Flusso(p.ambito, p.mese, p.replica)
	req := Request{
		Comando:  uuid.NewSHA1(spazioRegistro, []byte(flusso+"#"+strconv.FormatUint(p.head.Version, 10))),
		Impronta: "registro", Attore: domain.Registro, Canale: domain.Sistema, Adesso: adesso,
	}
	dove, err := r.Store.Append(ctx, flusso, p.head, req.meta(), accessi...)
	if err != nil {
		if !errors.Is(err, domain.ErrNonDisponibile) {
			p.replica = "" // it may have been written
		}
		return err
	}
	p.head = dove.Head
	return nil
}

// Chiudi waits until what was asked is written, or was given up.
func (r *Registro) Chiudi() { r.al.Wait() }
