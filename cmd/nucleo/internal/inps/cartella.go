package inps

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"nucleo/domain"
	"nucleo/internal/durable"
)

// Cartella hands flussi over as files of a directory, from where others take
// them to INPS, and reads receipts from another.
type Cartella struct {
	Uscita string
	Inbox
}

// Pronta reports whether the directory can be written to.
func (c Cartella) Pronta(context.Context) error { return os.MkdirAll(c.Uscita, 0o700) }

// Consegna puts a flusso into the directory, whole or not at all. Its name
// says what it holds: the same flusso again is the same file. The file is
// INPS's from then on, and the flusso its number.
func (c Cartella) Consegna(_ context.Context, d Documento) ([]Esito, error) {
	data, err := d.Scrivi()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNonPresa, err)
	}
	sum := sha256.Sum256(data)
	if err := deposita(c.Uscita, fmt.Sprintf("flusso-%s-%x.json", d.Flusso, sum[:6]), data); err != nil {
		return nil, err
	}
	esiti := make([]Esito, len(d.Voci))
	for i, v := range d.Voci {
		esiti[i] = Esito{Tipo: v.Tipo, ID: v.ID, Accettata: true, Protocollo: d.Flusso}
	}
	return esiti, nil
}

// Deposita writes a file of a directory, whole or not at all.
func Deposita(dir, nome string, data []byte) error { return deposita(dir, nome, data) }

func deposita(dir, nome string, data []byte) error {
	f, err := os.CreateTemp(dir, ".in-arrivo-*")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNonPresa, err)
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNonPresa, errors.Join(err, os.Remove(f.Name())))
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, nome)); err != nil {
		return err
	}
	return durable.SyncDir(dir)
}

// Inbox is a directory in which receipts arrive. An empty Dir has none.
type Inbox struct {
	Dir string
	Log *slog.Logger
}

// Ricevute hands each receipt on. A file is kept in elaborate/ when all of it
// was taken, in scartate/ when some of it is refused; what could not be
// reached is read again the next time.
func (b Inbox) Ricevute(ctx context.Context, _ []string, prendi func(Ricevuta) error) error {
	if b.Dir == "" {
		return nil
	}
	file, err := filepath.Glob(filepath.Join(b.Dir, "*.json"))
	for _, nome := range file {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err = errors.Join(err, b.file(ctx, nome, prendi))
	}
	return err
}

func (b Inbox) file(ctx context.Context, nome string, prendi func(Ricevuta) error) error {
	f, err := os.Open(nome)
	if err != nil {
		return err
	}
	var r Ricevute
	err = errors.Join(leggi(f, &r), f.Close())
	dove := "elaborate"
	if errors.Is(err, errIllegibile) {
		b.Log.ErrorContext(ctx, "receipts cannot be read", "file", filepath.Base(nome))
		dove, err = "scartate", nil
	}
	if err != nil {
		return err
	}
	for _, una := range r.Ricevute {
		err := prendi(una)
		switch {
		case rifiutata(err):
			b.Log.ErrorContext(ctx, "receipt refused", "file", filepath.Base(nome), "segnalazione", una.ID.String(), "error", err)
			dove = "scartate"
		case err != nil:
			return err
		}
	}
	if err := os.MkdirAll(filepath.Join(b.Dir, dove), 0o700); err != nil {
		return err
	}
	return os.Rename(nome, filepath.Join(b.Dir, dove, strings.TrimSpace(filepath.Base(nome))))
}

// rifiutata reports whether a receipt will never be taken.
func rifiutata(err error) bool {
	var no *domain.Error
	return errors.As(err, &no) && no.Kind != domain.Unavailable && no.Kind != domain.Stale
}
