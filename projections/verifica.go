package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const verifying = "_verifica"

// Differenza is the first row of a table that is not what the log says.
type Differenza struct {
	Tabella string
	Attese  int64  // rows that the log makes
	Trovate int64  // rows that are stored
	Chiave  string // of one that differs, as Postgres writes it; it may name a person
}

// ErrCambiata says that what was compared changed meanwhile.
var ErrCambiata = errors.New("parked streams have changed meanwhile: verify again")

// Verifica makes a model's tables from the log in a schema of their own and
// compares them with those that are stored, row by row, at the same position.
// It returns nothing when all are equal. Parked streams count up to where they
// were parked; one that was released (Sblocca) may differ where order counts.
// The leader goes on meanwhile.
func Verifica(ctx context.Context, pool *pgxpool.Pool, origin Origin, log *slog.Logger, of Model) (differ []Differenza, err error) {
	l, err := connect(ctx, pool)
	if err != nil {
		return nil, err
	}
	defer l.close()
	b := newBuilder(pool, origin, log)
	b.suffix = verifying
	b.prepare = copyParked
	err = pool.QueryRow(ctx, `SELECT posizione FROM proiezioni.avanzamento WHERE proiezione = $1`, of.ID()).Scan(&b.until)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNonCostruita
	}
	if err != nil {
		return nil, fmt.Errorf("verify %s: %w", of.ID(), err)
	}
	schema := of.ID() + verifying
	if err := drop(ctx, l, schema); err != nil && !errors.Is(err, ErrFenced) {
		return nil, fmt.Errorf("verify %s: %w", of.ID(), err)
	}
	defer func() {
		ctx, cancel := grace(ctx, 5*time.Second)
		defer cancel()
		if dropped := drop(ctx, l, schema); dropped != nil && err == nil {
			err = dropped
		}
	}()
	if err := b.build(ctx, []Model{of}, false); err != nil {
		return nil, fmt.Errorf("verify %s: %w", of.ID(), err)
	}
	differ, err = compare(ctx, l, origin, of)
	if err != nil {
		return nil, fmt.Errorf("verify %s: %w", of.ID(), err)
	}
	return differ, nil
}

// copyParked parks in the new tables what is parked in those to be compared.
func copyParked(ctx context.Context, l *link, m *model) error {
	_, err := l.conn.Exec(ctx, `INSERT INTO proiezioni.parcheggiati SELECT $2, flusso, versione, posizione, motivo, dal
		FROM proiezioni.parcheggiati WHERE proiezione = $1`, m.of.ID(), m.id)
	return err
}

// compare brings the new tables to where the others stand now, in a snapshot
// of them, and looks for rows that differ.
func compare(ctx context.Context, l *link, origin Origin, of Model) (differ []Differenza, err error) {
	tx, err := l.conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // nothing of it is kept
	at, err := l.takeOver(ctx, []string{of.ID() + verifying})
	if err != nil {
		return nil, err
	}
	m, live := of.open(of.ID()+verifying, origin.Pepe), of.open(of.ID(), origin.Pepe)
	mine := at[m.id]
	m.epoca = mine.epoca
	there := int64(0)
	if err := tx.QueryRow(ctx, `SELECT posizione FROM proiezioni.avanzamento WHERE proiezione = $1`, live.id).Scan(&there); err != nil {
		return nil, fenced(err)
	}
	w := writer{limits: usual, link: l, models: []*model{m}, inside: true, memory: &memory{limit: usual.memory}}
	w.position.Store(mine.position)
	if err := errors.Join(m.load(ctx, l, true), live.load(ctx, l, true)); err != nil {
		return nil, err
	}
	for stream, p := range m.parked {
		if live.parked[stream] != p {
			return nil, ErrCambiata
		}
	}
	m.parked = maps.Clone(live.parked)
	p := &pass{origin: origin}
	for batch, err := range p.batches(ctx, mine.position, there, w.models, usual.batch) {
		if err == nil {
			err = w.handle(ctx, batch)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for i, t := range m.tables {
		d, err := difference(ctx, tx, t.rel(), live.tables[i].rel())
		if err != nil {
			return nil, err
		}
		if d.Chiave != "" || d.Attese != d.Trovate {
			differ = append(differ, d)
		}
	}
	return differ, nil
}

// difference compares two tables as bags of rows.
func difference(ctx context.Context, tx pgx.Tx, want, have *relation) (Differenza, error) {
	d := Differenza{Tabella: have.name}
	cols := list(have.columns(), "NAME")
	keys := have.keys
	if keys == nil {
		keys = have.columns()[:1]
	}
	sql := fmt.Sprintf(`SELECT (SELECT count(*) FROM %[1]s), (SELECT count(*) FROM %[2]s), coalesce((
		SELECT ROW(%[4]s)::text FROM (
			(SELECT %[3]s FROM %[1]s EXCEPT ALL SELECT %[3]s FROM %[2]s) UNION ALL (SELECT %[3]s FROM %[2]s EXCEPT ALL SELECT %[3]s FROM %[1]s)
		) AS d ORDER BY %[4]s LIMIT 1), '')`, want.name, have.name, cols, list(keys, "NAME"))
	err := tx.QueryRow(ctx, sql).Scan(&d.Attese, &d.Trovate, &d.Chiave)
	return d, err
}
