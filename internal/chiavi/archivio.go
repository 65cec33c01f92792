package chiavi

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/eventstore/sealing"
)

// Keys are made under a shared lock, and an epoch is begun under the whole of
// it: once it has begun, no key comes under an older one.
const (
	soloCondiviso = `SELECT pg_advisory_xact_lock_shared(hashtext('chiavi/epoca'))`
	solo          = `SELECT pg_advisory_xact_lock(hashtext('chiavi/epoca'))`
)

var errAltraEpoca = errors.New("another epoch has begun")

// Make implements eventstore.KeyStore. The ids grow with time, so that keys
// that are made together lie together.
func (c *Chiavi) Make(ctx context.Context, n int) ([]sealing.Key, error) {
	for {
		keys, err := c.make(ctx, n)
		if !errors.Is(err, errAltraEpoca) {
			return keys, err
		}
		if err := c.aggiorna(ctx); err != nil {
			return nil, err
		}
	}
}

func (c *Chiavi) make(ctx context.Context, n int) ([]sealing.Key, error) {
	c.mu.Lock()
	b := c.kek[c.epoca]
	c.mu.Unlock()
	keys, ids, deks := make([]sealing.Key, n), make([]uuid.UUID, n), make([][]byte, n)
	for i := range keys {
		id, err := uuid.NewV7()
		if err != nil {
			return nil, err
		}
		keys[i].ID, ids[i] = id, id
		_, _ = rand.Read(keys[i].Secret[:])
		deks[i] = b.chiudi(id, keys[i].Secret)
	}
	err := pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, soloCondiviso); err != nil {
			return err
		}
		made, err := tx.Exec(ctx, `INSERT INTO chiavi SELECT kid, dek, $3 FROM unnest($1::uuid[], $2::bytea[]) AS n (kid, dek)
			WHERE $3 = (SELECT max(epoca) FROM epoche)`, ids, deks, b.epoca)
		if err == nil && made.RowsAffected() != int64(n) {
			err = errAltraEpoca
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("make keys: %w", err)
	}
	return keys, nil
}

// Find implements eventstore.KeyStore.
func (c *Chiavi) Find(ctx context.Context, ids []uuid.UUID) (there []sealing.Key, destroyed []uuid.UUID, err error) {
	rows, err := c.pool.Query(ctx, `SELECT kid, dek, epoca FROM chiavi WHERE kid = ANY($1)
		UNION ALL SELECT kid, NULL, 0 FROM distrutte WHERE kid = ANY($1)`, ids)
	if err != nil {
		return nil, nil, fmt.Errorf("find keys: %w", err)
	}
	there = make([]sealing.Key, 0, len(ids))
	var kid uuid.UUID
	var dek []byte
	var epoca int
	letta := false
	_, err = pgx.ForEachRow(rows, []any{&kid, &dek, &epoca}, func() error {
		if dek == nil {
			destroyed = append(destroyed, kid)
			return nil
		}
		if _, has := c.bustaDi(epoca); !has && !letta {
			letta = true
			if err := c.aggiorna(ctx); err != nil { // another process has begun an epoch
				return err
			}
		}
		secret, err := c.apriDEK(kid, dek, epoca)
		there = append(there, sealing.Key{ID: kid, Secret: secret})
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("find keys: %w", err)
	}
	return there, destroyed, nil
}

// Distruggi destroys keys for good: what they sealed cannot be read from now
// on. Destroying them again is nothing. All processes forget them within
// seconds (Ascolta).
func (c *Chiavi) Distruggi(ctx context.Context, kids []uuid.UUID) error {
	err := pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO distrutte SELECT kid FROM unnest($1::uuid[]) AS kid WHERE kid <> $2 ON CONFLICT DO NOTHING`, kids, pepper)
		if err == nil {
			_, err = tx.Exec(ctx, `DELETE FROM chiavi WHERE kid = ANY($1) AND kid <> $2`, kids, pepper)
		}
		if err == nil {
			_, err = tx.Exec(ctx, `SELECT pg_notify('chiavi_distrutte', '')`)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("destroy keys: %w", err)
	}
	return nil
}

// Vive are those of some keys that are there.
func (c *Chiavi) Vive(ctx context.Context, kids []uuid.UUID) ([]uuid.UUID, error) {
	rows, err := c.pool.Query(ctx, `SELECT kid FROM chiavi WHERE kid = ANY($1)`, kids)
	if err != nil {
		return nil, fmt.Errorf("look for keys: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}

// finestra is how far back destroyed keys are forgotten again: longer than any
// question may take whose answer still holds them.
const finestra = time.Minute

// distrutteOra are the keys that were destroyed a short while ago.
func (c *Chiavi) distrutteOra(ctx context.Context) ([]uuid.UUID, error) {
	rows, err := c.pool.Query(ctx, `SELECT kid FROM distrutte WHERE quando > now() - make_interval(secs => $1)`, finestra.Seconds())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}
