package oblio

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Tabelle is the database in which nothing may be left: the tables of read
// models, of versions and of days that are over, of sessions, jobs and files, and
// whatever else lies there.
type Tabelle struct{ Pool *pgxpool.Pool }

// tabella is one of them, with the columns that can hold a text.
type tabella struct {
	schema, nome string
	colonne      []string
	testi        []string // SQL, one a column
	uuid         []string // those that may name whose a row is
}

func (t tabella) String() string { return pgx.Identifier{t.schema, t.nome}.Sanitize() }

// tutte are all tables that the program may read. Numbers, days and instants
// name nobody.
func (t Tabelle) tutte(ctx context.Context) (all []tabella, err error) {
	rows, err := t.Pool.Query(ctx, `SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, NULL)
		FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_toast%' AND n.nspname NOT LIKE 'pg\_temp%'
		AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1, 2, a.attnum`)
	if err != nil {
		return nil, err
	}
	var schema, nome string
	var colonna, tipo *string
	_, err = pgx.ForEachRow(rows, []any{&schema, &nome, &colonna, &tipo}, func() error {
		if n := len(all); n == 0 || all[n-1].schema != schema || all[n-1].nome != nome {
			all = append(all, tabella{schema: schema, nome: nome})
		}
		if colonna != nil {
			all[len(all)-1].colonna(*colonna, *tipo)
		}
		return nil
	})
	return all, err
}

// senzaTesto are the types of which no value names anybody.
var senzaTesto = []string{"boolean", "smallint", "integer", "bigint", "real", "double precision", "numeric", "date", "timestamp with time zone", "timestamp without time zone", "interval", "oid"}

func (t *tabella) colonna(nome, tipo string) {
	sql := pgx.Identifier{nome}.Sanitize()
	switch {
	case slices.Contains(senzaTesto, tipo):
		return
	case tipo == "uuid":
		t.uuid = append(t.uuid, sql)
		sql += "::text"
	case tipo == "bytea":
		sql = "encode(" + sql + ", 'escape')"
	default:
		sql += "::text"
	}
	t.colonne, t.testi = append(t.colonne, nome), append(t.testi, `lower(`+sql+` COLLATE "C")`)
}

// riscontro is a row that holds something that is looked for.
type riscontro struct {
	cosa    int         // which of what is looked for
	di      []uuid.UUID // the ids in the row
	colonne []string
}

// massimoRiscontri is from how many rows on a text tells nobody from others: a
// phrase that a form puts into half of all cases.
const massimoRiscontri = 2_000

// guarda looks through a table. Its rows are counted with it.
func (t Tabelle) guarda(ctx context.Context, dove tabella, cosa []cercato) (righe int, trovati []riscontro, err error) {
	err = pgx.BeginTxFunc(ctx, t.Pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 0`); err != nil { // it is read whole
			return err
		}
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM `+dove.String()).Scan(&righe); err != nil || len(dove.colonne) == 0 {
			return err
		}
		uno, due := make([]string, len(cosa)), make([]string, len(cosa))
		for i, c := range cosa {
			uno[i], due[i] = c.uno, c.due
		}
		rows, err := tx.Query(ctx, dove.sql(), uno, due, massimoRiscontri)
		if err != nil {
			return err
		}
		trovati, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r riscontro, err error) {
			err = row.Scan(&r.cosa, &r.di, &r.colonne)
			r.cosa--
			return r, err
		})
		return err
	})
	var via *pgconn.PgError
	if errors.As(err, &via) && (via.Code == "42P01" || via.Code == "3F000") { // it was dropped meanwhile
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, fmt.Errorf("look through %s: %w", dove, err)
	}
	return righe, trovati, nil
}

// sql finds rows by texts; of those that are too many, one more than there may be.
func (t tabella) sql() string {
	var colonne, uno, due []string
	for i, testo := range t.testi {
		intero := func(quale string) string {
			return fmt.Sprintf(`(%s = %s OR strpos(%[1]s, '"' || %[2]s || '"') > 0)`, testo, quale)
		}
		uno, due = append(uno, intero("uno")), append(due, intero("due"))
		colonne = append(colonne, fmt.Sprintf(`CASE WHEN CASE due WHEN '' THEN strpos(%s, uno) > 0 ELSE %s OR %s END THEN '%s' END`, testo, uno[i], due[i], strings.ReplaceAll(t.colonne[i], "'", "''")))
	}
	return fmt.Sprintf(`SELECT n, di, colonne FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS cosa (uno, due, n) CROSS JOIN LATERAL (
			SELECT ARRAY[%s]::uuid[] AS di, array_remove(ARRAY[%s], NULL) AS colonne FROM %s
			WHERE CASE due WHEN '' THEN strpos(concat_ws(E'\n', %s), uno) > 0 ELSE (%s) AND (%s) END LIMIT $3 + 1
		) AS r`, strings.Join(t.uuid, ", "), strings.Join(colonne, ", "), t, strings.Join(t.testi, ", "), strings.Join(uno, " OR "), strings.Join(due, " OR "))
}
