// Package custodia keeps the files of operators, in Postgres, until they are
// applied or expire: every replica finds them there, and they go with the
// database, not with a machine.
package custodia

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/commands"
	"nucleo/domain/id"
)

// Custodia implements commands.Custodia.
type Custodia struct{ pool *pgxpool.Pool }

var _ commands.Custodia = Custodia{}

// Apri makes the table when it is missing.
func Apri(ctx context.Context, pool *pgxpool.Pool) (Custodia, error) {
	_, err := pool.Exec(ctx, `
		SELECT pg_advisory_xact_lock(hashtext('file_operatori'));
		CREATE TABLE IF NOT EXISTS public.file_operatori (massivo uuid PRIMARY KEY, contenuto bytea NOT NULL, scade timestamptz NOT NULL)`)
	if err != nil {
		return Custodia{}, fmt.Errorf("create the table of the files of operators: %w", err)
	}
	return Custodia{pool}, nil
}

// Conserva keeps a file. Kept again, it is the same.
func (c Custodia) Conserva(ctx context.Context, m id.Massivo, contenuto []byte, scade time.Time) error {
	_, err := c.pool.Exec(ctx, `INSERT INTO public.file_operatori VALUES ($1, $2, $3) ON CONFLICT (massivo) DO NOTHING`, m.UUID, contenuto, scade)
	return err
}

// Leggi is a file, and whether it is kept.
func (c Custodia) Leggi(ctx context.Context, m id.Massivo) (contenuto []byte, found bool, err error) {
	err = c.pool.QueryRow(ctx, `SELECT contenuto FROM public.file_operatori WHERE massivo = $1`, m.UUID).Scan(&contenuto)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	return contenuto, err == nil, err
}

// Scarta drops a file. That it is gone already is well.
func (c Custodia) Scarta(ctx context.Context, m id.Massivo) error {
	_, err := c.pool.Exec(ctx, `DELETE FROM public.file_operatori WHERE massivo = $1`, m.UUID)
	return err
}

// Sola does something about a file while no other program does: a lock of the
// connection says so. It reports whether it was done. A connection that is lost
// meanwhile lets another program begin, which finds on the streams what was done.
func (c Custodia) Sola(ctx context.Context, m id.Massivo, fa func(context.Context) error) (done bool, err error) {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Release()
	var preso bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(hashtextextended($1::text, 0))`, "massivo/"+m.String()).Scan(&preso); err != nil || !preso {
		return false, err
	}
	defer func() {
		senza := context.WithoutCancel(ctx)
		if _, male := conn.Exec(senza, `SELECT pg_advisory_unlock(hashtextextended($1::text, 0))`, "massivo/"+m.String()); male != nil {
			_ = conn.Conn().Close(senza) // the lock goes with the connection
		}
	}()
	return true, fa(ctx)
}

// Conservati are the files that are kept, and whether each has expired by an
// instant.
func (c Custodia) Conservati(ctx context.Context, adesso time.Time) (map[id.Massivo]bool, error) {
	rows, err := c.pool.Query(ctx, `SELECT massivo, scade < $1 FROM public.file_operatori`, adesso)
	if err != nil {
		return nil, err
	}
	all, m, scaduto := map[id.Massivo]bool{}, id.Massivo{}, false
	_, err = pgx.ForEachRow(rows, []any{&m.UUID, &scaduto}, func() error {
		all[m] = scaduto
		return nil
	})
	return all, err
}
