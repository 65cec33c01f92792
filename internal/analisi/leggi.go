package analisi

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

// DB is what the queries need of a pgxpool.Pool.
type DB interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
	QueryRow(context.Context, string, ...any) pgx.Row
}

// Filtro is which rows of a view are read. Territorio is what the caller may
// see: who sees some comuni of an ambito sees no figure of the whole.
type Filtro struct {
	Territorio domain.Territorio
	Ambito     string
	Dal, Al    giorno.Giorno // of the period; zero: without bound
	Da         int           // rows that are passed over
	Limite     int           // rows at most; 0 for all
}

// Estratto is rows of a view, with what a reader must know of them.
type Estratto struct {
	Vista      Vista
	Filtro     Filtro
	Righe      [][]*string // each column as Postgres writes it; nil is NULL
	Ancora     bool        // there are more
	FinoAl     giorno.Giorno
	Posizione  uint64
	Pubblicata time.Time
}

// Leggi reads rows of a view, in the order of its columns.
func Leggi(ctx context.Context, db DB, v Vista, f Filtro) (e Estratto, err error) {
	e = Estratto{Vista: v, Filtro: f, Righe: [][]*string{}}
	dove, args := f.sql(v)
	colonne, ordine := make([]string, len(v.Colonne)), []string{}
	for i, c := range v.Colonne {
		colonne[i] = c.Nome + "::text"
		if c.etichetta() {
			ordine = append(ordine, c.Nome)
		}
	}
	sql := fmt.Sprintf(`SELECT %s FROM analisi.%s WHERE %s ORDER BY %s`, strings.Join(colonne, ", "), v.Nome, dove, strings.Join(ordine, ", "))
	if f.Limite > 0 {
		sql += fmt.Sprintf(` LIMIT %d OFFSET %d`, f.Limite+1, f.Da)
	}
	rows, err := db.Query(ctx, sql, args...)
	if err == nil {
		e.Righe, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]*string, error) {
			valori, dove := make([]*string, len(v.Colonne)), make([]any, len(v.Colonne))
			for i := range valori {
				dove[i] = &valori[i]
			}
			return valori, row.Scan(dove...)
		})
	}
	if err != nil {
		return e, fmt.Errorf("read %s: %w", v.Nome, err)
	}
	if e.Ancora = f.Limite > 0 && len(e.Righe) > f.Limite; e.Ancora {
		e.Righe = e.Righe[:f.Limite]
	}
	var fino time.Time
	var posizione int64
	err = db.QueryRow(ctx, `SELECT coalesce(min(fino_al), '0001-01-01'), coalesce(min(posizione), 0), coalesce(min(pubblicata), '0001-01-01 00:00:00+00')
		FROM analisi.pubblicazioni WHERE $1 = '' OR ambito = $1`, f.ambito()).Scan(&fino, &posizione, &e.Pubblicata)
	e.FinoAl, e.Posizione, e.Pubblicata = giorno.Di(fino), uint64(posizione), e.Pubblicata.UTC()
	return e, err
}

// etichetta reports whether a column says what a row is about.
func (c Colonna) etichetta() bool { return c.Tipo == "text" || c.Tipo == "date" }

// numero reports whether a column holds numbers.
func (c Colonna) numero() bool { return c.Tipo == "integer" || c.Tipo == "decimal" }

func (f Filtro) ambito() string {
	if f.Territorio.Ambito != "" {
		return f.Territorio.Ambito
	}
	return f.Ambito
}

func (f Filtro) sql(v Vista) (string, []any) {
	dove, args := []string{"true"}, []any(nil)
	e := func(vale bool, sql string, v any) {
		if vale {
			args = append(args, v)
			dove = append(dove, fmt.Sprintf(sql, len(args)))
		}
	}
	periodo := v.Colonne[0].Nome
	e(f.Territorio.Ambito != "", "ambito = $%d", f.Territorio.Ambito)
	e(f.Ambito != "", "ambito = $%d", f.Ambito)
	e(!f.Dal.IsZero(), periodo+" >= $%d", f.Dal.Time())
	e(!f.Al.IsZero(), periodo+" <= $%d", f.Al.Time())
	switch comuni := f.Territorio.Comuni; {
	case len(comuni) > 0 && v.PerComune():
		e(true, "comune = ANY($%d::text[])", comuni)
	case len(comuni) > 0:
		dove = append(dove, "false")
	}
	return strings.Join(dove, " AND "), args
}

// Colonna is the place of a column in the rows, or -1.
func (e Estratto) Colonna(nome string) int {
	return slices.IndexFunc(e.Vista.Colonne, func(c Colonna) bool { return c.Nome == nome })
}
