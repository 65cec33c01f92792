// Package sessioni keeps the sessions of people in Postgres, where all replicas
// see them: one that is ended is ended everywhere at once. They are not made
// from the log, and no rebuild touches them.
package sessioni

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain/id"
	"nucleo/httpapi/sessione"
)

// Sessioni are the sessions of an installation.
type Sessioni struct{ pool *pgxpool.Pool }

// Apri makes the tables when they are missing, in a schema of their own.
func Apri(ctx context.Context, pool *pgxpool.Pool) (*Sessioni, error) {
	_, err := pool.Exec(ctx, `
		SELECT pg_advisory_xact_lock(hashtext('sessioni'));
		CREATE SCHEMA IF NOT EXISTS sessioni;
		CREATE TABLE IF NOT EXISTS sessioni.sessioni (
			impronta bytea PRIMARY KEY, operatore uuid NOT NULL, profilo uuid, acr text NOT NULL, autenticata timestamptz,
			creata timestamptz NOT NULL, vista timestamptz NOT NULL, scade timestamptz NOT NULL, revocata timestamptz);
		CREATE INDEX IF NOT EXISTS sessioni_operatore ON sessioni.sessioni (operatore);
		CREATE INDEX IF NOT EXISTS sessioni_scade ON sessioni.sessioni (scade);
		CREATE TABLE IF NOT EXISTS sessioni.usati (impronta bytea PRIMARY KEY, scade timestamptz NOT NULL);
		CREATE INDEX IF NOT EXISTS usati_scade ON sessioni.usati (scade)`)
	if err != nil {
		return nil, fmt.Errorf("create the tables of sessions: %w", err)
	}
	return &Sessioni{pool}, nil
}

// Comincia keeps a new session. The one it takes the place of, if there is one,
// ends in the same moment; false says that it had ended already, and then
// nothing is kept.
func (s *Sessioni) Comincia(ctx context.Context, nuova sessione.Sessione, invece sessione.Impronta) (cominciata bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if invece != (sessione.Impronta{}) {
			tolta, err := tx.Exec(ctx, `UPDATE sessioni.sessioni SET revocata = $2 WHERE impronta = $1 AND revocata IS NULL`, invece[:], nuova.Vista)
			if err != nil || tolta.RowsAffected() == 0 {
				return err
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO sessioni.sessioni VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			nuova.Impronta[:], nuova.Operatore.UUID, forse(nuova.Profilo.UUID), nuova.Acr, quando(nuova.Autenticata), nuova.Creata, nuova.Vista, nuova.Scade)
		cominciata = err == nil
		return err
	})
	return cominciata, err
}

func forse(u uuid.UUID) *uuid.UUID {
	if u == uuid.Nil {
		return nil
	}
	return &u
}

func quando(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Trova is the session of a name, unless it was ended.
func (s *Sessioni) Trova(ctx context.Context, i sessione.Impronta) (trovata sessione.Sessione, found bool, err error) {
	var operatore uuid.UUID
	var profilo *uuid.UUID
	var autenticata *time.Time
	trovata.Impronta = i
	err = s.pool.QueryRow(ctx, `SELECT operatore, profilo, acr, autenticata, creata, vista, scade FROM sessioni.sessioni WHERE impronta = $1 AND revocata IS NULL`, i[:]).
		Scan(&operatore, &profilo, &trovata.Acr, &autenticata, &trovata.Creata, &trovata.Vista, &trovata.Scade)
	if errors.Is(err, pgx.ErrNoRows) {
		return sessione.Sessione{}, false, nil
	}
	trovata.Operatore = id.Operatore{UUID: operatore}
	if profilo != nil {
		trovata.Profilo = id.Accreditamento{UUID: *profilo}
	}
	if autenticata != nil {
		trovata.Autenticata = *autenticata
	}
	return trovata, err == nil, err
}

// Tocca notes that a session is used.
func (s *Sessioni) Tocca(ctx context.Context, i sessione.Impronta, adesso time.Time) error {
	_, err := s.pool.Exec(ctx, `UPDATE sessioni.sessioni SET vista = greatest(vista, $2) WHERE impronta = $1 AND revocata IS NULL`, i[:], adesso)
	return err
}

// Termina ends one session.
func (s *Sessioni) Termina(ctx context.Context, i sessione.Impronta, adesso time.Time) error {
	_, err := s.pool.Exec(ctx, `UPDATE sessioni.sessioni SET revocata = $2 WHERE impronta = $1 AND revocata IS NULL`, i[:], adesso)
	return err
}

// Revoca ends all sessions of an operator, and says how many there were.
func (s *Sessioni) Revoca(ctx context.Context, o id.Operatore, adesso time.Time) (int, error) {
	tolte, err := s.pool.Exec(ctx, `UPDATE sessioni.sessioni SET revocata = $2 WHERE operatore = $1 AND revocata IS NULL AND scade > $2`, o.UUID, adesso)
	return int(tolte.RowsAffected()), err
}

// Usa reports whether something that works once is used for the first time. It
// is remembered until it expires by itself.
func (s *Sessioni) Usa(ctx context.Context, cosa [32]byte, scade time.Time) (prima bool, err error) {
	messa, err := s.pool.Exec(ctx, `INSERT INTO sessioni.usati VALUES ($1, $2) ON CONFLICT DO NOTHING`, cosa[:], scade)
	return messa.RowsAffected() == 1, err
}

// Run clears away what has expired, now and then, until ctx ends.
func (s *Sessioni) Run(ctx context.Context, ogni time.Duration, adesso func() time.Time, log *slog.Logger) error {
	orologio := time.NewTicker(ogni)
	defer orologio.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-orologio.C:
			if err := s.Sgombera(ctx, adesso()); err != nil && ctx.Err() == nil {
				log.Warn("expired sessions cannot be cleared away", "error", err)
			}
		}
	}
}

// Sgombera clears away the sessions that are over, and what was used once and
// has expired since. An hour is left for clocks that differ.
func (s *Sessioni) Sgombera(ctx context.Context, adesso time.Time) error {
	_, err := s.pool.Exec(ctx, `DELETE FROM sessioni.sessioni WHERE scade < $1`, adesso.Add(-time.Hour))
	if err == nil {
		_, err = s.pool.Exec(ctx, `DELETE FROM sessioni.usati WHERE scade < $1`, adesso.Add(-time.Hour))
	}
	return err
}
