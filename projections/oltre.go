package projections

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Oltre lists the schemas whose checkpoint lies after the end of the log: they
// were made from another log, or from one that was longer (F-81).
func Oltre(ctx context.Context, pool *pgxpool.Pool, end uint64) ([]string, error) {
	rows, err := pool.Query(ctx, `SELECT proiezione FROM proiezioni.avanzamento WHERE posizione > $1 ORDER BY proiezione`, int64(end))
	if err != nil {
		return nil, fmt.Errorf("compare checkpoints with the log: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
