package commands

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/domain/importazione"
)

const (
	gruppoRighe = 500 // records taken in between two notes of the progress
	lavoratori  = 32  // appends under way at a time
)

// prendiTutte takes in the records after those that were, by groups.
func prendiTutte[T any](ctx context.Context, c *corsa, l lavoro[T]) error {
	return c.conFile(func(f io.Reader) error {
		g := gruppo[T]{corsa: c, lavoro: l}
		for riga, err := range l.esaminate(ctx, c, f) {
			if err != nil {
				return err
			}
			if riga.Ultima <= c.stato.Fino {
				continue
			}
			if g.aggiungi(riga); g.letti == gruppoRighe {
				if err := g.prendi(ctx); err != nil {
					return err
				}
			}
		}
		return g.prendi(ctx)
	})
}

// gruppo is the records between two notes of the progress.
type gruppo[T any] struct {
	*corsa
	lavoro[T]
	letti int
	righe []tracciato.Riga[T] // the good ones
	passo importazione.Avanzata
}

func (g *gruppo[T]) aggiungi(riga tracciato.Riga[T]) {
	g.letti, g.passo.Fino = g.letti+1, riga.Ultima
	switch {
	case len(riga.Errori) == 0:
		g.righe = append(g.righe, riga)
	case g.stato.Errate == 0: // good when the file was checked: an ambito changed since
		g.passo.Conteggi.Rifiutate++
		g.passo.Errori = append(g.passo.Errori, riga.Errori...)
	}
}

// prendi takes the group in and notes how it went.
func (g *gruppo[T]) prendi(ctx context.Context) error {
	if g.letti == 0 {
		return nil
	}
	esiti := make([]esitoRiga, len(g.righe))
	var lavori errgroup.Group
	lavori.SetLimit(lavoratori)
	for _, file := range g.perChiave() {
		lavori.Go(func() error {
			return g.prendiFila(ctx, file, esiti)
		})
	}
	if err := lavori.Wait(); err != nil {
		return err
	}
	for _, e := range esiti {
		g.passo.Conteggi = g.passo.Conteggi.Piu(e.conteggi)
		g.passo.Errori = append(g.passo.Errori, e.errori...)
	}
	if err := g.registra(ctx, fmt.Sprintf("avanza/%d", g.passo.Fino), importazione.Avanza{Passo: g.passo}); err != nil {
		return err
	}
	g.letti, g.righe, g.passo, g.ripresa = 0, g.righe[:0], importazione.Avanzata{}, false
	return nil
}

// perChiave lists the records that must keep their order together.
func (g *gruppo[T]) perChiave() (file [][]int) {
	dove := map[string]int{}
	for k, riga := range g.righe {
		chiave := g.chiave(riga.Dati)
		f, nota := dove[chiave]
		if !nota {
			f = len(file)
			dove[chiave], file = f, append(file, nil)
		}
		file[f] = append(file[f], k)
	}
	return file
}

// prendiFila takes in records that must keep their order. In the group where
// an earlier run was stopped, those that it refused are not tried again after
// later ones that it took in.
func (g *gruppo[T]) prendiFila(ctx context.Context, fila []int, esiti []esitoRiga) error {
	var gia map[uuid.UUID]uint64
	if g.ripresa && g.lavoro.rivedi != nil && len(fila) > 1 {
		var err error
		if gia, err = g.registrati(ctx, g.chiave(g.righe[fila[0]].Dati)); err != nil {
			return err
		}
	}
	for n, k := range fila {
		riga := g.righe[k]
		prendi := func(ctx context.Context) (Caso, error) {
			return g.lavoro.prendi(ctx, g.richiesta(passoRiga(riga.Numero)), riga.Dati)
		}
		if versione, dopo := g.prima(gia, fila[n:]); dopo {
			prendi = func(ctx context.Context) (Caso, error) { return Caso{}, g.lavoro.rivedi(ctx, riga.Dati, versione) }
		}
		var err error
		if esiti[k], err = g.prendiRiga(ctx, riga.Numero, prendi); err != nil {
			return err
		}
	}
	return nil
}

// registrati are the commands that a case already holds, with how many events
// it had before each.
func (g *gruppo[T]) registrati(ctx context.Context, domanda string) (gia map[uuid.UUID]uint64, err error) {
	err = g.insisti(ctx, func() error {
		gia = map[uuid.UUID]uint64{}
		for r, err := range g.Store.Read(ctx, caso.Decider.Stream(id.CasoDi(domanda).String())) {
			if err != nil {
				return err
			}
			if _, visto := gia[r.Meta.Comando]; !visto {
				gia[r.Meta.Comando] = r.Version - 1
			}
		}
		return nil
	})
	return gia, err
}

// prima reports whether the first of some records was passed over before a
// later one was recorded, and how many events the case had then.
func (g *gruppo[T]) prima(gia map[uuid.UUID]uint64, fila []int) (versione uint64, si bool) {
	for n, k := range fila {
		if v, c := gia[g.comando(passoRiga(g.righe[k].Numero))]; c {
			return v, n > 0
		}
	}
	return 0, false
}

// esitoRiga is what became of one record.
type esitoRiga struct {
	conteggi importazione.Conteggi
	errori   []importazione.Errore
}

func (g *gruppo[T]) prendiRiga(ctx context.Context, riga int, prendi func(context.Context) (Caso, error)) (e esitoRiga, err error) {
	var esito Caso
	err = g.insisti(ctx, func() (err error) {
		esito, err = prendi(ctx)
		return err
	})
	var rifiuto *domain.Error
	switch {
	case err == nil && esito.Posizione > 0:
		e.conteggi.Nuove = 1
	case err == nil:
		e.conteggi.Invariate = 1
	case ctx.Err() != nil:
		return e, ctx.Err()
	case errors.Is(err, caso.ErrDomandaDifforme):
		e.conteggi.Difformi = 1
		e.errori = []importazione.Errore{{Riga: riga, Codice: "domanda_difforme", Suggerimento: caso.ErrDomandaDifforme.Message}}
	case errors.As(err, &rifiuto):
		e.conteggi.Rifiutate = 1
		e.errori = []importazione.Errore{diRifiuto(riga, rifiuto)}
	default:
		motivo := fmt.Sprintf("row %d could not be taken in because of a fault of the system; those before it were: send the file again when it is mended", riga)
		return e, &fallita{importazione.Fallita, motivo, fmt.Errorf("row %d: %w", riga, err)}
	}
	return e, nil
}

func diRifiuto(riga int, r *domain.Error) importazione.Errore {
	return importazione.Errore{Riga: riga, Campo: r.Field, Codice: r.Code, Suggerimento: r.Message}
}
