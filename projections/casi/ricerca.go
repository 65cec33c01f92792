package casi

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// ricerca is a search on its way to SQL. Values are always parameters.
type ricerca struct {
	Filtro
	ordine ordine
	dopo   *cursore
	guida  *guida // what few rows have; nil when the list is walked in its order
	args   []any
}

func (r *ricerca) param(v any) string {
	r.args = append(r.args, v)
	return fmt.Sprintf("$%d", len(r.args))
}

func (r *ricerca) giorno(v any) string { return "DATE '0001-01-01' + " + r.param(v) + "::integer" }

// raro is up to how many rows are fetched and sorted rather than filtered on
// a walk in the order of the list; with so few that more are not looked for.
const raro, pochi = 1_000, 100

// sonda looks which criterion is rare. It is a hint: both ways give the same rows.
func (r *ricerca) sonda(ctx context.Context, db DB) error {
	if r.stretta() {
		return nil
	}
	best := raro
	for _, g := range r.guide() {
		probe := ricerca{Filtro: r.Filtro, ordine: r.ordine}
		sql := `SELECT count(*) FROM (SELECT 1 FROM (` + g.trova(&probe) + fmt.Sprintf(`) AS trovati LIMIT %d) n`, raro)
		rows, err := db.Query(ctx, sql, probe.args...)
		if err != nil {
			return fmt.Errorf("probe a criterion: %w", err)
		}
		n, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[int])
		if err != nil {
			return fmt.Errorf("probe a criterion: %w", err)
		}
		if n < best {
			best, r.guida = n, &g
		}
		if best <= pochi {
			break
		}
	}
	return nil
}

// stretta reports whether a criterion leaves few rows, so that sorting them
// is cheaper than a walk.
func (r *ricerca) stretta() bool {
	return r.IDDomanda != "" || !r.Persona.IsZero() || r.guida != nil || !r.CaseManager.IsZero() && r.Ordina != PerDataAssegnazione
}

// incerta reports whether the best plan depends on the values: whether to walk
// in the order of the list, or to fetch what a criterion finds and sort it.
// Such a search is planned each time (1 ms); others have one good plan.
func (r *ricerca) incerta() bool {
	switch {
	case r.stretta() || r.aBande():
		return false
	case r.CAP != "" || len(r.Priorita) > 0 || !r.aMisure() && !r.ordine.perComune:
		return true
	}
	return r.dopo != nil && (r.Misura != "" || r.Riassegnato != nil || r.Nominativo != "" || r.Indirizzo != "")
}

// contata reports whether the counters of the model know the total.
func (r *ricerca) contata() bool {
	return !r.stretta() && r.CaseManager.IsZero() && r.Nominativo == "" && r.Indirizzo == "" && r.CAP == "" && len(r.Priorita) == 0
}
