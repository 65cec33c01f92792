package deposito_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/deposito"
	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/commands"
	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/importazione"
	"nucleo/eventstore/memory"
	"nucleo/httpapi"
)

var adesso = time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)

// palermo is the one ambito that there is.
type palermo struct{}

func (palermo) AmbitoDi(context.Context, string) (string, bool, error) { return "PA42", true, nil }

// contatore stops a run after so many appends.
type contatore struct {
	*memory.Store
	resto *atomic.Int64
	ferma func()
}

func (c contatore) Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (domain.Appended, error) {
	if c.resto.Add(-1) < 0 {
		c.ferma()
	}
	return c.Store.Append(ctx, stream, at, meta, events...)
}

func magazzino() *memory.Store {
	return memory.New(domain.NewCatalog(caso.Aggregate, importazione.Aggregate))
}

func apri(t *testing.T, dir string, store commands.Store) *deposito.Deposito {
	t.Helper()
	s := &commands.Service{Store: store, Territori: palermo{}, Segreto: []byte("segreto"), Zona: time.UTC}
	d, err := deposito.Apri(deposito.Config{Dir: dir, Comandi: s, Massimo: 4 << 20, Riposo: 10 * time.Millisecond, Adesso: func() time.Time { return adesso }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func file(corpo io.Reader) httpapi.FileRicevuto {
	return httpapi.FileRicevuto{
		Tipo: importazione.Domande, Formato: importazione.NDJSON, Corpo: corpo,
		Richiesta: commands.Request{Comando: uuid.New(), Attore: domain.INPS, Canale: domain.HTTP, Adesso: adesso},
	}
}

func domande(t *testing.T, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := tracciato.Scrivi(&b, importazione.NDJSON, genera.Domande(n, 1, giorno.Di(adesso), genera.Palermo())); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// corri runs a spool until the import has ended and its file is gone.
func corri(t *testing.T, d *deposito.Deposito, i id.Importazione) importazione.State {
	t.Helper()
	ctx, ferma := context.WithTimeout(t.Context(), 15*time.Second)
	fine := make(chan error, 1)
	go func() { fine <- d.Run(ctx) }()
	var st importazione.State
	for ctx.Err() == nil {
		st, _ = d.Comandi.Importazione(ctx, i)
		if st.Stato != "" && !st.Aperta() && len(restano(t, d.Dir)) == 0 {
			break
		}
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			t.Errorf("the import is %q, files: %v", st.Stato, restano(t, d.Dir))
		}
	}
	ferma()
	if err := <-fine; err != nil {
		t.Error(err)
	}
	return st
}

func restano(t *testing.T, dir string) (nomi []string) {
	t.Helper()
	voci, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range voci {
		nomi = append(nomi, v.Name())
	}
	return nomi
}

func TestAFileIsKeptForItsImportAndThenDropped(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "importazioni")
	d, i := apri(t, dir, magazzino()), id.New[id.Importazione]()
	testo := domande(t, 700)
	esito, err := d.Deposita(t.Context(), i, file(bytes.NewReader(testo)))
	if err != nil || esito.Stato.Stato != importazione.InVerifica || esito.Stato.Byte != int64(len(testo)) {
		t.Fatal(esito.Stato, err)
	}
	info, err := os.Stat(filepath.Join(dir, i.String()+".file"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the file is kept as %v, %v", info, err)
	}
	if diff := cmp.Diff(importazione.Conteggi{Nuove: 700}, corri(t, d, i).Conteggi); diff != "" {
		t.Error(diff)
	}
}

func TestAProgramThatWasStoppedGoesOnWhereItWas(t *testing.T) {
	dir, store, i := t.TempDir(), magazzino(), id.New[id.Importazione]()
	ctx, ferma := context.WithCancel(t.Context())
	var resto atomic.Int64
	resto.Store(900)
	d := apri(t, dir, contatore{store, &resto, ferma})
	if _, err := d.Deposita(ctx, i, file(bytes.NewReader(domande(t, 1300)))); err != nil {
		t.Fatal(err)
	}
	if err := d.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if st, _ := d.Comandi.Importazione(t.Context(), i); st.Stato != importazione.InCorso {
		t.Fatalf("the import is %s", st.Stato)
	}
	if diff := cmp.Diff(importazione.Conteggi{Nuove: 1300}, corri(t, apri(t, dir, store), i).Conteggi); diff != "" {
		t.Error(diff)
	}
}

func TestTheSameUploadAgainChangesNothing(t *testing.T) {
	d, i := apri(t, t.TempDir(), magazzino()), id.New[id.Importazione]()
	testo := domande(t, 10)
	f := file(nil)
	for n := range 3 {
		f.Corpo = bytes.NewReader(testo)
		if _, err := d.Deposita(t.Context(), i, f); err != nil {
			t.Fatalf("upload %d: %v", n, err)
		}
	}
	first := corri(t, d, i)
	f.Corpo = bytes.NewReader(testo)
	if _, err := d.Deposita(t.Context(), i, f); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, corri(t, d, i)); diff != "" {
		t.Error(diff)
	}
	f.Corpo = bytes.NewReader(domande(t, 11))
	if _, err := d.Deposita(t.Context(), i, f); !errors.Is(err, commands.ErrChiaveRiusata) {
		t.Errorf("another file under the same key: %v", err)
	}
}

func TestWhatDoesNotArriveWholeLeavesNothing(t *testing.T) {
	for name, test := range map[string]struct {
		corpo io.Reader
		tipo  importazione.Tipo
		want  error
	}{
		"too large":    {io.LimitReader(zeri{}, 5<<20), importazione.Domande, deposito.ErrTroppoGrande},
		"cut off":      {io.MultiReader(strings.NewReader("{}\n"), iotest.ErrReader(io.ErrUnexpectedEOF)), importazione.Domande, deposito.ErrInterrotto},
		"unknown kind": {strings.NewReader("{}"), "altro", importazione.ErrTipo},
	} {
		t.Run(name, func(t *testing.T) {
			d, i := apri(t, t.TempDir(), magazzino()), id.New[id.Importazione]()
			f := file(test.corpo)
			f.Tipo = test.tipo
			if _, err := d.Deposita(t.Context(), i, f); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if nomi := restano(t, d.Dir); len(nomi) > 0 {
				t.Errorf("it leaves %v", nomi)
			}
			if _, err := d.Comandi.Importazione(t.Context(), i); !errors.Is(err, importazione.ErrInesistente) {
				t.Errorf("the import is there: %v", err)
			}
		})
	}
}

type zeri struct{}

func (zeri) Read(p []byte) (int, error) { return len(p), nil }

func TestWhatNoImportKnowsIsDroppedWhenItIsOld(t *testing.T) {
	dir := t.TempDir()
	vecchio, recente := id.New[id.Importazione]().String()+".file", id.New[id.Importazione]().String()+".file"
	for nome, ora := range map[string]time.Time{vecchio: adesso.Add(-2 * time.Hour), recente: adesso, "x.part": adesso, "note.txt": adesso.Add(-9 * time.Hour)} {
		if err := errors.Join(os.WriteFile(filepath.Join(dir, nome), nil, 0o600), os.Chtimes(filepath.Join(dir, nome), ora, ora)); err != nil {
			t.Fatal(err)
		}
	}
	d, i := apri(t, dir, magazzino()), id.New[id.Importazione]()
	ctx, ferma := context.WithTimeout(t.Context(), 10*time.Second)
	defer ferma()
	fine := make(chan error, 1)
	go func() { fine <- d.Run(ctx) }()
	if _, err := d.Deposita(ctx, i, file(bytes.NewReader(domande(t, 1)))); err != nil {
		t.Fatal(err)
	}
	for len(restano(t, dir)) != 2 && ctx.Err() == nil {
		<-time.After(time.Millisecond)
	}
	ferma()
	<-fine
	if diff := cmp.Diff([]string{recente, "note.txt"}, restano(t, dir)); diff != "" {
		t.Error(diff)
	}
}
