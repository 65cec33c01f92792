package projections

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// checkpoint is where the tables of one schema stand.
type checkpoint struct {
	schema   string
	position int64
	epoca    int64
	building bool
	indexed  bool
	pepe     string // print of the secret of its blind indexes
}

// takeOver reads checkpoints and makes them this process's own: whoever led
// until now is fenced.
func (l *link) takeOver(ctx context.Context, schemas []string) (map[string]checkpoint, error) {
	rows, err := l.conn.Query(ctx, `UPDATE proiezioni.avanzamento SET epoca = epoca + 1, errore = '' WHERE proiezione = ANY($1)
		RETURNING proiezione, posizione, epoca, in_costruzione, indicizzata, pepe`, schemas)
	if err != nil {
		return nil, err
	}
	at := map[string]checkpoint{}
	var c checkpoint
	_, err = pgx.ForEachRow(rows, []any{&c.schema, &c.position, &c.epoca, &c.building, &c.indexed, &c.pepe}, func() error {
		at[c.schema] = c
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read checkpoints: %w", err)
	}
	return at, nil
}

func schemas(models []*model) (ids []string) {
	for _, m := range models {
		ids = append(ids, m.id)
	}
	return ids
}
