package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Ricostruisci builds a model's tables anew from the log, beside those in
// use, and puts them in their place in one transaction: who reads never sees
// a hole, nor goes back (F-47). Parked streams are tried again. It may run
// while another process leads; interrupted, it goes on from what it stored.
func Ricostruisci(ctx context.Context, pool *pgxpool.Pool, origin Origin, log *slog.Logger, models ...Model) error {
	return newBuilder(pool, origin, log).build(ctx, models, true)
}

// Vecchie lists the schemas of models, and of versions of them, that this
// program does not know.
func Vecchie(ctx context.Context, pool *pgxpool.Pool, models []Model) ([]string, error) {
	rows, err := pool.Query(ctx, `SELECT proiezione FROM proiezioni.avanzamento ORDER BY proiezione`)
	if err != nil {
		return nil, fmt.Errorf("list old projections: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	known := names(models)
	return slices.DeleteFunc(all, func(schema string) bool {
		return strings.Contains(schema, passato) || slices.Contains(known, strings.TrimSuffix(strings.TrimSuffix(schema, beside), verifying))
	}), err
}

// ErrInUso says that a process projects these tables.
var ErrInUso = errors.New("a running program keeps these tables up to date")

// Elimina drops a schema that Vecchie named, with its checkpoint. It refuses
// while any process projects it.
func Elimina(ctx context.Context, pool *pgxpool.Pool, schema string) error {
	l, err := connect(ctx, pool)
	if err != nil {
		return err
	}
	defer l.close()
	held, err := l.tryLock(ctx, []string{schema})
	if err == nil && !held[schema] {
		err = ErrInUso
	}
	if err == nil {
		err = drop(ctx, l, schema)
	}
	if err != nil {
		return fmt.Errorf("drop %s: %w", schema, err)
	}
	return nil
}

// drop deletes a schema that has a checkpoint, so that no other can be meant.
func drop(ctx context.Context, l *link, schema string) error {
	return pgx.BeginFunc(ctx, l.conn, func(tx pgx.Tx) error {
		if err := mustTouch(tx.Exec(ctx, `DELETE FROM proiezioni.avanzamento WHERE proiezione = $1`, schema)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM proiezioni.parcheggiati WHERE proiezione = $1`, schema); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "DROP SCHEMA IF EXISTS "+pgx.Identifier{schema}.Sanitize()+" CASCADE")
		return err
	})
}
