package casi

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// InAttesa is a waiting case, as automatic assignment takes it.
type InAttesa struct {
	Caso              id.Caso
	IDDomanda         string
	Ambito, Comune    string
	Misura            caso.Misura
	DataPresentazione giorno.Giorno
	Priorita          Priorita
}

// Urgenza numbers the priority: 0 for the most urgent.
func (c InAttesa) Urgenza() int { return c.Priorita.banda() }

// InCoda are the cases of a territory that wait, all of them at once, with
// their priorities on a day, by some thresholds. Comune, measure and being reassigned are asked
// for when they are given.
func InCoda(ctx context.Context, db DB, t domain.Territorio, comune, misura string, riassegnato *bool, oggi giorno.Giorno, soglie Soglie) ([]InAttesa, error) {
	rows, err := db.Query(ctx, `SELECT caso, id_domanda, ambito, comune, misura, data_presentazione - DATE '0001-01-01' FROM casi
		WHERE lista = 1 AND ambito = $1 AND (cardinality($2::text[]) = 0 OR comune = ANY($2)) AND ($3 = '' OR comune = $3)
		AND ($4 = '' OR misura = $4) AND ($5::boolean IS NULL OR riassegnato = $5)`, t.Ambito, append([]string{}, t.Comuni...), comune, misura, riassegnato)
	if err != nil {
		return nil, fmt.Errorf("waiting cases: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c InAttesa, err error) {
		err = row.Scan(&c.Caso, &c.IDDomanda, &c.Ambito, &c.Comune, &c.Misura, (*int32)(&c.DataPresentazione))
		c.Priorita = soglie.Priorita(c.Misura, c.DataPresentazione, oggi)
		return c, err
	})
}
