package cruscotto

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// Miei are the figures of the cases that are one case manager's now, closed ones
// included. Those of their segnalazioni go with the cases, wherever decided.
type Miei struct {
	Conti
	Carico
	Posizione uint64
}

// LeggiMiei counts the cases of a case manager that the filter lets through, by
// the rules by which all cases are counted.
func LeggiMiei(ctx context.Context, db DB, f Filtro, di id.Operatore) (m Miei, err error) {
	err = leggendo(ctx, db, &m.Posizione, func(tx pgx.Tx) error {
		dove, args := f.sql("presentazione")
		args = append(args, di.UUID)
		suoi := fmt.Sprintf("%s AND case_manager = $%d", dove, len(args))
		rows, err := tx.Query(ctx, `SELECT stato, in_coda, case_manager, presa, firmato, pendenti, assegnato, attesa, avviato, avvio FROM casi_contati WHERE `+suoi, args...)
		if err != nil {
			return err
		}
		var c Caso
		if _, err = pgx.ForEachRow(rows, []any{&c.Stato, &c.InCoda, &c.CaseManager, &c.Presa, &c.Firmato, &c.Pendenti, &c.Assegnato, &c.Attesa, &c.Avviato, &c.Avvio}, func() error {
			m.conta(c, 1)
			if c.sullaScrivania() {
				m.pesa(c, 1)
			}
			return nil
		}); err != nil {
			return err
		}
		rows, err = tx.Query(ctx, `SELECT stato, count(*) FROM segnalazioni_contate WHERE stato <> $`+fmt.Sprint(len(args)+1)+
			` AND caso IN (SELECT caso FROM casi_contati WHERE `+suoi+`) GROUP BY stato`, append(args, string(caso.DaValidare))...)
		if err != nil {
			return err
		}
		var stato caso.StatoSegnalazione
		var n int
		_, err = pgx.ForEachRow(rows, []any{&stato, &n}, func() error {
			*m.diSegnalazione(stato) += n
			return nil
		})
		return err
	})
	return m, err
}
