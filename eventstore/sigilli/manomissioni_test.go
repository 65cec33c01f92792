package sigilli_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/domain/sistema"
	"nucleo/eventstore"
	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/storetest"
)

var catalogo = domain.NewCatalog(domain.Aggregate{Category: "prova", Entries: []domain.Entry{domain.Of[storetest.Nota]()}}, sistema.Aggregate)

const nomeFile = "events.db"

// scriviFile writes events into a new file of the embedded store.
func scriviFile(t testing.TB, dir string, eventi []eventstore.Stored) {
	t.Helper()
	l, err := eventlog.Open(filepath.Join(dir, nomeFile), eventlog.Options{WAL: 1 << 16})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range eventi {
		if _, err := l.Append(t.Context(), e.Stream, eventlog.Any, []eventlog.Proposed{{ID: e.ID, Type: e.Type, JSON: true, Data: e.Data, Metadata: e.Meta}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// esamina opens a file and holds it against everything, as nucleo verifica does,
// and reads it whole: the log, and each stream.
func (r *registro) esamina(ctx context.Context, dir string) (letto []eventstore.Stored, err error) {
	l, err := eventlog.Open(filepath.Join(dir, nomeFile), eventlog.Options{WAL: 1 << 16})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	c, err := l.Check(ctx)
	if err != nil {
		return nil, err
	}
	d := eventstore.Checking{Direct: eventstore.Direct{Log: l, Catalog: catalogo}, Check: c}
	v := r.verifica(false)
	v.Registro = d
	if _, err := v.Esegui(ctx); err != nil {
		return nil, err
	}
	if err := c.End(ctx); err != nil {
		return nil, err
	}
	for e, err := range d.All(ctx, 0, false) {
		if err != nil {
			return nil, err
		}
		letto = append(letto, e)
	}
	for _, f := range []string{"prova-0", "prova-1", "prova-2", sistema.FlussoSigilli} {
		for e, err := range l.ReadStream(ctx, f, 0, eventlog.Forwards, math.MaxUint64) {
			if errors.Is(err, eventlog.ErrStreamNotFound) {
				break
			}
			if err != nil {
				return nil, err
			}
			letto = append(letto, eventstore.Stored{Stream: e.Stream, Version: uint64(e.Revision) + 1, Data: e.Data, Meta: e.Metadata, ID: e.ID, Type: e.Type})
		}
	}
	return letto, nil
}

// copiaFile copies the files of a store.
func copiaFile(t testing.TB, da, a string) {
	t.Helper()
	if err := os.CopyFS(a, os.DirFS(da)); err != nil {
		t.Fatal(err)
	}
}

// manomette are the ways to change a store. Those of the first kind rewrite it
// whole, checksums, index and chains included, as who knows the program could.
var manomette = []struct {
	nome string
	fai  func(caso *rand.Rand, eventi []eventstore.Stored) []eventstore.Stored
}{
	{"edit", func(c *rand.Rand, e []eventstore.Stored) []eventstore.Stored {
		i := c.IntN(len(e))
		e[i].Data = []byte(strings.Replace(string(e[i].Data), "a", "o", 1) + " ")
		return e
	}},
	{"delete", func(c *rand.Rand, e []eventstore.Stored) []eventstore.Stored {
		i := c.IntN(len(e))
		return slices.Delete(e, i, i+1)
	}},
	{"insert", func(c *rand.Rand, e []eventstore.Stored) []eventstore.Stored {
		nuovo := e[c.IntN(len(e))]
		nuovo.ID[15] ^= 0xff
		return slices.Insert(e, c.IntN(len(e)-1), nuovo) // among what was sealed: at the end it is an append like others
	}},
	{"swap", func(c *rand.Rand, e []eventstore.Stored) []eventstore.Stored {
		i := c.IntN(len(e) - 1)
		e[i], e[i+1] = e[i+1], e[i]
		return e
	}},
	{"roll back", func(c *rand.Rand, e []eventstore.Stored) []eventstore.Stored { return e[:c.IntN(len(e))] }},
}

// incatena computes all chains anew.
func incatena(eventi []eventstore.Stored) []eventstore.Stored {
	teste := map[string]domain.Head{}
	for i, e := range eventi {
		eventi[i], teste[e.Stream] = storetest.Rechain(e, teste[e.Stream])
	}
	return eventi
}

// Whoever changes a store, by statements or in its file, is found out; or, where
// a byte was changed that nobody reads, every answer is what it was.
func TestNoTamperingGoesUnnoticed(t *testing.T) {
	quante := 120
	if os.Getenv("NUCLEO_LONG") != "" {
		quante = 2000
	}
	r := pieno(t)
	intatto := t.TempDir()
	scriviFile(t, intatto, r.eventi)
	era, err := r.esamina(t.Context(), intatto)
	if err != nil || len(era) != 2*len(r.eventi) {
		t.Fatal("the store that nobody changed: ", len(era), err)
	}
	trovate, innocue := map[string]int{}, 0
	for i := range quante {
		caso := rand.New(rand.NewPCG(20, uint64(i)))
		dir := t.TempDir()
		tipo := caso.IntN(len(manomette) + 3)
		nome := "bytes of the file"
		if tipo < len(manomette) {
			m := manomette[tipo]
			nome = m.nome
			eventi := m.fai(caso, slices.Clone(r.eventi))
			if caso.IntN(2) == 0 {
				eventi, nome = incatena(eventi), nome+", chains anew"
			}
			scriviFile(t, dir, eventi)
		} else {
			copiaFile(t, intatto, dir)
			nome = rovina(t, caso, filepath.Join(dir, nomeFile), tipo-len(manomette))
		}
		letto, err := r.esamina(t.Context(), dir)
		switch {
		case err != nil:
			trovate[nome]++
		case cmp.Equal(letto, era):
			innocue++
		default:
			t.Errorf("tampering %d (%s) goes unnoticed", i, nome)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("METRIC tampering tried=%d found=%v changed-no-answer=%d", quante, trovate, innocue)
}

// rovina changes a file.
func rovina(t testing.TB, caso *rand.Rand, file string, come int) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	nome := "bytes of the file"
	switch come {
	case 0:
		for range 1 + caso.IntN(8) {
			b[caso.IntN(len(b))] ^= byte(1 + caso.IntN(255))
		}
	case 1:
		b, nome = b[:caso.IntN(len(b))], "file cut off"
	case 2:
		const pagina = 8192
		n := len(b) / pagina
		copy(b[caso.IntN(n)*pagina:][:pagina], slices.Clone(b[caso.IntN(n)*pagina:][:pagina]))
		nome = "page over another"
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return nome
}

// Every bit of the files of a small store, one at a time: it is found out by
// opening or checking, or each read answers what it did.
func TestEveryFlippedBitIsFoundOrChangesNoAnswer(t *testing.T) {
	r := nuovo(t)
	for i := range 6 {
		r.scrivi(t, fmt.Sprintf("prova-%d", i%3), storetest.Nota{Testo: "nota", Numero: i})
	}
	r.sigilla(t)
	intatto := t.TempDir()
	scriviFile(t, intatto, r.eventi)
	era, err := r.esamina(t.Context(), intatto)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(intatto, nomeFile))
	if err != nil {
		t.Fatal(err)
	}
	passo := 1
	if os.Getenv("NUCLEO_LONG") == "" {
		passo = len(b) * 8 / 120
	}
	provati, trovati := 0, 0
	dir := t.TempDir()
	for bit := rand.IntN(passo); bit < len(b)*8; bit += passo {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		copiaFile(t, intatto, dir)
		altro := slices.Clone(b)
		altro[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(filepath.Join(dir, nomeFile), altro, 0o600); err != nil {
			t.Fatal(err)
		}
		provati++
		letto, err := r.esamina(t.Context(), dir)
		if err != nil {
			trovati++
		} else if !cmp.Equal(letto, era) {
			t.Errorf("bit %d flipped: reads answer otherwise, and nobody notices", bit)
		}
	}
	t.Logf("METRIC bit flips=%d of %d found=%d, the rest changed no answer", provati, len(b)*8, trovati)
}
