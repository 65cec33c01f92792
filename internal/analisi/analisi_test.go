package analisi_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain/giorno"
	"nucleo/internal/analisi"
	"nucleo/internal/postgres/pgtest"
)

var update = flag.Bool("update", false, "write docs/dizionario-dati.md anew")

func preparato(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(context.Background(), pgtest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	for range 2 { // asked again, it changes nothing
		if err := analisi.Prepara(t.Context(), pool); err != nil {
			t.Fatal(err)
		}
	}
	return pool
}

// colonna is one column of the schema, as the catalogue of the database has it.
type colonna struct{ Vista, VistaCosa, Nome, Tipo, Cosa string }

func catalogo(t *testing.T, pool *pgxpool.Pool) []colonna {
	t.Helper()
	rows, err := pool.Query(t.Context(), `SELECT c.relname, coalesce(obj_description(c.oid), ''), a.attname, format_type(a.atttypid, a.atttypmod), coalesce(col_description(c.oid, a.attnum), '')
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace = 'analisi'::regnamespace ORDER BY c.relname, a.attnum`)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[colonna])
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The dictionary says what the catalogue of a database says, and of every
// column something.
func TestTheDictionaryIsTheCatalogue(t *testing.T) {
	var d strings.Builder
	d.WriteString("# Dizionario dei dati\n\nThe views of the schema `analisi`, as their comments in PostgreSQL describe them (`\\d+ analisi.*`). Written by\n" +
		"`go test ./internal/analisi -run Dictionary -update`; do not edit. How they are made, and what is left out, stands in [analisi.md](analisi.md).\n")
	vista := ""
	for _, c := range catalogo(t, preparato(t)) {
		if c.VistaCosa == "" || c.Cosa == "" {
			t.Errorf("%s.%s is not described", c.Vista, c.Nome)
		}
		if c.Vista != vista {
			vista = c.Vista
			fmt.Fprintf(&d, "\n## %s\n\n%s\n\n| Column | Type | What it says |\n|---|---|---|\n", c.Vista, c.VistaCosa)
		}
		fmt.Fprintf(&d, "| `%s` | %s | %s |\n", c.Nome, c.Tipo, c.Cosa)
	}
	const file = "../../docs/dizionario-dati.md"
	if *update {
		if err := os.WriteFile(file, []byte(d.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if diff := cmp.Diff(string(got), d.String()); diff != "" || err != nil {
		t.Errorf("%v: run go test ./internal/analisi -run Dictionary -update (-file +catalogue)\n%s", err, diff)
	}
}

// No column can tell two people apart: there is none for an id, and none but
// codes of places, measures and kinds holds text.
func TestNoColumnIsAboutAPerson(t *testing.T) {
	testi := map[string]bool{
		"ambito": true, "comune": true, "istat": true, "denominazione": true, "misura": true, "stato": true, "indicatore": true, "condizione": true,
		"fatto": true, "esito": true, "passaggio": true, "categoria": true,
	}
	for _, c := range catalogo(t, preparato(t)) {
		switch {
		case c.Tipo == "uuid" || c.Tipo == "bytea" || c.Tipo == "jsonb":
			t.Errorf("%s.%s is a %s", c.Vista, c.Nome, c.Tipo)
		case strings.HasPrefix(c.Tipo, "text") && !testi[c.Nome]:
			t.Errorf("%s.%s is a text that nobody has looked at", c.Vista, c.Nome)
		}
	}
}

func TestTheScriptOfTheAdministratorMayRunAgain(t *testing.T) {
	pool := preparato(t)
	if os.Getenv("TEST_DATABASE_URL") != "" {
		t.Skip("the role is made by a superuser")
	}
	var database string
	if err := pool.QueryRow(t.Context(), `SELECT current_database()`).Scan(&database); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), pgtest.Superuser(t, pool.Config().ConnString()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	for range 2 {
		if _, err := conn.Exec(t.Context(), analisi.SQL(database, "nucleo")); err != nil {
			t.Fatal(err)
		}
	}
	var puo bool
	if err := conn.QueryRow(t.Context(), `SELECT has_table_privilege($1, 'analisi.indicatori', 'SELECT') AND NOT has_schema_privilege($1, 'analisi_dati', 'USAGE')
		AND NOT has_database_privilege($1, current_database(), 'TEMP')`, analisi.Ruolo).Scan(&puo); err != nil || !puo {
		t.Errorf("an analyst reads the views and no more: %v (%v)", puo, err)
	}
}

func testo(s string) *string { return &s }

// estratto is an extract whose texts would be formulas.
func estratto() analisi.Estratto {
	v, _ := analisi.Cerca(analisi.EsitiAP)
	return analisi.Estratto{Vista: v, FinoAl: giorno.Data(2026, 5, 3), Righe: [][]*string{
		{testo("2026-04-01"), testo("=HYPERLINK(1)"), testo("@x"), testo("\tA"), testo("12"), testo("false")},
		{testo("2026-04-01"), testo("+1"), testo("-1"), testo("＝B"), nil, testo("true")},
		{testo("2026-03-01"), testo("PA42"), testo("ADI"), testo("A"), testo("7"), testo("false")},
	}}
}

func TestNoCellOfAFileIsAFormula(t *testing.T) {
	var b bytes.Buffer
	if err := analisi.ScriviCSV(&b, estratto()); err != nil {
		t.Fatal(err)
	}
	want := "mese,ambito,misura,esito,casi,soppressa\n2026-04-01,'=HYPERLINK(1),'@x,'\tA,12,false\n2026-04-01,'+1,'-1,'＝B,,true\n2026-03-01,PA42,ADI,A,7,false\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	if m := analisi.MetadatiDi(estratto(), "x.csv"); m.Soppresse != 1 || m.Righe != 3 || m.Data != "2026-05-03" || strings.Join(m.Schema.Chiave, " ") != "mese ambito misura esito" {
		t.Errorf("%+v", m)
	}
}

func TestAChartDrawsTheLastPeriodAndSaysWhatIsNotTold(t *testing.T) {
	var b bytes.Buffer
	if err := analisi.ScriviSVG(&b, estratto()); err != nil {
		t.Fatal(err)
	}
	svg := b.String()
	if strings.Count(svg, "stroke-dasharray") != 1 || !strings.Contains(svg, "non pubblicato") || strings.Contains(svg, ">7<") || !strings.Contains(svg, ">12<") {
		t.Error(svg)
	}
}
