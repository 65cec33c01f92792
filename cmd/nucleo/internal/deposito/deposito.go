// Package deposito keeps the files that are being imported, readable by the
// program's user alone, and carries their imports to the end in the
// background: one at a time, those that were interrupted first.
package deposito

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/lavori"
	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/id"
	"nucleo/domain/importazione"
	"nucleo/internal/durable"
)

// Config says where files are kept, and for whom.
type Config struct {
	Dir     string // made when it is missing
	Comandi *commands.Service
	Massimo int64         // bytes of a file; 512 MiB when 0
	Riposo  time.Duration // before what could not go on is tried again; 30 s when 0
	Adesso  func() time.Time
	Log     *slog.Logger
}

const (
	massimoPredefinito = 512 << 20
	parziale           = ".part" // a file on its way in
	completo           = ".file" // DIR/<id of the import>.file
	abbandonato        = time.Hour
	riposoPredefinito  = 30 * time.Second
)

// Refusals of a file.
var (
	ErrTroppoGrande = domain.Refuse(domain.Unprocessable, "importazione.troppo_grande", "the file is larger than this installation takes in: split it")
	ErrInterrotto   = domain.Refuse(domain.Invalid, "importazione.file_interrotto", "the file did not arrive whole: send it again with the same key")
)

// Deposito is the spool. It implements httpapi.Importazioni.
type Deposito struct {
	Config
	lavori lavori.Lavori[id.Importazione]
}

// Apri makes the folder, and drops what arrived in part when the program was
// last stopped.
func Apri(c Config) (*Deposito, error) {
	if c.Massimo == 0 {
		c.Massimo = massimoPredefinito
	}
	if c.Riposo == 0 {
		c.Riposo = riposoPredefinito
	}
	if err := durable.MakeDir(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	d := &Deposito{Config: c}
	d.lavori = lavori.Lavori[id.Importazione]{Nome: "import", Porta: d.porta, Restano: d.restano, Riposo: c.Riposo, Log: c.Log}
	resti, err := filepath.Glob(filepath.Join(c.Dir, "*"+parziale))
	for _, r := range resti {
		err = errors.Join(err, os.Remove(r))
	}
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	return d, nil
}

// Run carries imports to their end until ctx ends: those found in the folder,
// then those that come.
func (d *Deposito) Run(ctx context.Context) error { return d.lavori.Run(ctx) }

// porta carries one import on. When it has ended, or was never begun, its file
// is dropped.
func (d *Deposito) porta(ctx context.Context, i id.Importazione) error {
	err := d.Comandi.Importa(ctx, i, d.apri(i), domain.INPS, d.Adesso, d.Log)
	if ctx.Err() != nil {
		return nil // it goes on when the program starts again
	}
	if errors.Is(err, importazione.ErrInesistente) {
		return d.scarta(i)
	}
	st, altro := d.Comandi.Importazione(ctx, i)
	if altro != nil || st.Aperta() {
		return errors.Join(err, altro)
	}
	d.Log.InfoContext(ctx, "import ended", "importazione", i.String(), "state", st.Stato, "rows", st.Righe, "bad", st.Errate,
		"new", st.Conteggi.Nuove, "unchanged", st.Conteggi.Invariate, "different", st.Conteggi.Difformi, "refused", st.Conteggi.Rifiutate)
	return errors.Join(err, d.scarta(i))
}

// restano are the imports whose files are in the folder. What no import knows
// is of an upload that was never acknowledged: it is dropped when it is old.
func (d *Deposito) restano(ctx context.Context) (all []id.Importazione, err error) {
	voci, err := os.ReadDir(d.Dir)
	for _, v := range voci {
		nome, nostro := strings.CutSuffix(v.Name(), completo)
		u, male := uuid.Parse(nome)
		info, andato := v.Info()
		if !nostro || male != nil || andato != nil {
			continue
		}
		i := id.Importazione{UUID: u}
		_, noto := d.Comandi.Importazione(ctx, i)
		switch {
		case !errors.Is(noto, importazione.ErrInesistente):
			all = append(all, i) // also when the store does not answer: the run waits for it
		case d.Adesso().Sub(info.ModTime()) > abbandonato:
			err = errors.Join(err, d.scarta(i))
		}
	}
	return all, err
}
