package operatori

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

// Idoneo is a case manager who may be given a case of a comune, by the
// accreditation that counts: the first given of those that cover it.
type Idoneo struct {
	Operatore id.Operatore
	Cognome   string `personale:"nome"`
	Nome      string `personale:"nome"`
	Livello   string // A, C
	Fondo     string
	Comuni    []string            // none for the whole ambito
	Assenze   []operatore.Periodo // that have not passed, by day
}

// CaseManager are those who may be given a case of a comune on a day, by name
// (GEPI-31), the absent included.
func CaseManager(ctx context.Context, db DB, ambito, comune string, oggi giorno.Giorno) ([]Idoneo, error) {
	rows, err := db.Query(ctx, `SELECT operatore, cognome, nome, livello, fondo,
			ARRAY(SELECT comune FROM accreditamento_comune AS c WHERE c.accreditamento = a.accreditamento ORDER BY comune)
		FROM (SELECT DISTINCT ON (operatore) * FROM accreditamenti AS a
			WHERE ambito = $1 AND ruolo = 'CASE_MANAGER' AND NOT revocato AND NOT sospeso AND dal <= DATE '0001-01-01' + $3::integer
			AND (NOT EXISTS (SELECT FROM accreditamento_comune AS c WHERE c.accreditamento = a.accreditamento)
				OR EXISTS (SELECT FROM accreditamento_comune AS c WHERE c.accreditamento = a.accreditamento AND comune = $2))
			ORDER BY operatore, ordine) AS a
		JOIN operatori AS o USING (operatore) WHERE NOT o.sospeso ORDER BY cerca_nome, operatore`, leggibile(ambito), leggibile(comune), int32(oggi))
	if err != nil {
		return nil, err
	}
	idonei, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (i Idoneo, err error) {
		return i, row.Scan(&i.Operatore, &i.Cognome, &i.Nome, &i.Livello, &i.Fondo, &i.Comuni)
	})
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(idonei))
	for n, i := range idonei {
		ids[n] = i.Operatore.UUID
	}
	assenze, err := assenze(ctx, db, ids, oggi)
	for n := range idonei {
		idonei[n].Assenze = assenze[idonei[n].Operatore]
	}
	return idonei, err
}

// assenze are the absences of operators that have not passed.
func assenze(ctx context.Context, db DB, ids []uuid.UUID, oggi giorno.Giorno) (map[id.Operatore][]operatore.Periodo, error) {
	rows, err := db.Query(ctx, `SELECT operatore, indisponibilita, dal - DATE '0001-01-01', al - DATE '0001-01-01' FROM indisponibilita
		WHERE operatore = ANY($1) AND NOT revocata AND al >= DATE '0001-01-01' + $2::integer ORDER BY operatore, dal`, ids, int32(oggi))
	if err != nil {
		return nil, err
	}
	var o id.Operatore
	var p operatore.Periodo
	all := map[id.Operatore][]operatore.Periodo{}
	_, err = pgx.ForEachRow(rows, []any{&o, &p.ID, (*int32)(&p.Dal), (*int32)(&p.Al)}, func() error {
		all[o] = append(all[o], p)
		return nil
	})
	return all, err
}

// Disponibile is an active case manager of an ambito, with all territories on which
// they may be given cases.
type Disponibile struct {
	Operatore id.Operatore
	Territori []domain.Territorio
	Assenze   []operatore.Periodo // that have not passed, by day
}

// CaseManagerDi are the active case managers of an ambito on a day, the absent
// included.
func CaseManagerDi(ctx context.Context, db DB, ambito string, oggi giorno.Giorno) ([]Disponibile, error) {
	rows, err := db.Query(ctx, `SELECT operatore, ARRAY(SELECT comune FROM accreditamento_comune AS c WHERE c.accreditamento = a.accreditamento ORDER BY comune)
		FROM accreditamenti AS a WHERE ambito = $1 AND ruolo = 'CASE_MANAGER' AND NOT revocato AND NOT sospeso AND dal <= DATE '0001-01-01' + $2::integer
		AND NOT EXISTS (SELECT FROM operatori AS o WHERE o.operatore = a.operatore AND o.sospeso)
		ORDER BY operatore, ordine`, leggibile(ambito), int32(oggi))
	if err != nil {
		return nil, err
	}
	var all []Disponibile
	var ids []uuid.UUID
	var o id.Operatore
	var comuni []string
	_, err = pgx.ForEachRow(rows, []any{&o, &comuni}, func() error {
		if len(all) == 0 || all[len(all)-1].Operatore != o {
			all, ids = append(all, Disponibile{Operatore: o}), append(ids, o.UUID)
		}
		ultimo := &all[len(all)-1]
		ultimo.Territori = append(ultimo.Territori, domain.Territorio{Ambito: ambito, Comuni: comuni})
		comuni = nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	assenze, err := assenze(ctx, db, ids, oggi)
	for n := range all {
		all[n].Assenze = assenze[all[n].Operatore]
	}
	return all, err
}
