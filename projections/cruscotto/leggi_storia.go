package cruscotto

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Storia is what days and months brought to an ambito, in their order. Sums up
// to a day are how things stood at its end; later events change none of them.
type Storia struct {
	Giorni    []DelGiorno
	Comuni    []DelComuneAlMese
	Scrivanie []DellaScrivania
	Fatti     []DelMese
	Tempi     []DellaDurata
	Categorie []DellaCategoria
	Posizione uint64
}

// DelGiorno is what a day changed in the counters of a measure.
type DelGiorno struct {
	Giorno giorno.Giorno
	Misura caso.Misura
	Conti
}

// DelComuneAlMese is what a month changed in the counters of a comune.
type DelComuneAlMese struct {
	Mese   giorno.Giorno
	Comune string
	Conti
}

// DellaScrivania is what a day changed on a desk.
type DellaScrivania struct {
	Giorno      giorno.Giorno
	CaseManager id.Operatore
	Carico
}

// DelMese is what happened in a month to the cases of a measure.
type DelMese struct {
	Mese   giorno.Giorno
	Misura caso.Misura
	Fatti
}

// DellaDurata is cases that took as many days to the end of a stretch.
type DellaDurata struct {
	Mese      giorno.Giorno
	Passaggio Passaggio
	Comune    string
	Giorni    int
	Casi      int
}

// DellaCategoria is segnalazioni proposed in a month.
type DellaCategoria struct {
	Mese      giorno.Giorno
	Categoria caso.Categoria
	Numero    int
}

// Ambiti lists the ambiti that have or had a case.
func Ambiti(ctx context.Context, db DB) (tutti []string, err error) {
	var posizione uint64
	err = leggendo(ctx, db, &posizione, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT DISTINCT ambito FROM conti_gruppo ORDER BY ambito`)
		if err == nil {
			tutti, err = pgx.CollectRows(rows, pgx.RowTo[string])
		}
		return err
	})
	return tutti, err
}

// dal0 is a day as giorno.Giorno counts.
const dal0 = ` - DATE '0001-01-01'`

// LeggiStoria reads what is known of an ambito up to a day, that day included.
// Times and categories are kept by month: of one that goes on they know more.
func LeggiStoria(ctx context.Context, db DB, ambito string, fino giorno.Giorno) (s Storia, err error) {
	const mese = `date_trunc('month', giorno)::date` + dal0 + ` AS mese`
	const finoA = ` WHERE ambito = $1 AND giorno <= $2 `
	err = leggendo(ctx, db, &s.Posizione, func(tx pgx.Tx) error {
		args := []any{ambito, fino.Time()}
		return errors.Join(
			righe(ctx, tx, args, &s.Giorni, `SELECT giorno`+dal0+`, misura, `+somme[Conti]()+` FROM conti_giorno`+finoA+`GROUP BY giorno, misura ORDER BY giorno, misura`,
				func(d *DelGiorno) []any { return append([]any{(*int32)(&d.Giorno), &d.Misura}, campi(&d.Conti)...) }),
			righe(ctx, tx, args, &s.Comuni, `SELECT `+mese+`, comune, `+somme[Conti]()+` FROM conti_giorno`+finoA+`GROUP BY mese, comune ORDER BY mese, comune`,
				func(d *DelComuneAlMese) []any { return append([]any{(*int32)(&d.Mese), &d.Comune}, campi(&d.Conti)...) }),
			righe(ctx, tx, args, &s.Scrivanie, `SELECT giorno`+dal0+`, case_manager, `+somme[Carico]()+` FROM carichi_giorno`+finoA+`GROUP BY giorno, case_manager ORDER BY giorno, case_manager`,
				func(d *DellaScrivania) []any {
					return append([]any{(*int32)(&d.Giorno), &d.CaseManager}, campi(&d.Carico)...)
				}),
			righe(ctx, tx, args, &s.Fatti, `SELECT `+mese+`, misura, `+somme[Fatti]()+` FROM fatti_giorno`+finoA+`GROUP BY mese, misura ORDER BY mese, misura`,
				func(d *DelMese) []any { return append([]any{(*int32)(&d.Mese), &d.Misura}, campi(&d.Fatti)...) }),
			righe(ctx, tx, args, &s.Tempi, `SELECT mese`+dal0+`, passaggio, comune, giorni, sum(casi)::bigint FROM tempi_mese WHERE ambito = $1 AND mese <= $2
				GROUP BY mese, passaggio, comune, giorni ORDER BY mese, passaggio, comune, giorni`,
				func(d *DellaDurata) []any {
					return []any{(*int32)(&d.Mese), &d.Passaggio, &d.Comune, &d.Giorni, &d.Casi}
				}),
			righe(ctx, tx, args, &s.Categorie, `SELECT mese`+dal0+`, categoria, sum(numero)::bigint FROM categorie_mese WHERE ambito = $1 AND mese <= $2
				GROUP BY mese, categoria ORDER BY mese, categoria`,
				func(d *DellaCategoria) []any { return []any{(*int32)(&d.Mese), &d.Categoria, &d.Numero} }),
		)
	})
	return s, err
}

// righe reads rows into all, each through the places that campi names.
func righe[T any](ctx context.Context, tx pgx.Tx, args []any, all *[]T, sql string, campi func(*T) []any) error {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	*all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (v T, err error) { return v, row.Scan(campi(&v)...) })
	return err
}

// Medi is how many days a step took on average, to a tenth, cut off.
func Medi(giorni, casi int) float64 { return float64(giorni*10/casi) / 10 }
