package projections_test

import (
	"strings"
	"testing"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections"
)

type ordinatiTabelle struct {
	Casi projections.Table[id.Caso, riga] `key:"caso" order:"cambi,nome,nato,aperto,caso"`
}

func TestABuildWritesRowsInTheOrderOfTheirTable(t *testing.T) {
	m := projections.Projection[ordinatiTabelle]{Name: "ordinati", Version: 1, Apply: func(t *ordinatiTabelle, r domain.Recorded) {
		n := int(r.Position)
		*t.Casi.Row(id.Caso{UUID: r.Subject}) = riga{
			Cambi: int32(n%5) - 2, Nome: strings.Repeat("ab", n%3), Nato: born + giorno.Giorno(n%4*7_000), Aperto: may.AddDate(-n%3*20, 0, 0),
		}
	}}
	pool, d := open(t, m), newDiario(t)
	d.fill(300)
	if err := projections.Ricostruisci(t.Context(), pool, d.origin(), quiet, m); err != nil {
		t.Fatal(err)
	}
	var rows, elsewhere int
	err := pool.QueryRow(t.Context(), `SELECT count(*), count(*) FILTER (WHERE here <> there) FROM (
		SELECT row_number() OVER (ORDER BY ctid) AS here, row_number() OVER (ORDER BY cambi, nome, nato, aperto, caso) AS there FROM casi) AS r`).Scan(&rows, &elsewhere)
	if err != nil || rows < 50 || elsewhere > 0 {
		t.Errorf("of %d rows %d lie elsewhere: %v", rows, elsewhere, err)
	}
}
