package sigilli_test

import (
	"context"
	"database/sql"
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
	_ "modernc.org/sqlite"

	"nucleo/domain"
	"nucleo/domain/sistema"
	"nucleo/eventstore"
	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/sigilli"
	"nucleo/eventstore/storetest"
	"nucleo/internal/longtest"
)

var catalogo = domain.NewCatalog(domain.Aggregate{Category: "prova", Entries: []domain.Entry{domain.Of[storetest.Nota]()}}, sistema.Aggregate)

const nomeFile = "events.db"

// rovinabile is how the stores are opened that are tampered with: small, as each is
// written, copied and read thousands of times.
var rovinabile = eventlog.Options{WAL: 1 << 16, Journal: 1 << 16, Readers: 1}

// inMemoria is a new directory, in memory where the machine has such a place: what
// these stores hold need not outlast the power.
func inMemoria(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "sigilli-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// scriviFile writes events into a new file of the embedded store.
func scriviFile(t testing.TB, dir string, eventi []eventstore.Stored) {
	t.Helper()
	l, err := eventlog.Open(filepath.Join(dir, nomeFile), rovinabile)
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
	l, err := eventlog.Open(filepath.Join(dir, nomeFile), rovinabile)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	if err := r.controlla(ctx, l, r.verifica(false)); err != nil {
		return nil, err
	}
	return leggiTutto(ctx, l)
}

// controlla holds a log against everything.
func (r *registro) controlla(ctx context.Context, l *eventlog.Log, v sigilli.Verifica) error {
	c, err := l.Check(ctx)
	if err != nil {
		return err
	}
	v.Registro = eventstore.Checking{Direct: eventstore.Direct{Log: l, Catalog: catalogo}, Check: c}
	if _, err := v.Esegui(ctx); err != nil {
		return err
	}
	return c.End(ctx)
}

// leggiTutto reads a log from its beginning, and each stream by its index.
func leggiTutto(ctx context.Context, l *eventlog.Log) (letto []eventstore.Stored, err error) {
	for e, err := range (eventstore.Direct{Log: l, Catalog: catalogo}).All(ctx, 0, false) {
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
	dal, al := longtest.Seeds(t, 300, 10_000)
	r := pieno(t)
	intatto := inMemoria(t)
	scriviFile(t, intatto, r.eventi)
	era, err := r.esamina(t.Context(), intatto)
	if err != nil || len(era) != 2*len(r.eventi) {
		t.Fatal("the store that nobody changed: ", len(era), err)
	}
	var vecchi []string
	for i, e := range r.eventi[:len(r.eventi)-1] {
		if e.Stream == sistema.FlussoSigilli { // as a copy of the directory was made when a seal had just been written
			vecchi = append(vecchi, inMemoria(t))
			scriviFile(t, vecchi[len(vecchi)-1], r.eventi[:i+1])
		}
	}
	trovate, innocue, sfuggite := map[string]int{}, 0, 0
	for i := dal; i < al; i++ {
		caso := rand.New(rand.NewPCG(20, i))
		dir := inMemoria(t)
		tipo := caso.IntN(len(manomette) + 3 + 2)
		nome := "bytes of the file"
		switch resto := tipo - len(manomette) - 3; {
		case resto == 0:
			copiaFile(t, intatto, dir)
			nome = conSQL(t, caso, filepath.Join(dir, nomeFile))
		case resto == 1:
			nome = "older copy of the directory"
			copiaFile(t, vecchi[caso.IntN(len(vecchi))], dir)
		case tipo < len(manomette):
			m := manomette[tipo]
			nome = m.nome
			eventi := m.fai(caso, slices.Clone(r.eventi))
			if caso.IntN(2) == 0 {
				eventi, nome = incatena(eventi), nome+", chains anew"
			}
			scriviFile(t, dir, eventi)
		default:
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
			sfuggite++
			t.Errorf("tampering %d (%s) goes unnoticed", i, nome)
		}
		if err := os.RemoveAll(dir); err != nil { // now: a part has ten thousand
			t.Fatal(err)
		}
	}
	longtest.Metric(t, "R-20", "tried", al-dal, "changed-no-answer", innocue, "undetected", sfuggite)
	t.Logf("found: %v", trovate)
}

// statements are what somebody does with sqlite3 who knows nothing of checksums and
// chains; %d are positions.
var statements = []struct{ nome, sql string }{
	{"edit by a statement", "UPDATE events SET data = CAST(replace(CAST(data AS TEXT), 'nota', 'note') AS BLOB) WHERE position = %[1]d"},
	{"edit of metadata by a statement", "UPDATE events SET metadata = CAST(replace(CAST(metadata AS TEXT), 'CASE_MANAGER', 'AUDITOR') || ' ' AS BLOB) WHERE position = %[1]d"},
	{"delete by a statement", "DELETE FROM events WHERE position = %[1]d"},
	{"insert by a statement", "INSERT INTO events SELECT position + 1, stream, revision, id, type, json, created, data, metadata, crc FROM events WHERE position = %[1]d"},
	{"roll back by a statement", "DELETE FROM events WHERE position >= %[1]d"},
	{"swap by statements", "UPDATE events SET position = 1 WHERE position = %[1]d; UPDATE events SET position = %[1]d WHERE position = %[2]d; UPDATE events SET position = %[2]d WHERE position = 1"},
	{"another stream's event by a statement", "UPDATE events SET stream = 'prova-9' WHERE position = %[1]d"},
}

// conSQL changes a store by a statement.
func conSQL(t testing.TB, caso *rand.Rand, file string) string {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	var posizioni []int64
	righe, err := db.Query("SELECT position FROM events")
	for err == nil && righe.Next() {
		posizioni = append(posizioni, 0)
		err = righe.Scan(&posizioni[len(posizioni)-1])
	}
	quale := statements[caso.IntN(len(statements))]
	due := caso.Perm(len(posizioni))
	if err == nil {
		_, err = db.Exec(fmt.Sprintf(quale.sql+" -- %[1]d %[2]d", posizioni[due[0]], posizioni[due[1]]))
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(quale.nome, err)
	}
	return quale.nome
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
