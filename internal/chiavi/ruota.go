package chiavi

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/internal/durable"
)

const (
	// Periodo is how long an epoch should last.
	Periodo = 30 * 24 * time.Hour
	// Custodia is how long a KEK is kept that wraps nothing any more: as long as
	// backups of the key database are.
	Custodia = 35 * 24 * time.Hour
)

// ErrRotazioneInCorso says that another process rotates.
var ErrRotazioneInCorso = errors.New("another process rotates the key-encryption key: wait until it is done")

// Epoca is the time of one KEK.
type Epoca struct {
	Numero    int        `json:"epoca"`
	Creata    time.Time  `json:"creata"`
	Ritirata  *time.Time `json:"ritirata,omitempty"`  // since when it wraps nothing
	Distrutta *time.Time `json:"distrutta,omitempty"` // since when it is gone
	Chiavi    int64      `json:"chiavi"`              // that it wraps; only Stato counts

	impronta []byte
}

func leggiEpoche(ctx context.Context, tx interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}) ([]Epoca, error) {
	rows, err := tx.Query(ctx, `SELECT epoca, impronta, creata, ritirata, distrutta FROM epoche ORDER BY epoca`)
	if err != nil {
		return nil, fmt.Errorf("epochs: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Epoca, err error) {
		err = row.Scan(&e.Numero, &e.impronta, &e.Creata, &e.Ritirata, &e.Distrutta)
		return e, err
	})
}

// aggiorna reads the KEKs of epochs that other processes have begun.
func (c *Chiavi) aggiorna(ctx context.Context) error {
	epoche, err := leggiEpoche(ctx, c.pool)
	for _, e := range epoche {
		if _, has := c.bustaDi(e.Numero); !has && e.Distrutta == nil {
			err = errors.Join(err, c.prendi(e))
		}
	}
	return err
}

// nuovaEpoca begins an epoch in a transaction. Its KEK takes its name when the
// transaction has ended well (conferma), or at the next start.
func (c *Chiavi) nuovaEpoca(ctx context.Context, tx pgx.Tx, n int) (busta, error) {
	b, err := genera(c.dir, n)
	if err == nil {
		_, err = tx.Exec(ctx, solo)
	}
	if err == nil {
		_, err = tx.Exec(ctx, `INSERT INTO epoche VALUES ($1, $2, clock_timestamp())`, n, b.impronta)
	}
	return b, err
}

