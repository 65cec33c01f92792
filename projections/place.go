package projections

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// place indexes what was built and puts it where readers look.
func (b *builder) place(ctx context.Context, shadows []*model) error {
	all, ctx := errgroup.WithContext(ctx)
	all.SetLimit(2)
	for _, m := range shadows {
		all.Go(func() error {
			mine := *b // runs passes of its own
			mine.lanes, mine.told = nil, b.told
			return blame(m, mine.placeOne(ctx, m))
		})
	}
	return all.Wait()
}

func (b *builder) placeOne(ctx context.Context, m *model) error {
	l, err := connect(ctx, b.pool)
	if err != nil {
		return err
	}
	defer l.close()
	if err := b.index(ctx, l, m); causeOf(err) == data && err != nil {
		b.log.WarnContext(ctx, "index refused: building with care", "model", m.id, "err", err)
		if _, err := b.run(ctx, []*model{m}, unbuilt, false); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	for range 20 {
		err = m.swap(ctx, l)
		if !errors.Is(err, errBehind) {
			return err
		}
		at, err := b.standing(ctx, m)
		if err != nil {
			return err
		}
		if _, err := b.run(ctx, []*model{m}, at, false); err != nil {
			return err
		}
	}
	return err
}

func (b *builder) standing(ctx context.Context, m *model) (at int64, err error) {
	err = b.pool.QueryRow(ctx, `SELECT posizione FROM proiezioni.avanzamento WHERE proiezione = $1`, m.id).Scan(&at)
	return at, err
}

// index makes the model's indexes, once.
func (b *builder) index(ctx context.Context, l *link, m *model) error {
	var indexed bool
	err := l.conn.QueryRow(ctx, `SELECT indicizzata FROM proiezioni.avanzamento WHERE proiezione = $1`, m.id).Scan(&indexed)
	if err != nil || indexed {
		return err
	}
	return pgx.BeginFunc(ctx, l.conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, m.index()); err != nil {
			return err
		}
		return mustTouch(tx.Exec(ctx, `UPDATE proiezioni.avanzamento SET indicizzata = true WHERE proiezione = $1 AND epoca = $2`, m.id, m.epoca))
	})
}

// errBehind says that the tables in place are further than the new ones.
var errBehind = errors.New("the tables in place have moved on")

// swap puts the tables where readers look, in place of those that are there.
// Who wrote those is fenced: the epoch is another.
func (m *model) swap(ctx context.Context, l *link) error {
	old, now := pgx.Identifier{m.of.ID()}.Sanitize(), pgx.Identifier{m.id}.Sanitize()
	return pgx.BeginFunc(ctx, l.conn, func(tx pgx.Tx) error {
		var position int64
		if err := tx.QueryRow(ctx, `SELECT posizione FROM proiezioni.avanzamento WHERE proiezione = $1 AND epoca = $2 FOR UPDATE`,
			m.id, m.epoca).Scan(&position); err != nil {
			return fenced(err)
		}
		inPlace, epoca := int64(math.MinInt64), int64(0)
		err := tx.QueryRow(ctx, `SELECT posizione, epoca FROM proiezioni.avanzamento WHERE proiezione = $1 FOR UPDATE`, m.of.ID()).Scan(&inPlace, &epoca)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if inPlace > position {
			return errBehind
		}
		_, err = tx.Exec(ctx, fmt.Sprintf(`SET LOCAL lock_timeout = '10s'; DROP SCHEMA IF EXISTS %s CASCADE; ALTER SCHEMA %s RENAME TO %[1]s;`, old, now))
		if err != nil {
			return err
		}
		for _, sql := range []string{
			`DELETE FROM proiezioni.avanzamento WHERE proiezione = $2 AND proiezione <> $1`,
			`DELETE FROM proiezioni.parcheggiati WHERE proiezione = $2 AND proiezione <> $1`,
			`UPDATE proiezioni.parcheggiati SET proiezione = $2 WHERE proiezione = $1`,
		} {
			if _, err := tx.Exec(ctx, sql, m.id, m.of.ID()); err != nil {
				return err
			}
		}
		return mustTouch(tx.Exec(ctx, `UPDATE proiezioni.avanzamento SET proiezione = $2, in_costruzione = false, epoca = $3, errore = '', aggiornato = now()
			WHERE proiezione = $1`, m.id, m.of.ID(), max(epoca, m.epoca)+1))
	})
}

type touched interface{ RowsAffected() int64 }

// mustTouch is ErrFenced when a statement found no row.
func mustTouch[T touched](tag T, err error) error {
	if err == nil && tag.RowsAffected() == 0 {
		return ErrFenced
	}
	return err
}

func fenced(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrFenced
	}
	return err
}
