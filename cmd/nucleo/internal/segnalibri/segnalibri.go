// Package segnalibri keeps how far each policy has read the log, in Postgres.
package segnalibri

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Segnalibri are the bookmarks of the policies. A bookmark that is lost costs a
// second reading of the log, and changes nothing: see package policies.
type Segnalibri struct{ pool *pgxpool.Pool }

// Apri makes the table when it is missing.
func Apri(ctx context.Context, pool *pgxpool.Pool) (Segnalibri, error) {
	_, err := pool.Exec(ctx, `
		SELECT pg_advisory_xact_lock(hashtext('segnalibri'));
		CREATE TABLE IF NOT EXISTS public.segnalibri (politica text PRIMARY KEY, posizione bigint NOT NULL)`)
	if err != nil {
		return Segnalibri{}, fmt.Errorf("create the bookmarks of the policies: %w", err)
	}
	return Segnalibri{pool}, nil
}

// Leggi is the position that a policy has reached.
func (s Segnalibri) Leggi(ctx context.Context, nome string) (uint64, bool, error) {
	var at int64
	err := s.pool.QueryRow(ctx, `SELECT posizione FROM public.segnalibri WHERE politica = $1`, nome).Scan(&at)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, false, nil
	}
	return uint64(at), err == nil, err
}

// Sposta moves a bookmark forward. It never moves back: of two replicas that
// react to the same events, the slower one changes nothing.
func (s Segnalibri) Sposta(ctx context.Context, nome string, position uint64) error {
	_, err := s.pool.Exec(ctx, `
		INSERT INTO public.segnalibri VALUES ($1, $2)
		ON CONFLICT (politica) DO UPDATE SET posizione = greatest(segnalibri.posizione, excluded.posizione)`, nome, int64(position))
	return err
}

// Dimentica takes all bookmarks out: of another log they would skip events.
func (s Segnalibri) Dimentica(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `DELETE FROM public.segnalibri`)
	return err
}
