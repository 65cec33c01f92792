package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"nucleo/eventstore/memory"
)

// All read models stand in one search path: a query that names a table of its
// own model which another has before it would read the wrong one, without a word.
func TestQueriesReadTheTablesOfTheirOwnModel(t *testing.T) {
	pool := costruisci(t, memory.New(eventi))
	prima := map[string]string{} // the model that a name of a table means
	for _, m := range modelli {
		modello, _, _ := strings.Cut(m.ID(), "_v")
		rows, err := pool.Query(t.Context(), `SELECT table_name FROM information_schema.tables WHERE table_schema = $1`, m.ID())
		if err != nil {
			t.Fatal(err)
		}
		tabelle, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || len(tabelle) == 0 {
			t.Fatal(m.ID(), tabelle, err)
		}
		lette := letteDa(t, modello)
		for _, tabella := range tabelle {
			if altro, doppia := prima[tabella]; doppia && lette[tabella] {
				t.Errorf(`%s reads its table %s, which is that of %s: give it another name (db:"…")`, modello, tabella, altro)
			} else if !doppia {
				prima[tabella] = modello
			}
		}
	}
}

// letteDa are the tables that the queries of a read model name.
func letteDa(t *testing.T, modello string) map[string]bool {
	t.Helper()
	file, err := filepath.Glob("../../projections/" + modello + "/*.go")
	if err != nil || len(file) == 0 {
		t.Fatal(modello, err)
	}
	lette := map[string]bool{}
	for _, f := range file {
		testo, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?:FROM|JOIN|Da: +") ?([a-z_]+)`).FindAllStringSubmatch(string(testo), -1) {
			lette[m[1]] = true
		}
	}
	return lette
}
