package nuclei

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/domain/id"
	"nucleo/domain/personale"
	"nucleo/projections/elenco"
)

// Con is SQL for the cases in whose nucleo somebody is, with a ? for the blind
// index.
const Con = "(SELECT caso FROM membri WHERE cieco = ? AND NOT uscito)"

// ConAncheUsciti is Con with those in whose nucleo they were.
const ConAncheUsciti = "(SELECT caso FROM membri WHERE cieco = ?)"

// Riconoscibili counts the people of a case, or the one of them who is named, of
// whom a blind index or a name is kept.
func Riconoscibili(ctx context.Context, db elenco.DB, c id.Caso, uno id.Componente) (n int, err error) {
	rows, err := db.Query(ctx, `SELECT count(*) FROM membri WHERE caso = $1 AND ($2::uuid = '00000000-0000-0000-0000-000000000000' OR componente = $2)
		AND (cieco <> '00000000-0000-0000-0000-000000000000' OR cognome NOT IN ('', $3) OR nome NOT IN ('', $3))`, c.UUID, uno.UUID, personale.Cancellato)
	if err != nil {
		return 0, fmt.Errorf("people who can be told: %w", err)
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowTo[int])
}

// Persona is somebody of a nucleo.
type Persona struct {
	Chiave
	Membro
}

// Di are the people who are in the nuclei of cases: the richiedente first, and
// then by age.
func Di(ctx context.Context, db elenco.DB, casi ...id.Caso) (map[id.Caso][]Persona, error) {
	ids := make([]uuid.UUID, len(casi))
	for i, c := range casi {
		ids[i] = c.UUID
	}
	rows, err := db.Query(ctx, `SELECT caso, componente, cieco, cognome, nome, relazione, nascita - DATE '0001-01-01', disabile FROM membri
		WHERE caso = ANY($1) AND NOT uscito ORDER BY caso, relazione <> 'RICHIEDENTE', nascita, componente`, ids)
	if err != nil {
		return nil, fmt.Errorf("people of cases: %w", err)
	}
	tutte := map[id.Caso][]Persona{}
	var p Persona
	_, err = pgx.ForEachRow(rows, []any{&p.Caso, &p.Componente, &p.Cieco, &p.Cognome, &p.Nome, &p.Relazione, (*int32)(&p.Nascita), &p.Disabile}, func() error {
		tutte[p.Caso] = append(tutte[p.Caso], p)
		return nil
	})
	return tutte, err
}

// Altrove are the people of cases who are not erased, those who left a nucleo too,
// and the other cases in which each of them is or was.
func Altrove(ctx context.Context, db elenco.DB, casi ...id.Caso) (map[Chiave][]id.Caso, error) {
	ids := make([]uuid.UUID, len(casi))
	for i, c := range casi {
		ids[i] = c.UUID
	}
	rows, err := db.Query(ctx, `SELECT m.caso, m.componente, coalesce(a.caso, '00000000-0000-0000-0000-000000000000')
		FROM membri AS m LEFT JOIN membri AS a ON a.cieco = m.cieco AND a.caso <> m.caso
		WHERE m.caso = ANY($1) AND m.cieco <> '00000000-0000-0000-0000-000000000000'`, ids)
	if err != nil {
		return nil, fmt.Errorf("other cases of people: %w", err)
	}
	tutti := map[Chiave][]id.Caso{}
	var chi Chiave
	var altro id.Caso
	_, err = pgx.ForEachRow(rows, []any{&chi.Caso, &chi.Componente, &altro}, func() error {
		altrove := tutti[chi]
		if !altro.IsZero() {
			altrove = append(altrove, altro)
		}
		tutti[chi] = altrove // known, even when they are nowhere else
		return nil
	})
	return tutti, err
}
