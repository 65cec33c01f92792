package cruscotto

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/jackc/pgx/v5"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections"
)

// DB is what the queries need of a pgxpool.Pool.
type DB interface {
	BeginTx(context.Context, pgx.TxOptions) (pgx.Tx, error)
}

// Filtro is which cases a figure counts. Territorio is what the caller may see.
type Filtro struct {
	Territorio domain.Territorio
	Ambito     string
	Comune     string
	Misura     caso.Misura
	Dal, Al    giorno.Giorno // of the domanda, or of what happened; zero: without bound
}

// Generale is the first section: how many cases stand where.
type Generale struct {
	Conti
	Posizione uint64 // of the log, up to which it is told
}

// DelComune are the figures of one comune.
type DelComune struct {
	Comune string
	Conti
}

// DelCaseManager is the desk of one case manager.
type DelCaseManager struct {
	CaseManager id.Operatore
	Carico
}

// Ambito is the second section: by comune, and by case manager.
type Ambito struct {
	Comuni      []DelComune
	CaseManager []DelCaseManager
	Posizione   uint64
}

// Periodo is what happened in a stretch of days that begins on one.
type Periodo struct {
	Dal giorno.Giorno
	Fatti
}

// Andamento is the third section: what happened, stretch by stretch.
type Andamento struct {
	Periodi   []Periodo // those in which something happened, in their order
	Posizione uint64
}

// Passo is how long a stretch is.
type Passo string

// The stretches.
const (
	AlGiorno      Passo = "GIORNO"
	AllaSettimana Passo = "SETTIMANA" // from a Monday
	AlMese        Passo = "MESE"
)

// tronca is the first day of the stretch that a day lies in, for Postgres.
var tronca = map[Passo]string{AlGiorno: "day", AllaSettimana: "week", AlMese: "month"}

// LeggiGenerale counts all that the filter lets through.
func LeggiGenerale(ctx context.Context, db DB, f Filtro) (g Generale, err error) {
	err = leggendo(ctx, db, &g.Posizione, func(tx pgx.Tx) error {
		dove, args := f.sql("presentazione")
		return tx.QueryRow(ctx, `SELECT `+somme[Conti]()+` FROM conti_gruppo WHERE `+dove, args...).Scan(campi(&g.Conti)...)
	})
	return g, err
}

// LeggiAmbito counts by comune, the most populous in cases first, and by case
// manager.
func LeggiAmbito(ctx context.Context, db DB, f Filtro) (a Ambito, err error) {
	err = leggendo(ctx, db, &a.Posizione, func(tx pgx.Tx) error {
		dove, args := f.sql("presentazione")
		rows, err := tx.Query(ctx, `SELECT comune, `+somme[Conti]()+` FROM conti_gruppo WHERE `+dove+` GROUP BY comune ORDER BY sum(nuclei) DESC, comune`, args...)
		if err != nil {
			return err
		}
		if a.Comuni, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c DelComune, err error) {
			return c, row.Scan(append([]any{&c.Comune}, campi(&c.Conti)...)...)
		}); err != nil {
			return err
		}
		f.Misura, f.Dal, f.Al = "", 0, 0 // desks hold cases of all kinds
		dove, args = f.sql("")
		rows, err = tx.Query(ctx, `SELECT case_manager, `+somme[Carico]()+` FROM carichi_comune WHERE `+dove+` GROUP BY case_manager ORDER BY sum(assegnati) DESC, case_manager`, args...)
		if err != nil {
			return err
		}
		a.CaseManager, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c DelCaseManager, err error) {
			return c, row.Scan(append([]any{&c.CaseManager}, campi(&c.Carico)...)...)
		})
		return err
	})
	return a, err
}

// LeggiAndamento counts what happened in the days of the filter.
func LeggiAndamento(ctx context.Context, db DB, f Filtro, p Passo) (a Andamento, err error) {
	err = leggendo(ctx, db, &a.Posizione, func(tx pgx.Tx) error {
		dove, args := f.sql("giorno")
		rows, err := tx.Query(ctx, fmt.Sprintf(`SELECT date_trunc('%s', giorno)::date - DATE '0001-01-01' AS dal, %s FROM fatti_giorno WHERE %s GROUP BY dal ORDER BY dal`,
			tronca[p], somme[Fatti](), dove), args...)
		if err != nil {
			return err
		}
		a.Periodi, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (v Periodo, err error) {
			return v, row.Scan(append([]any{(*int32)(&v.Dal)}, campi(&v.Fatti)...)...)
		})
		return err
	})
	return a, err
}

// leggendo reads, all of it as of one moment, and up to which position that is.
func leggendo(ctx context.Context, db DB, posizione *uint64, leggi func(pgx.Tx) error) error {
	tx, err := db.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return fmt.Errorf("read the dashboard: %w", err)
	}
	defer func() { _ = tx.Rollback(ctx) }() // nothing was written
	err = tx.QueryRow(ctx, `SELECT greatest(posizione, 0) FROM proiezioni.avanzamento WHERE proiezione = $1`, Projection.ID()).Scan(posizione)
	if err == nil {
		err = leggi(tx)
	}
	if err != nil {
		return fmt.Errorf("read the dashboard: %w", err)
	}
	return nil
}

// sql is the filter, with the column of its days; none when it has none.
func (f Filtro) sql(giorno string) (string, []any) {
	dove, args := []string{"true"}, []any(nil)
	e := func(vale bool, sql string, v any) {
		if vale {
			args = append(args, v)
			dove = append(dove, fmt.Sprintf(sql, len(args)))
		}
	}
	e(f.Territorio.Ambito != "", "ambito = $%d", f.Territorio.Ambito)
	e(len(f.Territorio.Comuni) > 0, "comune = ANY($%d::text[])", f.Territorio.Comuni)
	e(f.Ambito != "", "ambito = $%d", f.Ambito)
	e(f.Comune != "", "comune = $%d", f.Comune)
	e(f.Misura != "", "misura = $%d", string(f.Misura))
	e(!f.Dal.IsZero(), giorno+" >= $%d", f.Dal.Time())
	e(!f.Al.IsZero(), giorno+" <= $%d", f.Al.Time())
	return strings.Join(dove, " AND "), args
}

// somme adds up every counter of a struct of counters, in the order of its
// fields; campi are where they are scanned to.
func somme[T any]() string {
	var sql []string
	for _, colonna := range projections.Colonne[T]() {
		sql = append(sql, "coalesce(sum("+colonna+"), 0)::bigint")
	}
	return strings.Join(sql, ", ")
}

func campi[T any](t *T) (dove []any) {
	v := reflect.ValueOf(t).Elem()
	for i := range v.NumField() {
		dove = append(dove, v.Field(i).Addr().Interface())
	}
	return dove
}
