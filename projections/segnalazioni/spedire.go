package segnalazioni

import (
	"context"

	"github.com/jackc/pgx/v5"

	"nucleo/domain/flussoinps"
	"nucleo/domain/giorno"
)

// DaSpedire are the approved segnalazioni that lie in no flusso, and the
// corrections, the oldest first.
func DaSpedire(ctx context.Context, db DB, limite int) ([]flussoinps.Voce, error) {
	rows, err := db.Query(ctx, `(SELECT caso, segnalazione, 'SEGNALAZIONE', data_decisione FROM segnalazioni WHERE stato = 'APPROVATA' ORDER BY data_decisione LIMIT $1)
		UNION ALL (SELECT caso, segnalazione, 'RETTIFICA', data_decisione FROM segnalazioni WHERE stato = 'RETTIFICATA' AND flusso_rettifica = '' ORDER BY data_decisione LIMIT $1)
		ORDER BY 4 LIMIT $1`, limite)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (v flussoinps.Voce, err error) {
		return v, row.Scan(&v.Caso, &v.Segnalazione, &v.Tipo, nil)
	})
}

// FlussiAperti are the keys of the flussi that have not come to their end.
func FlussiAperti(ctx context.Context, db DB) ([]string, error) {
	rows, err := db.Query(ctx, `SELECT flusso FROM flussi WHERE NOT chiuso ORDER BY giorno, numero`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// UltimoFlusso is the number of the last flusso of a day, 0 when it has none.
func UltimoFlusso(ctx context.Context, db DB, g giorno.Giorno) (int, error) {
	rows, err := db.Query(ctx, `SELECT coalesce(max(numero), 0) FROM flussi WHERE giorno = $1`, g.Time())
	if err != nil {
		return 0, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowTo[int])
}

// InCammino is what is on its way to INPS.
type InCammino struct {
	Attese  int // approved, and not sent yet
	Fallite int // of them, those whose last sending failed
}

// Cammino counts what is on its way to INPS, wherever it comes from.
func Cammino(ctx context.Context, db DB) (c InCammino, err error) {
	rows, err := db.Query(ctx, `SELECT count(*), count(*) FILTER (WHERE errore_invio <> '') FROM segnalazioni WHERE stato IN ('APPROVATA', 'IN_USCITA')`)
	if err != nil {
		return c, err
	}
	return pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (c InCammino, err error) { return c, row.Scan(&c.Attese, &c.Fallite) })
}
