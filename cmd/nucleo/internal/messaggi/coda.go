package messaggi

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// coda is the table of the messages that wait: to be sent, or to be known to
// have arrived. It can be lost: it is made again from the log.
type coda struct{ pool *pgxpool.Pool }

// riga is a message that waits.
type riga struct {
	Comunicazione id.Comunicazione
	Caso          id.Caso
	Accodata      time.Time
	Tentativi     int
	Presi         []int32 // the destinatari, by their number, for whom it was taken
}

func (c coda) prepara(ctx context.Context) error {
	_, err := c.pool.Exec(ctx, `
		SELECT pg_advisory_xact_lock(hashtext('spedizioni'));
		CREATE TABLE IF NOT EXISTS public.spedizioni (
			comunicazione uuid PRIMARY KEY, caso uuid NOT NULL, canale text NOT NULL, accodata timestamptz NOT NULL,
			prossima timestamptz NOT NULL, tentativi integer NOT NULL DEFAULT 0, presi integer[] NOT NULL DEFAULT '{}');
		CREATE INDEX IF NOT EXISTS spedizioni_prossima ON public.spedizioni (canale, prossima)`)
	if err != nil {
		return fmt.Errorf("create the queue of messages: %w", err)
	}
	return nil
}

// prendi takes the message of a way whose turn it is, and holds it until the
// transaction ends: no other replica sends it meanwhile.
func prendi(ctx context.Context, tx pgx.Tx, canale caso.CanaleComunicazione, adesso time.Time) (r riga, found bool, err error) {
	if _, err := tx.Exec(ctx, `SET LOCAL idle_in_transaction_session_timeout = '5min'`); err != nil {
		return r, false, err
	}
	err = tx.QueryRow(ctx, `SELECT comunicazione, caso, accodata, tentativi, presi FROM public.spedizioni
		WHERE canale = $1 AND prossima <= $2 ORDER BY prossima LIMIT 1 FOR UPDATE SKIP LOCKED`, canale, adesso).
		Scan(&r.Comunicazione, &r.Caso, &r.Accodata, &r.Tentativi, &r.Presi)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, false, nil
	}
	return r, err == nil, err
}

// rimanda puts a message off, with what is known of it.
func rimanda(ctx context.Context, tx pgx.Tx, r riga, prossima time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE public.spedizioni SET prossima = $2, tentativi = $3, presi = $4 WHERE comunicazione = $1`, r.Comunicazione, prossima, r.Tentativi, r.Presi)
	return err
}

// togli ends the wait of a message.
func togli(ctx context.Context, tx pgx.Tx, r riga) error {
	_, err := tx.Exec(ctx, `DELETE FROM public.spedizioni WHERE comunicazione = $1`, r.Comunicazione)
	return err
}

// Attese is how many messages wait, by their way.
func (s *Spedizione) Attese(ctx context.Context) (map[caso.CanaleComunicazione]int, error) {
	rows, err := s.Lettura.Query(ctx, `SELECT canale, count(*) FROM public.spedizioni GROUP BY canale`)
	if err != nil {
		return nil, err
	}
	attese := map[caso.CanaleComunicazione]int{}
	var canale caso.CanaleComunicazione
	var n int
	_, err = pgx.ForEachRow(rows, []any{&canale, &n}, func() error {
		attese[canale] = n
		return nil
	})
	return attese, err
}
