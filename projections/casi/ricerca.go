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
	parole []guida // by which words the rows are found, when these are rare
	args   []any
}

// guida is a word that few rows have.
type guida struct {
	campo  Campo
	parola string
}

func (r *ricerca) param(v any) string {
	r.args = append(r.args, v)
	return fmt.Sprintf("$%d", len(r.args))
}

func (r *ricerca) giorno(v any) string { return "DATE '0001-01-01' + " + r.param(v) + "::integer" }

// raro is up to how many rows are fetched and sorted rather than filtered on
// a walk in the order of the list.
const raro = 1_000

// sonda looks which word of the search is rare. It is a hint: both ways give
// the same rows.
func (r *ricerca) sonda(ctx context.Context, db DB) error {
	best := raro
	for _, g := range r.candidate() {
		probe := ricerca{Filtro: r.Filtro}
		sql := `SELECT count(*) FROM (SELECT 1 ` + probe.conParola(g) + fmt.Sprintf(` LIMIT %d) n`, raro)
		rows, err := db.Query(ctx, sql, probe.args...)
		if err != nil {
			return fmt.Errorf("probe a word: %w", err)
		}
		n, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[int])
		if err != nil {
			return fmt.Errorf("probe a word: %w", err)
		}
		if n < best {
			best, r.parole = n, []guida{g}
		}
	}
	return nil
}

func (r *ricerca) candidate() (all []guida) {
	for _, w := range parole(r.Nominativo) {
		all = append(all, guida{CampoNome, w})
	}
	for _, w := range parole(r.Indirizzo) {
		if guidaVia(w) {
			all = append(all, guida{CampoIndirizzo, w})
		}
	}
	return all[:min(len(all), 8)]
}

// conParola are the cases of the territory that have a word that begins with
// one of the search: in the order by name, if it is the first.
func (r *ricerca) conParola(g guida) string {
	ambito := "ambito IN (SELECT ambito FROM conteggi)"
	if r.Territorio.Ambito != "" {
		ambito = "ambito = " + r.param(r.Territorio.Ambito)
	}
	dal, al := r.param(g.parola), r.param(g.parola+"\U0010FFFF")
	from := fmt.Sprintf("SELECT caso FROM parole WHERE %s AND campo = %d AND parola >= %s AND parola < %s", ambito, g.campo, dal, al)
	if g.campo == CampoNome {
		from += fmt.Sprintf(" UNION ALL SELECT caso FROM casi WHERE %s AND lista = %d AND cerca_nome >= %s AND cerca_nome < %s", ambito, r.Lista, dal, al)
	}
	return "FROM (" + from + ") AS trovati"
}

// stretta reports whether a criterion leaves few rows, so that sorting them
// is cheaper than a walk.
func (r *ricerca) stretta() bool {
	return r.IDDomanda != "" || r.CodiceFiscale != "" || len(r.parole) > 0 || !r.CaseManager.IsZero() && r.Ordina != PerDataAssegnazione
}

// incerta reports whether the best plan depends on the values: whether to walk
// in the order of the list, or to fetch what a criterion finds and sort it.
// Such a search is planned each time (1 ms); others have one good plan.
func (r *ricerca) incerta() bool {
	return !r.stretta() && (r.CAP != "" || len(r.Priorita) > 0 && !r.aBande() || (r.Comune != "" || len(r.Territorio.Comuni) > 0) && !r.ordine.perComune)
}

// contata reports whether the counters of the model know the total.
func (r *ricerca) contata() bool {
	return !r.stretta() && r.CaseManager.IsZero() && r.Nominativo == "" && r.Indirizzo == "" && r.CAP == "" && len(r.Priorita) == 0
}
