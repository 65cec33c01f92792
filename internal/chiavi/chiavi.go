// Package chiavi keeps the keys of personal data in a Postgres database of
// their own, each wrapped by a key-encryption key (KEK) that lies in a file
// outside Postgres. Whoever has only the log, only this database, or only the
// file, reads nothing.
package chiavi

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/eventstore/sealing"
	"nucleo/internal/postgres/uuids"
)

// Chiavi are the keys of an installation. They implement eventstore.KeyStore.
type Chiavi struct {
	pool *pgxpool.Pool
	dir  string // of the KEKs

	mu      sync.Mutex
	kek     map[int]busta // by epoch
	epoca   int           // the newest
	pepe    sealing.Secret
	rifatto bool
}

// ErrSenzaDatabase says that the KEKs are there, and the database that they
// open is not.
var ErrSenzaDatabase = errors.New("the key database is empty, and this installation has used another: restore its backup, or what was sealed stays unreadable")

const tabelle = `
	SELECT pg_advisory_xact_lock(hashtext('chiavi'));
	CREATE TABLE IF NOT EXISTS epoche (epoca int PRIMARY KEY, impronta bytea NOT NULL, creata timestamptz NOT NULL, ritirata timestamptz, distrutta timestamptz);
	CREATE TABLE IF NOT EXISTS chiavi (kid uuid PRIMARY KEY, dek bytea NOT NULL, epoca int NOT NULL);
	CREATE TABLE IF NOT EXISTS distrutte (kid uuid PRIMARY KEY, quando timestamptz NOT NULL DEFAULT clock_timestamp());
	CREATE INDEX IF NOT EXISTS distrutte_quando ON distrutte (quando);
	DELETE FROM chiavi USING distrutte WHERE chiavi.kid = distrutte.kid`

// Apri opens the key database of an URL with the KEKs of a directory, and makes
// both at the very first time.
func Apri(ctx context.Context, url, dir string) (*Chiavi, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the URL of the key database cannot be understood") // it may hold a password
	}
	config.MaxConns = 4
	config.ConnConfig.ConnectTimeout = 2 * time.Second
	config.ConnConfig.RuntimeParams["synchronous_commit"] = "on" // a key must not be lost, whatever the server's habit
	config.ConnConfig.RuntimeParams["statement_timeout"] = "5s"
	config.ConnConfig.RuntimeParams["application_name"] = "nucleo chiavi"
	config.AfterConnect = uuids.AfterConnect
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("key database: %w", err)
	}
	c := &Chiavi{pool: pool, dir: dir, kek: map[int]busta{}}
	if err := c.apri(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("key database: %w", err)
	}
	return c, nil
}

// Chiudi lets the database go.
func (c *Chiavi) Chiudi() { c.pool.Close() }

func (c *Chiavi) apri(ctx context.Context) error {
	if err := prepara(c.dir); err != nil {
		return err
	}
	prima := false
	err := pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, tabelle); err != nil {
			return fmt.Errorf("create the tables of keys: %w", err)
		}
		epoche, err := leggiEpoche(ctx, tx)
		if err != nil {
			return err
		}
		if prima = len(epoche) == 0; prima {
			return c.comincia(ctx, tx)
		}
		for _, e := range epoche {
			if e.Distrutta == nil {
				if err := c.prendi(e); err != nil {
					return err
				}
			}
		}
		return c.leggiPepe(ctx, tx)
	})
	if err == nil && prima {
		err = conferma(c.dir, 1)
	}
	return err
}

// comincia makes the first KEK and the pepper. The KEK is on disk before the
// database knows of it, and under its name only after: a stop at any point
// between is made good by the next start.
func (c *Chiavi) comincia(ctx context.Context, tx pgx.Tx) error {
	if usata, err := usate(c.dir); err != nil || usata {
		return errors.Join(err, cond(usata, ErrSenzaDatabase))
	}
	b, err := c.nuovaEpoca(ctx, tx, 1)
	if err != nil {
		return err
	}
	c.kek[1], c.epoca = b, 1
	return c.nuovoPepe(ctx, tx)
}

func cond(so bool, err error) error {
	if so {
		return err
	}
	return nil
}

// pepper is where the secret of the blind index lies among the keys, so that
// it is wrapped and rotated as they are.
var pepper = uuid.UUID{15: 1}

// leggiPepe reads the secret of the blind indexes. One that was lost is made
// anew: nothing but the tables that were made by it depends on it, and these are
// made from the log.
func (c *Chiavi) leggiPepe(ctx context.Context, tx pgx.Tx) error {
	var dek []byte
	var epoca int
	err := tx.QueryRow(ctx, `SELECT dek, epoca FROM chiavi WHERE kid = $1`, pepper).Scan(&dek, &epoca)
	if errors.Is(err, pgx.ErrNoRows) {
		c.rifatto = true
		err = c.nuovoPepe(ctx, tx)
	} else if err == nil {
		c.pepe, err = c.apriDEK(pepper, dek, epoca)
	}
	if err != nil {
		return fmt.Errorf("the secret of the blind indexes: %w", err)
	}
	return nil
}

func (c *Chiavi) nuovoPepe(ctx context.Context, tx pgx.Tx) error {
	b, _ := c.bustaDi(c.epoca)
	_, _ = rand.Read(c.pepe[:])
	_, err := tx.Exec(ctx, `INSERT INTO chiavi VALUES ($1, $2, $3)`, pepper, b.chiudi(pepper, c.pepe), b.epoca)
	return err
}

// Pepe is the secret of the blind indexes, the same as long as there is this
// database. rifatto says that it was not there any more, and is a new one:
// tables that were made by the old one have to be made anew.
func (c *Chiavi) Pepe() (pepe sealing.Secret, rifatto bool) { return c.pepe, c.rifatto }

// Viva is an error when the database does not answer, or its keys cannot be
// opened: it reads one of them.
func (c *Chiavi) Viva(ctx context.Context) error {
	var dek []byte
	var epoca int
	if err := c.pool.QueryRow(ctx, `SELECT dek, epoca FROM chiavi WHERE kid = $1`, pepper).Scan(&dek, &epoca); err != nil {
		return err
	}
	_, err := c.apriDEK(pepper, dek, epoca)
	return err
}
