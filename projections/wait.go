package projections

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Wait returns when models have folded the event at a position: who has
// written it, then reads it (D-10). It ends with ctx; give it a deadline.
func (e *Engine) Wait(ctx context.Context, position uint64, models ...Model) error {
	for {
		moved := e.movement()
		var elsewhere []Model
		waiting := false
		for _, m := range models {
			switch s := e.known[m.ID()]; {
			case s == nil || !s.leading.Load():
				elsewhere = append(elsewhere, m)
			case s.position.Load() < int64(position):
				waiting = true
			}
		}
		if !waiting {
			if there, err := passed(ctx, e.pool, position, elsewhere); there || err != nil {
				return err
			}
		}
		poll := pollEvery
		if len(elsewhere) == 0 {
			poll = time.Minute // a movement will come first
		}
		if err := until(ctx, moved, poll); err != nil {
			return fmt.Errorf("wait for the projections: %w", err)
		}
	}
}

const pollEvery = 20 * time.Millisecond

func until(ctx context.Context, moved <-chan struct{}, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-moved:
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// Wait is Engine.Wait for a process that projects nothing: it asks the database.
func Wait(ctx context.Context, pool *pgxpool.Pool, position uint64, models ...Model) error {
	for {
		if there, err := passed(ctx, pool, position, models); there || err != nil {
			return err
		}
		if err := until(ctx, nil, pollEvery); err != nil {
			return fmt.Errorf("wait for the projections: %w", err)
		}
	}
}

// passed reports whether all models have folded the event at a position.
func passed(ctx context.Context, pool *pgxpool.Pool, position uint64, models []Model) (bool, error) {
	if len(models) == 0 {
		return true, nil
	}
	var n int
	err := pool.QueryRow(ctx, `SELECT count(*) FROM proiezioni.avanzamento WHERE proiezione = ANY($1) AND posizione >= $2`,
		names(models), int64(position)).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("wait for the projections: %w", err)
	}
	return n == len(models), nil
}
