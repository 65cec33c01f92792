package main

import (
	"context"
	"errors"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/flussoinps"
	"nucleo/domain/id"
	"nucleo/eventstore"
)

// scriventi is how many cases are written at once: the store gathers what
// waits into one write.
const scriventi = 32

// scriviAnno writes the lives of the cases into the log. Stopped at any moment
// and asked again, it goes on where it was: each step has its place in the
// stream and its name. When all is there, that is remembered.
func (d *demo) scriviAnno(ctx context.Context, s *servizio) error {
	if _, err := os.Stat(s.cartella.File("demo-anno")); err == nil {
		return nil
	}
	inizio, fatti, flussi := time.Now(), atomic.Int64{}, genera.Flussi{}
	g, gctx := errgroup.WithContext(ctx)
	storie := make(chan genera.Storia)
	g.Go(func() error {
		defer close(storie)
		for storia := range d.anno.Storie(d.casi) {
			d.barra.mostra(time.Now(), "a year of cases is written", int(fatti.Load()), d.casi)
			select {
			case storie <- storia:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // what is written is garbage at once: collected less often, a sixth of the time is saved
	for range scriventi {
		g.Go(func() error {
			for storia := range storie {
				passi := storia.Passi()
				flussi.Aggiungi(storia, passi)
				if err := scriviStoria(gctx, s, storia, passi); err != nil {
					return err
				}
				fatti.Add(1)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, f := range flussi.Tutti() {
		if err := scriviFlusso(ctx, s, f); err != nil {
			return err
		}
	}
	d.barra.fine("the year of " + strconv.Itoa(d.casi) + " cases was written in " + time.Since(inizio).Round(time.Millisecond).String())
	_, err := s.cartella.Ricorda("demo-anno", d.chiave())
	return err
}

// passo is one step of a stream: who asked what when, and what was decided.
type passo struct {
	istante time.Time
	attore  domain.Attore
	eventi  []domain.Event
}

// inPassi are steps, their events as any event.
func inPassi[P any, E domain.Event](di func(P) (time.Time, domain.Attore, []E), passi []P) (tutti []passo) {
	for _, p := range passi {
		istante, attore, eventi := di(p)
		q := passo{istante: istante, attore: attore}
		for _, e := range eventi {
			q.eventi = append(q.eventi, e)
		}
		tutti = append(tutti, q)
	}
	return tutti
}

// scriviStoria writes one life.
func scriviStoria(ctx context.Context, s *servizio, storia genera.Storia, passi []genera.Passo) error {
	c := id.CasoDi(storia.Domanda.IDDomanda)
	return scriviPassi(ctx, s, caso.Decider.Stream(c.String()), inPassi(func(p genera.Passo) (time.Time, domain.Attore, []caso.Event) {
		return p.Istante, p.Attore, p.Eventi
	}, passi))
}

// scriviFlusso writes what happened in one feed to INPS.
func scriviFlusso(ctx context.Context, s *servizio, f genera.Flusso) error {
	return scriviPassi(ctx, s, flussoinps.Decider.Stream(f.Chiave), inPassi(func(p genera.PassoFlusso) (time.Time, domain.Attore, []flussoinps.Event) {
		return p.Istante, p.Attore, p.Eventi
	}, f.Passi))
}

// insieme is how many steps of a stream are written at once: they are of one
// time, and what an append costs is not paid for each.
const insieme = 100

// scriviPassi writes the steps of a stream, one after the other. A stream that
// somebody worked on meanwhile is left to them.
func scriviPassi(ctx context.Context, s *servizio, stream string, passi []passo) error {
	head := domain.Head{}
	var attesi []eventstore.Step
	for n, p := range passi {
		comando := uuid.NewSHA1(uuid.NameSpaceOID, []byte("demo/"+stream+"/"+strconv.Itoa(n)))
		attesi = append(attesi, eventstore.Step{Meta: domain.Meta{
			Comando: comando, Impronta: "demo", Correlazione: comando, Causa: comando,
			Attore: p.attore.ID, Ruolo: p.attore.Ruolo, Territorio: p.attore.Territorio, Canale: canaleDi(p.attore), Istante: p.istante,
		}, Events: p.eventi})
		if len(attesi) < insieme && n < len(passi)-1 {
			continue
		}
		dove, err := s.archivio.AppendSteps(ctx, stream, head, attesi...)
		if errors.Is(err, domain.ErrStale) {
			return nil
		}
		if err != nil {
			return err
		}
		head, attesi = dove.Head, attesi[:0]
	}
	return nil
}

// canaleDi is the way by which somebody's requests come in.
func canaleDi(a domain.Attore) domain.Canale {
	switch {
	case a.Ruolo == domain.SistemaINPS:
		return domain.Batch
	case slices.Contains(domain.Ruoli, a.Ruolo):
		return domain.HTTP
	}
	return domain.Sistema
}

// daImportare are the domande that come in through the API: those of the day,
// or all of them.
func (d *demo) daImportare() []tracciato.Domanda {
	if d.soloDomande {
		return slices.Collect(genera.Domande(d.casi, d.seme, d.giorno, genera.Palermo()))
	}
	var nuove []tracciato.Domanda
	for storia := range d.anno.Storie(d.casi) {
		if storia.Nuova() {
			nuove = append(nuove, storia.Domanda)
		}
	}
	return nuove
}
