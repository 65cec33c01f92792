package sigilli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"nucleo/eventstore"
	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/sigilli"
	"nucleo/eventstore/storetest"
)

// piccolo keeps the files of a store small.
var piccolo = eventlog.Options{WAL: 1 << 20, Journal: 2 << 10, Readers: 1}

const nomeNote = "sigilli.jsonl"

// negozio is a small store, all of its files, and what it answers.
type negozio struct {
	nome string
	file map[string][]byte
	bit  []string // the files whose bits are flipped
}

// Every bit of the files of a small store, one at a time: of one that was closed, of
// one whose program stopped when the newest events stood in the journal, or in
// the write-ahead log, and of one that was opened again since. It is found out by
// opening, checking or reading; or each read answers what it did. The newest event is
// covered by no seal.
func TestEveryFlippedBitIsFoundOrChangesNoAnswer(t *testing.T) {
	r := nuovo(t)
	for i := range 4 {
		r.scrivi(t, fmt.Sprintf("prova-%d", i%3), storetest.Nota{Testo: "nota", Numero: i})
	}
	r.sigilla(t)
	r.scrivi(t, "prova-0", storetest.Fine{})
	prove := 60 // of each store
	if os.Getenv("NUCLEO_LONG") != "" {
		prove = 0
	}
	for _, n := range negozi(t, r) {
		t.Run(n.nome, func(t *testing.T) { r.ogniBit(t, n, prove) })
	}
}

// conta is what became of the bits that were flipped.
type conta struct{ provati, aperti, avvisi, verificati, letti, innocui, taciuti atomic.Int64 }

func (r *registro) ogniBit(t *testing.T, n negozio, prove int) {
	base := cartellaVeloce(t)
	n.scrivi(t, filepath.Join(base, "intatto"))
	era := r.apriTutto(t.Context(), filepath.Join(base, "intatto"))
	if era.err != nil || era.avvisi > 0 || len(era.letto) != 2*len(r.eventi) {
		t.Fatal("the store that nobody changed: ", len(era.letto), era.avvisi, era.err)
	}
	var quali []bitDi
	tutti := 0
	for _, f := range n.bit {
		tutti += 8 * len(n.file[f])
	}
	passo := 1
	if prove > 0 {
		passo = max(1, tutti/prove)
	}
	k := rand.IntN(passo)
	for _, f := range n.bit {
		for ; k < 8*len(n.file[f]); k += passo {
			quali = append(quali, bitDi{f, k})
		}
		k -= 8 * len(n.file[f])
	}
	var c conta
	var prossimo atomic.Int64
	var lavorano sync.WaitGroup
	for i := range runtime.GOMAXPROCS(0) {
		dir := filepath.Join(base, fmt.Sprint(i))
		lavorano.Go(func() {
			for {
				j := int(prossimo.Add(1)) - 1
				if j >= len(quali) || t.Context().Err() != nil {
					return
				}
				r.unBit(t, n, dir, quali[j], era, &c)
			}
		})
	}
	lavorano.Wait()
	t.Logf("METRIC R-04 tried=%d of=%d found-at-open=%d warned-at-open=%d found-by-verifica=%d found-by-reading=%d changed-no-answer=%d undetected=%d store: %s",
		c.provati.Load(), tutti, c.aperti.Load(), c.avvisi.Load(), c.verificati.Load(), c.letti.Load(), c.innocui.Load(), c.taciuti.Load(), n.nome)
}

type bitDi struct {
	file string
	bit  int
}

func (r *registro) unBit(t *testing.T, n negozio, dir string, b bitDi, era aperto, c *conta) {
	n.scrivi(t, dir)
	altro := bytes.Clone(n.file[b.file])
	altro[b.bit/8] ^= 1 << (b.bit % 8)
	if err := os.WriteFile(filepath.Join(dir, b.file), altro, 0o600); err != nil {
		t.Error(err)
	}
	c.provati.Add(1)
	a := r.apriTutto(t.Context(), dir)
	switch {
	case a.err != nil && a.dove == "open":
		c.aperti.Add(1)
	case a.err != nil && a.dove == "verifica":
		c.verificati.Add(1)
	case a.err != nil:
		c.letti.Add(1)
	case reflect.DeepEqual(a.letto, era.letto):
		c.innocui.Add(1)
	case a.avvisi > 0:
		c.avvisi.Add(1)
	default:
		c.taciuti.Add(1)
		t.Errorf("bit %d of %s flipped: reads answer otherwise, and nobody notices", b.bit, b.file)
	}
}

// aperto is what a store says: what is read of it, or where it refuses and why.
type aperto struct {
	letto  []eventstore.Stored
	dove   string
	err    error
	avvisi int
}

