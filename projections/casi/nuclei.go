package casi

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/domain/id"
)

// Persona is somebody in a nucleo: of the richiedente the surname is known, too.
type Persona struct {
	Cognome       string `personale:"nome"`
	CodiceFiscale string `personale:"codice_fiscale"`
}

// Nuclei are the people of cases.
func Nuclei(ctx context.Context, db DB, casi ...id.Caso) (map[id.Caso][]Persona, error) {
	ids := make([]uuid.UUID, len(casi))
	for i, c := range casi {
		ids[i] = c.UUID
	}
	rows, err := db.Query(ctx, `SELECT caso, cognome, codice_fiscale FROM casi WHERE caso = ANY($1)
		UNION ALL SELECT caso, '', codice_fiscale FROM componenti WHERE caso = ANY($1) AND NOT richiedente`, ids)
	if err != nil {
		return nil, err
	}
	nuclei := map[id.Caso][]Persona{}
	var c id.Caso
	var p Persona
	_, err = pgx.ForEachRow(rows, []any{&c, &p.Cognome, &p.CodiceFiscale}, func() error {
		nuclei[c] = append(nuclei[c], p)
		return nil
	})
	return nuclei, err
}
