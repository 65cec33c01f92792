package ambiti

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"nucleo/domain"
)

// DB is what the queries need of a pgxpool.Pool.
type DB interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}

// Voce is an ambito with its code and its comuni (Belfiore).
type Voce struct {
	Codice string
	Riga
	Comuni []string
}

const voci = `SELECT codice, denominazione, regione, cerca, numero_comuni,
	ARRAY(SELECT comune FROM comuni WHERE ambito = codice ORDER BY comune) FROM ambiti `

func voce(row pgx.CollectableRow) (v Voce, err error) {
	return v, row.Scan(&v.Codice, &v.Denominazione, &v.Regione, &v.Cerca, &v.NumeroComuni, &v.Comuni)
}

// Trova is the ambito of a code. It reports whether there is one.
func Trova(ctx context.Context, db DB, codice string) (Voce, bool, error) {
	rows, err := db.Query(ctx, voci+`WHERE codice = $1`, leggibile(codice))
	return una(rows, err, voce)
}

// Di is the code of the ambito that a comune belongs to. It reports whether
// it belongs to any.
func Di(ctx context.Context, db DB, comune string) (string, bool, error) {
	rows, err := db.Query(ctx, `SELECT ambito FROM comuni WHERE comune = $1`, leggibile(comune))
	return una(rows, err, pgx.RowTo[string])
}

// Comuni are those of an ambito, sorted.
func Comuni(ctx context.Context, db DB, codice string) ([]string, error) {
	rows, err := db.Query(ctx, `SELECT comune FROM comuni WHERE ambito = $1 ORDER BY comune`, leggibile(codice))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Filtro is a search among the ambiti, sorted by name.
type Filtro struct {
	Ambito  string // the only one that the caller may see; empty for all
	Testo   string // each word begins a word of the name
	Limite  int    // 10, 25, 50 or 100
	Cursore string // of the page before
}

// Pagina is a page of the list, as of one moment.
type Pagina struct {
	Voci      []Voce
	Cursore   string // of the next page; empty after the last
	Totale    int
	Posizione uint64 // of the log, up to which the list is told
}

// Refusals of a search.
var (
	ErrLimite  = domain.Refuse(domain.Invalid, "ricerca.limite_non_valido", "a page has 10, 25, 50 or 100 rows")
	ErrTesto   = domain.Refuse(domain.Invalid, "ricerca.testo_non_valido", "a criterion is at most 200 characters of text")
	ErrCursore = domain.Refuse(domain.Invalid, "ricerca.cursore_non_valido", "the cursor is not one that this service gave: start from the first page")
)

// Elenco answers one page of a search.
func Elenco(ctx context.Context, db DB, f Filtro) (Pagina, error) {
	dopo, err := base64.RawURLEncoding.DecodeString(f.Cursore)
	switch {
	case !slices.Contains([]int{10, 25, 50, 100}, f.Limite):
		return Pagina{}, ErrLimite.At("limit")
	case leggibile(f.Testo) != f.Testo || utf8.RuneCountInString(f.Testo) > 200:
		return Pagina{}, ErrTesto.At("testo")
	case err != nil || leggibile(string(dopo)) != string(dopo):
		return Pagina{}, ErrCursore.At("cursor")
	}
	rows, err := db.Query(ctx, `WITH trovati AS MATERIALIZED (
			SELECT codice FROM ambiti WHERE ($1 = '' OR codice = $1)
			AND NOT EXISTS (SELECT FROM unnest($2::text[]) AS parola WHERE strpos(' ' || cerca, ' ' || parola) = 0))
		SELECT greatest((SELECT posizione FROM proiezioni.avanzamento WHERE proiezione = $3), 0), (SELECT count(*) FROM trovati), p.*
		FROM (VALUES (1)) AS uno LEFT JOIN (`+voci+`
			WHERE codice IN (SELECT codice FROM trovati)
			AND ($4 = '' OR (cerca, codice) > ((SELECT cerca FROM ambiti WHERE codice = $4), $4))
			ORDER BY cerca, codice LIMIT $5) AS p ON true`,
		f.Ambito, strings.Fields(testo(f.Testo)), Projection.ID(), string(dopo), f.Limite+1)
	if err != nil {
		return Pagina{}, fmt.Errorf("search ambiti: %w", err)
	}
	p, err := leggi(rows)
	if err != nil {
		return Pagina{}, fmt.Errorf("search ambiti: %w", err)
	}
	if len(p.Voci) > f.Limite {
		p.Voci = p.Voci[:f.Limite]
		p.Cursore = base64.RawURLEncoding.EncodeToString([]byte(p.Voci[f.Limite-1].Codice))
	}
	return p, nil
}

// leggi reads a page. Its first two columns stand alone when it is empty.
func leggi(rows pgx.Rows) (p Pagina, err error) {
	defer rows.Close()
	for rows.Next() {
		var v Voce
		to := []any{&p.Posizione, &p.Totale, &v.Codice, &v.Denominazione, &v.Regione, &v.Cerca, &v.NumeroComuni, &v.Comuni}
		vuota := rows.RawValues()[2] == nil
		if vuota {
			to = append(to[:2], nil, nil, nil, nil, nil, nil)
		}
		if err := rows.Scan(to...); err != nil {
			return Pagina{}, err
		}
		if !vuota {
			p.Voci = append(p.Voci, v)
		}
	}
	return p, rows.Err()
}

// leggibile is a text without what Postgres cannot hold: such a code is none.
func leggibile(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "") }

// una reads one row, or none.
func una[T any](rows pgx.Rows, err error, to pgx.RowToFunc[T]) (v T, found bool, _ error) {
	if err != nil {
		return v, false, err
	}
	v, err = pgx.CollectExactlyOneRow(rows, to)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, false, nil
	}
	return v, err == nil, err
}
