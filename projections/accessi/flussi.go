package accessi

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"nucleo/domain/conservazione"
	"nucleo/projections/elenco"
)

// Scaduti are the streams of the months after one and up to another, which both
// read 202605: as they will have ended, or have.
func Scaduti(ctx context.Context, db elenco.DB, dopo, ultimo string) ([]conservazione.Scaduto, error) {
	rows, err := db.Query(ctx, `SELECT flusso, ambito, mese, eventi, testa FROM flussi_accessi WHERE mese > $1 AND mese <= $2 ORDER BY mese, flusso`, dopo, ultimo)
	if err != nil {
		return nil, fmt.Errorf("look for months that expired: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s conservazione.Scaduto, err error) {
		var testa string
		if err := row.Scan(&s.Flusso, &s.Ambito, &s.Mese, &s.Eventi, &testa); err != nil {
			return s, err
		}
		return s, s.Testa.UnmarshalText([]byte(testa))
	})
}
