package commands

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"iter"

	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/importazione"
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
	// rivedi says what became of a record that an earlier run passed over,
	// when its case had so many events. Optional.
	rivedi func(ctx context.Context, t T, versione uint64) error
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