func (r *registro) apriTutto(ctx context.Context, dir string) (a aperto) {
	avvisi := new(contaAvvisi)
	o := piccolo
	o.Log = slog.New(avvisi)
	a.dove = "open"
	l, err := eventlog.Open(filepath.Join(dir, nomeFile), o)
	if err != nil {
		a.err = err
		return a
	}
	defer func() { a.err, a.avvisi = errors.Join(a.err, l.Close()), int(avvisi.n.Load()) }()
	a.dove = "verifica"
	v := r.verifica(false)
	v.Altrove = func() (sigilli.Note, error) {
		b, err := os.ReadFile(filepath.Join(dir, nomeNote))
		if err != nil {
			return sigilli.Note{}, err
		}
		return sigilli.LeggiNote(bytes.NewReader(b))
	}
	if a.err = r.controlla(ctx, l, v); a.err != nil {
		return a
	}
	a.dove = "read"
	a.letto, a.err = leggiTutto(ctx, l)
	return a
}

// contaAvvisi counts what a store warns of.
type contaAvvisi struct {
	slog.Handler
	n atomic.Int64
}

func (c *contaAvvisi) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }
func (c *contaAvvisi) Handle(context.Context, slog.Record) error    { c.n.Add(1); return nil }

// negozi are small stores that hold the same events.
func negozi(t *testing.T, r *registro) []negozio {
	t.Helper()
	dir := t.TempDir()
	var note []byte
	for _, n := range r.note {
		note = append(note, sigilli.RigaNota(n)...)
	}
	tieni := func(nome string, file map[string][]byte, bit ...string) negozio {
		file[nomeNote] = note
		return negozio{nome, file, bit}
	}
	meta := len(r.eventi) / 2
	prima := scriviAltri(t, dir, r.eventi[:meta]).chiuso(t)
	aperta := scriviAltri(t, dir, r.eventi[meta:])
	nelGiornale := aperta.file(t) // the table may have them or not
	nelGiornale[nomeFile] = prima[nomeFile]
	delete(nelGiornale, nomeFile+"-wal")
	if err := aperta.Verify(t.Context(), nil); err != nil { // moves all to the table
		t.Fatal(err)
	}
	nelWAL := aperta.file(t)
	chiuso := aperta.chiuso(t)

	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	fermo := negozio{file: maps.Clone(nelWAL)}
	fermo.scrivi(t, dir)
	riaperta := scriviAltri(t, dir, nil)
	riaperto := riaperta.file(t)
	riaperta.chiuso(t)
	giornali := []string{nomeFile + ".journal-0", nomeFile + ".journal-1"}
	return []negozio{
		tieni("that was closed", chiuso, nomeFile, nomeNote),
		tieni("with events in its journal alone", nelGiornale, giornali...),
		tieni("with events in its write-ahead log", nelWAL, append(giornali, nomeFile+"-wal")...),
		tieni("opened again after a stop", riaperto, append(giornali, nomeFile+"-wal")...),
	}
}

// scritto is an open store.
type scritto struct {
	*eventlog.Log
	dir string
}

// scriviAltri opens a store and adds events to it, each by itself.
func scriviAltri(t *testing.T, dir string, eventi []eventstore.Stored) scritto {
	t.Helper()
	l, err := eventlog.Open(filepath.Join(dir, nomeFile), piccolo)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	for _, e := range eventi {
		if _, err := l.Append(t.Context(), e.Stream, eventlog.Any, []eventlog.Proposed{{ID: e.ID, Type: e.Type, JSON: true, Data: e.Data, Metadata: e.Meta}}); err != nil {
			t.Fatal(err)
		}
	}
	return scritto{l, dir}
}

// file are the files of a store as a stop of the program leaves them.
func (s scritto) file(t *testing.T) map[string][]byte {
	t.Helper()
	file := map[string][]byte{}
	voci, err := os.ReadDir(s.dir)
	for _, v := range voci {
		if nome := v.Name(); err == nil && !strings.HasSuffix(nome, "-shm") && !strings.HasSuffix(nome, ".lock") {
			file[nome], err = os.ReadFile(filepath.Join(s.dir, nome))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func (s scritto) chiuso(t *testing.T) map[string][]byte {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return s.file(t)
}

// scrivi puts a store into a directory in the place of what is there.
func (n negozio) scrivi(t testing.TB, dir string) {
	err := os.MkdirAll(dir, 0o700)
	voci, errVoci := os.ReadDir(dir)
	err = errors.Join(err, errVoci)
	for _, v := range voci {
		if _, resta := n.file[v.Name()]; !resta {
			err = errors.Join(err, os.Remove(filepath.Join(dir, v.Name())))
		}
	}
	for _, nome := range slices.Sorted(maps.Keys(n.file)) {
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, nome), n.file[nome], 0o600))
	}
	if err != nil {
		t.Error(err)
	}
}

// cartellaVeloce is a directory in memory, where there is one: a store is made in
// it hundreds of thousands of times.
func cartellaVeloce(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "nucleo-bit-*")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
