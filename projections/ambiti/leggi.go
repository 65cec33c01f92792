package ambiti

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"nucleo/projections/elenco"
)

// DB is what the queries need of a pgxpool.Pool.
type DB interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}

// Voce is an ambito with its code and its comuni (Belfiore).
type Voce struct {
	Codice string
	Riga
	Comuni   []string
	Adesioni []AdesioneDi // in lists, of the comuni of which something was noted
}

// AdesioneDi is by what a comune belongs to the ambito.
type AdesioneDi struct {
	Comune string
	Adesione
}

// colonne are read in the order of dove.
var colonne = `codice, denominazione, regione, cerca, numero_comuni, autoapprovazione_vietata, ente, ` + elenco.Giorno("convenzione_ente") + `,
	ARRAY(SELECT comune FROM comuni WHERE ambito = codice ORDER BY comune)`

func (v *Voce) dove() []any {
	return []any{&v.Codice, &v.Denominazione, &v.Regione, &v.Cerca, &v.NumeroComuni, &v.AutoapprovazioneVietata, &v.Ente, (*int32)(&v.ConvenzioneEnte), &v.Comuni}
}

func voce(row pgx.CollectableRow) (v Voce, err error) { return v, row.Scan(v.dove()...) }

// Trova is the ambito of a code. It reports whether there is one.
func Trova(ctx context.Context, db DB, codice string) (Voce, bool, error) {
	rows, err := db.Query(ctx, `SELECT `+colonne+` FROM ambiti WHERE codice = $1`, leggibile(codice))
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
