package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"nucleo/commands"
	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/importazione"
)

const (
	importFile  = "domande.ndjson"
	importLimit = 1 << 30 // bytes of memory
)

// imported is what an import took.
type imported struct {
	Import, Assign, All time.Duration
	Events              int
	Peak                int64 // resident memory, in bytes
}

// imports measures the import of many domande, the assignment of each, and
// the read models that follow meanwhile, all in one process of its own: node,
// write side and projections, as `nucleo serve` has them.
func imports(ctx context.Context, b *bench) error {
	dir := filepath.Join(b.dir, "import")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	size, err := writeDomande(filepath.Join(dir, importFile), b.domande)
	if err != nil {
		return err
	}
	url, err := b.database(ctx)
	if err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.CommandContext(ctx, program, "-import-into", url, "-import-dir", dir)
	var out bytes.Buffer
	child.Stdout, child.Stderr = &out, os.Stderr
	child.Cancel = func() error { return child.Process.Signal(syscall.SIGTERM) }
	child.WaitDelay = 20 * time.Second
	if err := child.Run(); err != nil {
		return fmt.Errorf("the process that imports: %w", err)
	}
	var got imported
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		return err
	}
	domande := thousands(float64(b.domande))
	b.table.add(row{
		id: "import", what: fmt.Sprintf("%s domande (%d MB) imported, assigned and projected, from the file to the last row", domande, size>>20),
		measured: fmt.Sprintf("%s: import %s (%s/s), assignments %s (%s/s), lists %s behind; %s events", got.All.Round(100*time.Millisecond),
			got.Import.Round(100*time.Millisecond), thousands(rate(b.domande, got.Import)),
			got.Assign.Round(100*time.Millisecond), thousands(rate(b.domande, got.Assign)),
			(got.All - got.Import - got.Assign).Round(10*time.Millisecond), thousands(float64(got.Events))),
		reference: "–", ratio: "–", bound: "first figure", met: "–",
	})
	b.table.add(row{
		id: "import", what: "peak memory of that process (VmHWM), without PostgreSQL", measured: fmt.Sprintf("%d MiB", got.Peak>>20),
		reference: "–", ratio: "–", bound: "< 1 GiB", met: verdict(got.Peak < importLimit),
	})
	return nil
}

// writeDomande writes a file as INPS would send it.
func writeDomande(path string, n int) (int64, error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	s := seme{oggi: giorno.Di(time.Now().UTC())}
	err = tracciato.Scrivi(f, importazione.NDJSON, func(yield func(tracciato.Domanda) bool) {
		for i := range n {
			if !yield(s.domanda(i)) {
				return
			}
		}
	})
	size, seekErr := f.Seek(0, io.SeekEnd)
	return size, errors.Join(err, seekErr, f.Close())
}

// importChild is the process that imports.
type importChild struct{ url, dir string }

func (c importChild) run(ctx context.Context, log *slog.Logger) (err error) {
	i, err := install(ctx, filepath.Join(c.dir, "nodo"), c.url, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	engine, stop := i.follow(ctx)
	defer func() { err = errors.Join(err, stop()) }()
	if err := i.caughtUp(ctx, engine); err != nil {
		return err
	}
	var took imported
	begun := time.Now()
	n, err := i.importFile(ctx, filepath.Join(c.dir, importFile))
	if err != nil {
		return err
	}
	took.Import = time.Since(begun)
	if err := i.assignAll(ctx, n); err != nil {
		return err
	}
	took.Assign = time.Since(begun) - took.Import
	if err := i.caughtUp(ctx, engine); err != nil {
		return err
	}
	took.All = time.Since(begun)
	if err := i.rowsAre(ctx, map[string]int{"casi WHERE lista = 2": n, "casi": n, "cronologia": n, "pesi": n}); err != nil {
		return err
	}
	took.Events = 2 * n
	if took.Peak, err = peak(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(took)
}

// importFile takes a file in through the import that the API starts.
func (i *installation) importFile(ctx context.Context, path string) (n int, err error) {
	var h hash.Hash = sha256.New()
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	size, err := io.Copy(h, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, err
	}
	which := id.New[id.Importazione]()
	req := commands.Request{Comando: uuid.New(), Attore: domain.INPS, Canale: domain.Batch, Adesso: time.Now()}
	if _, err := i.comandi.RiceviFile(ctx, req, which, importazione.Ricevuta{
		Tipo: importazione.Domande, Formato: importazione.NDJSON, Impronta: domain.Digest(h.Sum(nil)), Byte: size,
	}); err != nil {
		return 0, err
	}
	if err := i.comandi.Importa(ctx, which, func() (io.ReadCloser, error) { return os.Open(path) }, domain.INPS, time.Now, i.log); err != nil {
		return 0, err
	}
	state, err := i.comandi.Importazione(ctx, which)
	if err == nil && (state.Stato != importazione.Completata || state.Conteggi.Nuove != state.Righe) {
		err = fmt.Errorf("the import ended as %s: %d rows, %+v, %+v", state.Stato, state.Righe, state.Conteggi, state.Errori)
	}
	return state.Righe, err
}

// assignAll assigns every case, 32 at a time.
func (i *installation) assignAll(ctx context.Context, n int) error {
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range 32 {
		g.Go(func() error {
			for k := int(next.Add(1)) - 1; k < n; k = int(next.Add(1)) - 1 {
				req := commands.Request{Comando: uuid.New(), Attore: i.seme.da, Canale: domain.HTTP, Adesso: time.Now()}
				cmd := caso.Assegna{CaseManager: i.seme.cm[k%len(i.seme.cm)], Modalita: caso.Manuale}
				if _, err := i.comandi.AssegnaCaso(ctx, req, id.CasoDi(idDomanda(k)), cmd); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// peak is the most memory that this process had resident, in bytes.
func peak() (int64, error) {
	var kib int64
	if _, err := fmt.Sscan(fieldOf("/proc/self/status", "VmHWM", ""), &kib); err != nil {
		return 0, fmt.Errorf("VmHWM of this process: %w", err)
	}
	return kib << 10, nil
}
