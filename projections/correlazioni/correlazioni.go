// Package correlazioni answers: which events, of whatever streams, belong to one
// business action? It keeps where they lie and nothing of what they say; what an
// event is, and what caused it, is read from its stream.
package correlazioni

import (
	"context"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/allarme"
	"nucleo/domain/ambito"
	"nucleo/domain/apertura"
	"nucleo/domain/cancellazione"
	"nucleo/domain/caso"
	"nucleo/domain/conservazione"
	"nucleo/domain/distribuzione"
	"nucleo/domain/flussoinps"
	"nucleo/domain/importazione"
	"nucleo/domain/massivo"
	"nucleo/domain/oblio"
	"nucleo/domain/operatore"
	"nucleo/domain/processo"
	"nucleo/domain/vincolo"
	"nucleo/projections"
	"nucleo/projections/elenco"
)

// Projection builds the index. The access log is not in it: a look causes
// nothing, and there are more of them than of all else.
var Projection = projections.Projection[Tabelle]{
	Name: "correlazioni", Version: 2, Apply: apply, Indexes: `CREATE INDEX ON correlazioni (correlazione, posizione);`,
	Categories: []string{
		caso.Decider.Category, operatore.Decider.Category, ambito.Decider.Category, importazione.Decider.Category, flussoinps.Decider.Category,
		distribuzione.Decider.Category, processo.Decider.Category, massivo.Decider.Category, apertura.Decider.Category, cancellazione.Decider.Category, oblio.Decider.Category, vincolo.Decider.Category,
		allarme.Decider.Category, conservazione.Decider.Category,
	},
}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Correlazioni projections.Log[Riga]
}

// Riga says where an event of an action lies.
type Riga struct {
	Correlazione uuid.UUID
	Posizione    uint64
	Flusso       string
	Versione     uint64
}

func apply(t *Tabelle, r domain.Recorded) {
	if r.Meta.Correlazione != uuid.Nil {
		t.Correlazioni.Append(Riga{r.Meta.Correlazione, r.Position, r.Stream, r.Version})
	}
}

var tutte = elenco.Elenco[Riga]{
	Modello: Projection, Da: "correlazioni", Chiave: "posizione", Tipo: "bigint", Colonne: "correlazione, posizione, flusso, versione",
	Dove:   func(r *Riga) []any { return []any{&r.Correlazione, &r.Posizione, &r.Flusso, &r.Versione} },
	Ordini: map[string]elenco.Ordine{"posizione": {SQL: "posizione", Tipo: "bigint"}},
	Ordine: "posizione",
}

// Elenco answers one page of the events of an action, in the order of the log.
func Elenco(ctx context.Context, db elenco.DB, correlazione uuid.UUID, r elenco.Richiesta) (elenco.Pagina[Riga], error) {
	var dove elenco.Filtro
	dove.Se(true, "correlazione = ?", correlazione)
	return tutte.Cerca(ctx, db, dove, r)
}
