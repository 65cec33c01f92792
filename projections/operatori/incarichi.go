package operatori

import (
	"context"

	"github.com/jackc/pgx/v5"

	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/domain/giorno"
)

// Incarichi are the roles that hold in an ambito on a day, without those of
// whoever is suspended.
func Incarichi(ctx context.Context, db DB, codice string, oggi giorno.Giorno) ([]ambito.Incarico, error) {
	rows, err := db.Query(ctx, `SELECT ruolo, ARRAY(SELECT comune FROM accreditamento_comune AS c WHERE c.accreditamento = a.accreditamento ORDER BY comune)
		FROM accreditamenti AS a JOIN operatori USING (operatore)
		WHERE ambito = $1 AND NOT revocato AND NOT sospeso AND dal <= DATE '0001-01-01' + $2::integer ORDER BY operatore, ordine`, leggibile(codice), int32(oggi))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (i ambito.Incarico, err error) {
		i.Territorio = domain.Territorio{Ambito: codice}
		return i, row.Scan(&i.Ruolo, &i.Territorio.Comuni)
	})
}
