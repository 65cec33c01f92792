package deposito

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/id"
	"nucleo/domain/importazione"
	"nucleo/httpapi"
	"nucleo/internal/durable"
)

var _ httpapi.Importazioni = (*Deposito)(nil)

// Deposita keeps a file and opens its import. When it returns without error
// the file is on disk and the import in the log: it will be carried to its end
// whatever happens to the program. The same file under the same id again
// changes nothing.
func (d *Deposito) Deposita(ctx context.Context, i id.Importazione, file httpapi.FileRicevuto) (commands.Importazione, error) {
	ricevuta := importazione.Ricevuta{Tipo: file.Tipo, Formato: file.Formato, SaltaErrate: file.SaltaErrate}
	if _, err := (importazione.Ricevi{File: ricevuta}).Decide(importazione.State{}); err != nil {
		return commands.Importazione{}, err // before half a gigabyte is read
	}
	provvisorio, err := d.scrivi(i, file.Corpo, &ricevuta)
	defer func() { _ = os.Remove(provvisorio) }() // gone already when it was kept
	if err != nil {
		return commands.Importazione{}, err
	}
	prima, err := d.Comandi.Importazione(ctx, i)
	switch {
	case errors.Is(err, importazione.ErrInesistente):
	case err != nil:
		return commands.Importazione{}, err
	case prima.Impronta != ricevuta.Impronta:
		return commands.Importazione{}, commands.ErrChiaveRiusata
	}
	aperta := prima.Stato == "" || prima.Aperta()
	if aperta {
		if err := d.conserva(i, provvisorio); err != nil {
			return commands.Importazione{}, err
		}
	}
	esito, err := d.Comandi.RiceviFile(ctx, file.Richiesta, i, ricevuta)
	if err == nil && aperta {
		d.lavori.Accoda(i)
	}
	return esito, err
}

// scrivi writes a body to disk and takes its digest.
func (d *Deposito) scrivi(i id.Importazione, corpo io.Reader, r *importazione.Ricevuta) (nome string, err error) {
	f, err := os.CreateTemp(d.Dir, i.String()+".*"+parziale) // 0600, and nobody else's
	if err != nil {
		return "", fmt.Errorf("spool: %w", err)
	}
	defer func() {
		if chiusura := f.Close(); err == nil && chiusura != nil {
			err = fmt.Errorf("spool: %w", chiusura)
		}
	}()
	h := sha256.New()
	lettura := lettore{r: corpo}
	r.Byte, err = io.Copy(io.MultiWriter(f, h), io.LimitReader(&lettura, d.Massimo+1))
	switch {
	case lettura.err != nil:
		return f.Name(), fmt.Errorf("%w: %w", ErrInterrotto, lettura.err)
	case err != nil:
		return f.Name(), fmt.Errorf("spool: %w", err)
	case r.Byte > d.Massimo:
		return f.Name(), ErrTroppoGrande
	}
	r.Impronta = domain.Digest(h.Sum(nil))
	if err := f.Sync(); err != nil {
		return f.Name(), fmt.Errorf("spool: %w", err)
	}
	return f.Name(), nil
}

// lettore remembers why a body could not be read, to tell it from a full disk.
type lettore struct {
	r   io.Reader
	err error
}

func (l *lettore) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		l.err = err
	}
	return n, err
}

// conserva gives a file its name, and makes sure that it keeps it.
func (d *Deposito) conserva(i id.Importazione, provvisorio string) error {
	if err := os.Rename(provvisorio, d.percorso(i)); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	return d.sincronizza()
}

func (d *Deposito) sincronizza() error {
	if err := durable.SyncDir(d.Dir); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	return nil
}

func (d *Deposito) apri(i id.Importazione) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return os.Open(d.percorso(i)) }
}

func (d *Deposito) percorso(i id.Importazione) string {
	return filepath.Join(d.Dir, i.String()+completo)
}

// scarta drops a file. That it is gone already is well.
func (d *Deposito) scarta(i id.Importazione) error {
	if err := os.Remove(d.percorso(i)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("spool: %w", err)
	}
	return nil
}
