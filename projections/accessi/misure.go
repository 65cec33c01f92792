package accessi

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/domain/allarme"
	"nucleo/domain/id"
	"nucleo/projections/elenco"
)

// What the rules of the alerts count. A search is one for a person when it names
// one of these fields.
const (
	apertura = "(decisione = 'CONSENTITO' AND caso <> '00000000-0000-0000-0000-000000000000')"
	diniego  = "(decisione = 'NEGATO' AND caso <> '00000000-0000-0000-0000-000000000000')"
	lista    = "(decisione = 'CONSENTITO' AND caso = '00000000-0000-0000-0000-000000000000' AND classi <> 'D12')"
	ricerca  = "(" + lista + " AND string_to_array(campi, ' ') && ARRAY['codice_fiscale', 'nome', 'indirizzo', 'cap', 'id_domanda'])"
	sguardo  = "(decisione = 'CONSENTITO' AND classi <> 'D12')"
)

// conteggi are the columns of a Misura.
const conteggi = "count(*) FILTER (WHERE " + apertura + "), count(*) FILTER (WHERE " + diniego + "), " +
	"coalesce(sum(righe) FILTER (WHERE " + lista + "), 0)::bigint, count(*) FILTER (WHERE " + ricerca + "), count(*) FILTER (WHERE " + sguardo + "), " +
	"coalesce(array_agg(DISTINCT caso) FILTER (WHERE " + apertura + "), '{}'), " +
	"coalesce(array_agg(DISTINCT caso) FILTER (WHERE " + apertura + " AND ruolo = 'CASE_MANAGER'), '{}'), " +
	"coalesce(array_agg(DISTINCT caso) FILTER (WHERE " + diniego + "), '{}')"

// Misure is what each operator did from an instant on and before another, in
// the access log of each ambito; of one operator, where one is named.
func Misure(ctx context.Context, db elenco.DB, dal, prima time.Time, o id.Operatore) ([]allarme.Misura, error) {
	rows, err := db.Query(ctx, `SELECT ambito, operatore, `+conteggi+` FROM accessi
		WHERE istante >= $1 AND istante < $2 AND ($3::uuid IS NULL OR operatore = $3) GROUP BY ambito, operatore ORDER BY ambito, operatore`, dal, prima, facoltativo(o))
	if err != nil {
		return nil, fmt.Errorf("count the accesses: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (m allarme.Misura, err error) {
		var aperti, propri, negati []uuid.UUID
		err = row.Scan(&m.Ambito, &m.Operatore, &m.Aperture, &m.Dinieghi, &m.Righe, &m.Ricerche, &m.Sguardi, &aperti, &propri, &negati)
		m.Aperti, m.Propri, m.Negati = casi(aperti), casi(propri), casi(negati)
		return m, err
	})
}

// consueti are what the usual is made of, and in which steps.
var consueti = map[allarme.Regola]struct{ somma, passo string }{
	allarme.Letture:        {"count(*) FILTER (WHERE " + apertura + ")", "hour"},
	allarme.Elenchi:        {"coalesce(sum(righe) FILTER (WHERE " + lista + "), 0)", "hour"},
	allarme.Riassegnazione: {"count(*) FILTER (WHERE " + apertura + " OR " + diniego + ")", "day"},
}

// Usuale is what an operator does in an hour, or a day, that is a busy one for
// them: the 99th percentile of those of the 28 days before in which they did
// anything of the kind, and less than so often; 0 is no bound.
func Usuale(ctx context.Context, db elenco.DB, r allarme.Regola, ambito string, o id.Operatore, prima time.Time, sotto int) (int, error) {
	c := consueti[r]
	rows, err := db.Query(ctx, `SELECT coalesce(percentile_disc(0.99) WITHIN GROUP (ORDER BY n), 0)::bigint FROM (
		SELECT `+c.somma+` AS n FROM accessi WHERE operatore = $1 AND ambito = $2 AND istante >= $3 AND istante < $4
		GROUP BY date_trunc('`+c.passo+`', istante)) AS passi WHERE n > 0 AND ($5 = 0 OR n < $5)`, o.UUID, ambito, prima.AddDate(0, 0, -28), prima, sotto)
	if err != nil {
		return 0, fmt.Errorf("count what is usual: %w", err)
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowTo[int])
}

// Prossimo is when the first access is, from an instant on. It reports whether
// there is one.
func Prossimo(ctx context.Context, db elenco.DB, dal time.Time) (time.Time, bool, error) {
	rows, err := db.Query(ctx, `SELECT min(istante) FROM accessi WHERE istante >= $1`, dal)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("look for the next access: %w", err)
	}
	quando, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[*time.Time])
	if err != nil || quando == nil {
		return time.Time{}, false, err
	}
	return *quando, true, nil
}

func facoltativo(o id.Operatore) *uuid.UUID {
	if o.IsZero() {
		return nil
	}
	return &o.UUID
}

func casi(ids []uuid.UUID) (casi []id.Caso) {
	for _, c := range ids {
		casi = append(casi, id.Caso{UUID: c})
	}
	return casi
}
