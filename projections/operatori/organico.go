package operatori

import (
	"context"

	"github.com/jackc/pgx/v5"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

// InRuolo is how many operators have a role.
type InRuolo struct {
	Ruolo     domain.Ruolo
	Operatori int
}

// Presidio is who can be turned to in a comune (ACC-24).
type Presidio struct {
	Comune       string // Belfiore
	Coordinatori int
	CaseManager  int
}

// inVigore are the accreditations of an ambito that hold on a day.
const inVigore = ` FROM accreditamenti AS a WHERE ambito = $1 AND NOT revocato AND NOT sospeso AND dal <= DATE '0001-01-01' + $2::integer`

// copre reports whether an accreditation covers a comune: by name, or with the
// whole ambito.
const copre = `(NOT EXISTS (SELECT FROM accreditamento_comune AS c WHERE c.accreditamento = a.accreditamento)
	OR EXISTS (SELECT FROM accreditamento_comune AS c WHERE c.accreditamento = a.accreditamento AND c.comune = `

// Organico is how many people an ambito has in each role on a day; of those
// who cover one of its comuni, when it is given.
func Organico(ctx context.Context, db DB, ambito, comune string, oggi giorno.Giorno) ([]InRuolo, error) {
	rows, err := db.Query(ctx, `SELECT ruolo, count(DISTINCT operatore)`+inVigore+` AND ($3 = '' OR `+copre+`$3))) GROUP BY ruolo ORDER BY ruolo`,
		leggibile(ambito), int32(oggi), leggibile(comune))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[InRuolo])
}

// Presidi says of comuni of an ambito who covers them on a day.
func Presidi(ctx context.Context, db DB, ambito string, comuni []string, oggi giorno.Giorno) ([]Presidio, error) {
	rows, err := db.Query(ctx, `SELECT dei.comune,
			count(DISTINCT operatore) FILTER (WHERE ruolo = 'COORDINATORE_PAIS'), count(DISTINCT operatore) FILTER (WHERE ruolo = 'CASE_MANAGER')
		FROM unnest($3::text[]) AS dei (comune) LEFT JOIN LATERAL (SELECT operatore, ruolo`+inVigore+` AND `+copre+`dei.comune))) AS a ON true
		GROUP BY dei.comune ORDER BY dei.comune`, leggibile(ambito), int32(oggi), comuni)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Presidio])
}
