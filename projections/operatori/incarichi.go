package operatori

import (
	"context"

	"github.com/jackc/pgx/v5"

	"nucleo/domain/ambito"
	"nucleo/domain/giorno"
)

// Incarichi are the roles that hold in ambiti on a day, by ambito, without
// those of whoever is suspended.
func Incarichi(ctx context.Context, db DB, oggi giorno.Giorno, codici ...string) (map[string][]ambito.Incarico, error) {
	rows, err := db.Query(ctx, `SELECT ambito, ruolo, ARRAY(SELECT comune FROM accreditamento_comune AS c WHERE c.accreditamento = a.accreditamento ORDER BY comune)
		FROM accreditamenti AS a JOIN operatori USING (operatore)
		WHERE ambito = ANY($1) AND NOT revocato AND NOT a.sospeso AND NOT operatori.sospeso AND dal <= DATE '0001-01-01' + $2::integer ORDER BY operatore, ordine`, codici, int32(oggi))
	if err != nil {
		return nil, err
	}
	incarichi := map[string][]ambito.Incarico{}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (i ambito.Incarico, err error) {
		if err := row.Scan(&i.Territorio.Ambito, &i.Ruolo, &i.Territorio.Comuni); err != nil {
			return i, err
		}
		incarichi[i.Territorio.Ambito] = append(incarichi[i.Territorio.Ambito], i)
		return i, nil
	})
	return incarichi, err
}