// Ruota begins an epoch: there is a new KEK, and all keys are wrapped by it.
// Interrupted, it goes on where it stopped when it is called again. Keys are
// made and found meanwhile. fatto is told how many were wrapped so far.
func (c *Chiavi) Ruota(ctx context.Context, fatto func(int)) error {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	var preso bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(hashtext('chiavi/ruota'))`).Scan(&preso); err != nil {
		return err
	}
	if !preso {
		return ErrRotazioneInCorso
	}
	defer func() {
		senza := context.WithoutCancel(ctx)
		if _, err := conn.Exec(senza, `SELECT pg_advisory_unlock(hashtext('chiavi/ruota'))`); err != nil {
			_ = conn.Conn().Close(senza) // the lock goes with it
		}
	}()
	n, err := c.epocaNuova(ctx)
	if err != nil {
		return err
	}
	return c.riavvolgi(ctx, n, fatto)
}

// epocaNuova begins an epoch, unless the last one was not carried through yet.
func (c *Chiavi) epocaNuova(ctx context.Context) (n int, err error) {
	if err := c.aggiorna(ctx); err != nil {
		return 0, err
	}
	epoche, err := leggiEpoche(ctx, c.pool)
	if err != nil {
		return 0, err
	}
	n = epoche[len(epoche)-1].Numero
	for _, e := range epoche[:len(epoche)-1] {
		if e.Ritirata == nil {
			return n, nil
		}
	}
	n++
	err = pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
		_, err := c.nuovaEpoca(ctx, tx, n)
		return err
	})
	if err == nil {
		err = c.aggiorna(ctx) // which gives the KEK its name
	}
	return n, err
}

const aVolta = 1000

// riavvolgi wraps all keys by the KEK of an epoch, and retires the older ones.
func (c *Chiavi) riavvolgi(ctx context.Context, n int, fatto func(int)) error {
	dopo, totale := uuid.Nil, 0
	for {
		fatti, ultimo, err := c.alcune(ctx, n, dopo)
		if err != nil {
			return fmt.Errorf("wrap the keys anew: %w", err)
		}
		if totale += fatti; fatti == 0 {
			break
		}
		fatto(totale)
		dopo = ultimo
	}
	_, err := c.pool.Exec(ctx, `UPDATE epoche e SET ritirata = clock_timestamp() WHERE epoca < $1 AND ritirata IS NULL
		AND NOT EXISTS (SELECT FROM chiavi WHERE epoca = e.epoca)`, n)
	return err
}

// alcune wraps some keys after another one, all or none.
func (c *Chiavi) alcune(ctx context.Context, n int, dopo uuid.UUID) (fatte int, ultima uuid.UUID, err error) {
	b, _ := c.bustaDi(n)
	err = pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT kid, dek, epoca FROM chiavi WHERE epoca < $1 AND kid > $2 ORDER BY kid LIMIT $3 FOR UPDATE`, n, dopo, aVolta)
		if err != nil {
			return err
		}
		var ids []uuid.UUID
		var deks [][]byte
		var dek []byte
		var epoca int
		_, err = pgx.ForEachRow(rows, []any{&ultima, &dek, &epoca}, func() error {
			secret, err := c.apriDEK(ultima, dek, epoca)
			ids, deks = append(ids, ultima), append(deks, b.chiudi(ultima, secret))
			return err
		})
		if err != nil {
			return err
		}
		fatte = len(ids)
		_, err = tx.Exec(ctx, `UPDATE chiavi SET dek = n.dek, epoca = $3 FROM unnest($1::uuid[], $2::bytea[]) AS n (kid, dek) WHERE chiavi.kid = n.kid`, ids, deks, n)
		return err
	})
	return fatte, ultima, err
}

// Scarta destroys the KEKs that have wrapped nothing for as long as backups are
// kept, and returns their epochs. Older backups of the key database cannot be
// opened any more, and with them goes what was destroyed since.
func (c *Chiavi) Scarta(ctx context.Context, adesso time.Time) (scartate []int, err error) {
	epoche, err := leggiEpoche(ctx, c.pool)
	if err != nil {
		return nil, err
	}
	for _, e := range epoche {
		if e.Distrutta != nil || e.Ritirata == nil || adesso.Sub(*e.Ritirata) < Custodia {
			continue
		}
		if err := os.Remove(nome(c.dir, e.Numero)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return scartate, err
		}
		if err := durable.SyncDir(c.dir); err != nil {
			return scartate, err
		}
		if _, err := c.pool.Exec(ctx, `UPDATE epoche SET distrutta = $2 WHERE epoca = $1`, e.Numero, adesso); err != nil {
			return scartate, err
		}
		c.mu.Lock()
		delete(c.kek, e.Numero)
		c.mu.Unlock()
		scartate = append(scartate, e.Numero)
	}
	return scartate, nil
}

// Stato are the epochs, with how many keys each wraps, and how many keys were
// destroyed in all.
func (c *Chiavi) Stato(ctx context.Context) (epoche []Epoca, distrutte int64, err error) {
	if epoche, err = leggiEpoche(ctx, c.pool); err != nil {
		return nil, 0, err
	}
	for i := range epoche {
		if err := c.pool.QueryRow(ctx, `SELECT count(*) FROM chiavi WHERE epoca = $1`, epoche[i].Numero).Scan(&epoche[i].Chiavi); err != nil {
			return nil, 0, err
		}
	}
	err = c.pool.QueryRow(ctx, `SELECT count(*) FROM distrutte`).Scan(&distrutte)
	return epoche, distrutte, err
}
