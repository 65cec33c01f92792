package commands

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"

	"golang.org/x/sync/errgroup"

	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/importazione"
)

const (
	gruppoRighe = 500 // records taken in between two notes of the progress
	lavoratori  = 32  // appends under way at a time
)

// lavoro is what differs between the kinds of file.
type lavoro[T any] struct {
	leggi func(io.Reader) iter.Seq2[tracciato.Riga[T], error]
	// esamina completes a record, and says which rules it breaks. It sees the
	// records in order, from the first, in every run.
	esamina func(context.Context, *tracciato.Riga[T]) ([]importazione.Errore, error)
	// chiave is equal for records that must keep their order.
	chiave func(T) string
	prendi func(context.Context, Request, T) (Caso, error)
}

// svolgi checks the file, then takes it in.
func svolgi[T any](ctx context.Context, c *corsa, l lavoro[T]) error {
	err := verifica(ctx, c, l)
	if err == nil && c.stato.Aperta() {
		err = prendiTutte(ctx, c, l)
	}
	var fallita *fallita
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &fallita):
		if altro := c.registra(ctx, "concludi", importazione.Concludi{Esito: fallita.esito, Motivo: fallita.motivo}); altro != nil {
			return errors.Join(err, altro)
		}
		return fallita.causa
	case err != nil || !c.stato.Aperta():
		return err
	}
	return c.registra(ctx, "concludi", importazione.Concludi{Esito: importazione.Completata})
}

// fallita ends an import before its end.
type fallita struct {
	esito  importazione.Stato
	motivo string // for whoever sent the file
	causa  error  // for the log; nil when the file is to blame
}

func (f *fallita) Error() string { return f.motivo }
func (f *fallita) Unwrap() error { return f.causa }

var errAlterato = errors.New("the file kept is not the one that was received")

func illeggibile(err error) error {
	return &fallita{importazione.Fallita, "the file kept on the server can no longer be read: send it again", err}
}

// verifica checks the whole file, unless an earlier run did.
func verifica[T any](ctx context.Context, c *corsa, l lavoro[T]) error {
	if c.stato.Stato != importazione.InVerifica {
		return c.intatto(ctx)
	}
	var v importazione.Verificata
	record, illegibile := 0, false
	err := c.conFile(func(f io.Reader) error {
		h := sha256.New()
		for riga, err := range l.esaminate(ctx, c, io.TeeReader(f, h)) {
			if illegibile = errors.Is(err, tracciato.ErrIntestazione); illegibile {
				return nil
			}
			if err != nil {
				return err
			}
			record, v.Righe = record+1, riga.Ultima
			if v.Avvisi += riga.Avvisi; len(riga.Errori) > 0 {
				v.Errate++
				v.Errori = append(v.Errori, riga.Errori[:min(len(riga.Errori), importazione.MaxErrori-len(v.Errori))]...)
			}
		}
		if domain.Digest(h.Sum(nil)) != c.stato.Impronta {
			return illeggibile(errAlterato)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if record == 0 {
		v.Errate, v.Errori = 1, []importazione.Errore{{Riga: 1, Codice: "file_vuoto", Suggerimento: "the file holds no record: send one that does"}}
		illegibile = true
	}
	if err := c.registra(ctx, "verifica", importazione.Verifica{Esito: v}); err != nil {
		return err
	}
	if illegibile && c.stato.Aperta() {
		return &fallita{importazione.Rifiutata, "nothing of the file can be read", nil}
	}
	return nil
}

// intatto makes sure that the file is still the one that was checked.
func (c *corsa) intatto(ctx context.Context) error {
	return c.conFile(func(f io.Reader) error {
		h := sha256.New()
		if _, err := io.Copy(h, lettore{ctx, f}); err != nil {
			return err
		}
		if domain.Digest(h.Sum(nil)) != c.stato.Impronta {
			return illeggibile(errAlterato)
		}
		return nil
	})
}

// lettore stops reading when ctx ends.
type lettore struct {
	ctx context.Context
	r   io.Reader
}

func (l lettore) Read(p []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	return l.r.Read(p)
}

// erroreLettura tells a file that cannot be read from what else may fail.
type erroreLettura struct{ error }

func (c *corsa) conFile(f func(io.Reader) error) error {
	file, err := c.apri()
	if err != nil {
		return illeggibile(err)
	}
	err = f(file)
	if chiusura := file.Close(); err == nil && chiusura != nil {
		err = erroreLettura{chiusura}
	}
	var lettura erroreLettura
	if errors.As(err, &lettura) {
		return illeggibile(err)
	}
	return err
}

// esaminate goes through the records of the file with all that is wrong with them.
func (l lavoro[T]) esaminate(ctx context.Context, c *corsa, f io.Reader) iter.Seq2[tracciato.Riga[T], error] {
	return func(yield func(tracciato.Riga[T], error) bool) {
		for riga, err := range l.leggi(lettore{ctx, f}) {
			switch {
			case errors.Is(err, tracciato.ErrIntestazione):
			case err != nil:
				err = erroreLettura{err}
			case len(riga.Errori) == 0:
				err = c.insisti(ctx, func() (err error) {
					riga.Errori, err = l.esamina(ctx, &riga)
					return err
				})
			}
			if !yield(riga, err) || err != nil {
				return
			}
		}
	}
}

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
			for _, k := range file {
				var err error
				if esiti[k], err = g.prendiRiga(ctx, g.righe[k]); err != nil {
					return err
				}
			}
			return nil
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
	g.letti, g.righe, g.passo = 0, g.righe[:0], importazione.Avanzata{}
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

// esitoRiga is what became of one record.
type esitoRiga struct {
	conteggi importazione.Conteggi
	errori   []importazione.Errore
}

func (g *gruppo[T]) prendiRiga(ctx context.Context, riga tracciato.Riga[T]) (e esitoRiga, err error) {
	var esito Caso
	err = g.insisti(ctx, func() (err error) {
		esito, err = g.lavoro.prendi(ctx, g.richiesta(passoRiga(riga.Numero)), riga.Dati)
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
		e.errori = []importazione.Errore{{Riga: riga.Numero, Codice: "domanda_difforme", Suggerimento: caso.ErrDomandaDifforme.Message}}
	case errors.As(err, &rifiuto):
		e.conteggi.Rifiutate = 1
		e.errori = []importazione.Errore{diRifiuto(riga.Numero, rifiuto)}
	default:
		motivo := fmt.Sprintf("row %d could not be taken in because of a fault of the system; those before it were: send the file again when it is mended", riga.Numero)
		return e, &fallita{importazione.Fallita, motivo, fmt.Errorf("row %d: %w", riga.Numero, err)}
	}
	return e, nil
}

func diRifiuto(riga int, r *domain.Error) importazione.Errore {
	return importazione.Errore{Riga: riga, Campo: r.Field, Codice: r.Code, Suggerimento: r.Message}
}
