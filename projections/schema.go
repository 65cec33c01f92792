package projections

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/internal/postgres/uuids"
)

// Open connects to the database so that table names mean those of the given
// models, and creates the engine's own tables. The pool is for reading: a
// statement of more than 30 s is ended.
func Open(ctx context.Context, url string, models []Model) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.ConnConfig.RuntimeParams["search_path"] = searchPath(models)
	config.ConnConfig.RuntimeParams["statement_timeout"] = "30s"
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "30s"
	config.AfterConnect = uuids.AfterConnect
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := Prepare(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

func searchPath(models []Model) string {
	var path []string
	for _, m := range models {
		path = append(path, pgx.Identifier{m.ID()}.Sanitize())
	}
	return strings.Join(append(path, "public"), ",")
}

// Prepare creates the engine's own tables where they are missing.
func Prepare(ctx context.Context, pool *pgxpool.Pool) error {
	if _, err := pool.Exec(ctx, schema); err != nil {
		return fmt.Errorf("create the tables of the checkpoints: %w", err)
	}
	return nil
}

// One row of avanzamento is the checkpoint of one schema of tables. Its epoca
// changes whenever someone else than the leader changes its rows, and when
// the leader changes: with the position it is what a write is fenced by.
const schema = `
SELECT pg_advisory_xact_lock(7001, 0);
CREATE SCHEMA IF NOT EXISTS proiezioni;
CREATE TABLE IF NOT EXISTS proiezioni.avanzamento (
	proiezione     text COLLATE "C" PRIMARY KEY,
	posizione      bigint NOT NULL,               -- of the last event folded, -1 before the first
	epoca          bigint NOT NULL DEFAULT 0,
	in_costruzione boolean NOT NULL DEFAULT true,
	indicizzata    boolean NOT NULL DEFAULT false,
	letta          bigint NOT NULL DEFAULT -1,    -- how far a build has read
	fine           bigint NOT NULL DEFAULT -1,    -- end of the log when the build looked
	eventi         bigint NOT NULL DEFAULT 0,     -- read by the build
	ritmo          double precision NOT NULL DEFAULT 0, -- events a second
	errore         text NOT NULL DEFAULT '',      -- why it stands still
	aggiornato     timestamptz NOT NULL DEFAULT now(),
	pepe           text NOT NULL DEFAULT ''       -- print of the secret of its blind indexes
) WITH (fillfactor = 50);
DO $$ BEGIN -- tables of before there were any; an ALTER that finds nothing to do would wait for writers all the same
	IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_schema = 'proiezioni' AND table_name = 'avanzamento' AND column_name = 'pepe') THEN
		ALTER TABLE proiezioni.avanzamento ADD COLUMN pepe text NOT NULL DEFAULT '';
	END IF;
END $$;
CREATE TABLE IF NOT EXISTS proiezioni.parcheggiati ( -- streams that a model has stopped folding, and where
	proiezione text COLLATE "C",
	flusso     text COLLATE "C",
	versione   bigint NOT NULL,                   -- of the first event that was not folded
	posizione  bigint NOT NULL,
	motivo     text NOT NULL,
	dal        timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (proiezione, flusso)
);`

// lockClass is the first key of the engine's advisory locks; the second is
// the hash of a schema's name.
const lockClass = 7001

// tryLock takes the locks of those schemas that nobody holds.
func (l *link) tryLock(ctx context.Context, schemas []string) (held map[string]bool, err error) {
	rows, err := l.conn.Query(ctx, `SELECT s FROM unnest($1::text[]) AS s WHERE pg_try_advisory_lock($2, hashtext(s))`, schemas, lockClass)
	if err != nil {
		return nil, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	held = map[string]bool{}
	for _, name := range names {
		held[name] = true
	}
	return held, err
}

// reserve takes the locks of schemas that are to be built, all of them. The
// locks of a build that has just ended may be held a moment longer than its
// connection, so it asks again for a while before it says ErrBuilding.
func (l *link) reserve(ctx context.Context, schemas []string) error {
	left := slices.Clone(schemas)
	for n := 0; ; n++ {
		held, err := l.tryLock(ctx, left)
		if err != nil {
			return err
		}
		left = slices.DeleteFunc(left, func(s string) bool { return held[s] })
		switch {
		case len(left) == 0:
			return nil
		case n == buildLockTries:
			return fmt.Errorf("%s: %w", left[0], ErrBuilding)
		}
		if err := until(ctx, nil, pollEvery); err != nil {
			return err
		}
	}
}

// buildLockTries is how often a build asks again for the locks of another,
// pollEvery apart.
const buildLockTries = 100

func (l *link) unlock(ctx context.Context, schema string) error {
	_, err := l.conn.Exec(ctx, `SELECT pg_advisory_unlock($1, hashtext($2))`, lockClass, schema)
	return err
}
