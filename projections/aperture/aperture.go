// Package aperture answers: who asked to read personal data, of which case and
// why, and who decided? Auditors read their own, a privacy desk those of its
// ambito.
package aperture

import (
	"context"
	"time"

	"nucleo/domain"
	"nucleo/domain/apertura"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections"
	"nucleo/projections/elenco"
)

// Projection builds the list.
var Projection = projections.Projection[Tabelle]{
	Name: "aperture", Version: 1, Categories: []string{"apertura"}, Apply: apply,
	Indexes: `CREATE INDEX ON aperture (richiesta_da, richiesta_il, apertura); CREATE INDEX ON aperture (ambito, richiesta_il, apertura);`,
}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Aperture projections.Table[id.Apertura, Riga] `key:"apertura"`
}

// Riga is one opening.
type Riga struct {
	Caso        id.Caso
	Ambito      string
	RichiestaDa id.Operatore `db:"richiesta_da"`
	Motivo      apertura.Motivo
	Riferimento string
	Dal, Al     giorno.Giorno
	RichiestaIl time.Time `db:"richiesta_il"`
	Stato       apertura.Stato
	DecisaDa    id.Operatore `db:"decisa_da"`
	DecisaIl    time.Time    `db:"decisa_il"`
	Scade       time.Time
}

func apply(t *Tabelle, r domain.Recorded) {
	e, ok := r.Event.(apertura.Event)
	if !ok {
		return
	}
	quale, istante := id.Apertura{UUID: r.Subject}, r.Meta.Istante.UTC().Truncate(time.Microsecond)
	switch e := e.(type) {
	case apertura.Richiesta:
		*t.Aperture.New(quale) = Riga{
			Caso: e.Caso, Ambito: e.Ambito, RichiestaDa: e.Da, Motivo: e.Motivo, Riferimento: e.Riferimento, Dal: e.Periodo.Dal, Al: e.Periodo.Al,
			RichiestaIl: istante, Stato: apertura.InAttesa,
		}
	case apertura.Concessa:
		riga := t.Aperture.Row(quale)
		riga.Stato, riga.DecisaDa, riga.DecisaIl, riga.Scade = apertura.Accolta, e.Da, istante, e.Scade.UTC().Truncate(time.Microsecond)
	case apertura.Negata:
		riga := t.Aperture.Row(quale)
		riga.Stato, riga.DecisaDa, riga.DecisaIl = apertura.Rifiutata, e.Da, istante
	}
}

// Voce is a row with its id.
type Voce struct {
	ID id.Apertura
	Riga
}

// Filtro is what is asked for; what is zero asks for nothing.
type Filtro struct {
	Ambito string       // nothing outside is found
	Di     id.Operatore // asked for by
	Stato  apertura.Stato
}

var tutte = elenco.Elenco[Voce]{
	Modello: Projection, Da: "aperture", Chiave: "apertura",
	Colonne: "apertura, caso, ambito, richiesta_da, motivo, riferimento, " + elenco.Giorno("dal") + ", " + elenco.Giorno("al") + ", richiesta_il, stato, decisa_da, decisa_il, scade",
	Dove: func(v *Voce) []any {
		return []any{
			&v.ID, &v.Caso, &v.Ambito, &v.RichiestaDa, &v.Motivo, &v.Riferimento, (*int32)(&v.Dal), (*int32)(&v.Al), &v.RichiestaIl, &v.Stato,
			&v.DecisaDa, &v.DecisaIl, &v.Scade,
		}
	},
	Ordini: map[string]elenco.Ordine{
		"richiesta_il": {SQL: "richiesta_il", Tipo: "timestamptz", Discendente: true},
		"stato":        {SQL: "stato", Tipo: "text"},
	},
	Ordine: "richiesta_il",
}

// Elenco answers one page of a search.
func Elenco(ctx context.Context, db elenco.DB, f Filtro, r elenco.Richiesta) (elenco.Pagina[Voce], error) {
	var dove elenco.Filtro
	dove.Testo("ambito", "ambito", f.Ambito)
	dove.Se(!f.Di.IsZero(), "richiesta_da = ?", f.Di.UUID)
	dove.Testo("stato", "stato", string(f.Stato))
	return tutte.Cerca(ctx, db, dove, r)
}
