package operatori

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/domain/id"
)

// Identita is who an operator is.
type Identita struct {
	Cognome       string `personale:"nome"`
	CodiceFiscale string `personale:"codice_fiscale"`
}

// Chi are who operators are. Whoever is not known is not among them.
func Chi(ctx context.Context, db DB, operatori ...id.Operatore) (map[id.Operatore]Identita, error) {
	ids := make([]uuid.UUID, len(operatori))
	for i, o := range operatori {
		ids[i] = o.UUID
	}
	rows, err := db.Query(ctx, `SELECT operatore, cognome, codice_fiscale FROM operatori WHERE operatore = ANY($1)`, ids)
	if err != nil {
		return nil, err
	}
	tutti := map[id.Operatore]Identita{}
	var o id.Operatore
	var i Identita
	_, err = pgx.ForEachRow(rows, []any{&o, &i.Cognome, &i.CodiceFiscale}, func() error {
		tutti[o] = i
		return nil
	})
	return tutti, err
}
