package main

import (
	"context"
	"errors"
	"os"
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
	"nucleo/domain/id"
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
	inizio, fatti := time.Now(), atomic.Int64{}
	g, ctx := errgroup.WithContext(ctx)
	storie := make(chan genera.Storia)
	g.Go(func() error {
		defer close(storie)
		for storia := range d.anno.Storie(d.casi) {
			d.barra.mostra(time.Now(), "a year of cases is written", int(fatti.Load()), d.casi)
			select {
			case storie <- storia:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range scriventi {
		g.Go(func() error {
			for storia := range storie {
				if err := scriviStoria(ctx, s, storia); err != nil {
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
	d.barra.fine("the year of " + strconv.Itoa(d.casi) + " cases was written in " + time.Since(inizio).Round(time.Millisecond).String())
	_, err := s.cartella.Ricorda("demo-anno", d.chiave())
	return err
}

// scriviStoria writes one life, step by step. A case that somebody worked on
// meanwhile is left to them.
func scriviStoria(ctx context.Context, s *servizio, storia genera.Storia) error {
	c := id.CasoDi(storia.Domanda.IDDomanda)
	stream, head := caso.Decider.Stream(c.String()), domain.Head{}
	for n, p := range storia.Passi() {
		comando := uuid.NewSHA1(c.UUID, []byte("demo/passo/"+strconv.Itoa(n)))
		eventi := make([]domain.Event, len(p.Eventi))
		for i, e := range p.Eventi {
			eventi[i] = e
		}
		dove, err := s.archivio.Append(ctx, stream, head, domain.Meta{
			Comando: comando, Impronta: "demo", Correlazione: comando, Causa: comando,
			Attore: p.Attore.ID, Ruolo: p.Attore.Ruolo, Territorio: p.Attore.Territorio, Canale: canaleDi(p.Attore), Istante: p.Istante,
		}, eventi...)
		if errors.Is(err, domain.ErrStale) {
			return nil
		}
		if err != nil {
			return err
		}
		head = dove.Head
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
