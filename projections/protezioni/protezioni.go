// Package protezioni answers: which cases were protected in a time? It serves the
// rule of the alerts about who looks at them, and no list: that a case is
// protected is told to those who open it.
package protezioni

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/projections"
	"nucleo/projections/elenco"
)

// Projection builds the list of protected cases.
var Projection = projections.Projection[Tabelle]{Name: "protezioni", Version: 1, Categories: []string{"caso"}, Apply: apply}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Protezioni projections.Table[id.Caso, Riga] `key:"caso"`
}

// Riga is from when to when a case was protected, without why. One that was
// protected again counts as protected all along.
type Riga struct {
	Dal     time.Time
	Al      time.Time // the last that it ended; of one that is Cessata
	Cessata bool
}

func apply(t *Tabelle, r domain.Recorded) {
	quando := r.Meta.Istante.UTC().Truncate(time.Microsecond)
	switch r.Event.(type) {
	case caso.ProtezioneDisposta:
		riga := t.Protezioni.Row(id.Caso{UUID: r.Subject})
		if riga.Dal.IsZero() {
			riga.Dal = quando
		}
		riga.Cessata, riga.Al = false, time.Time{}
	case caso.ProtezioneRevocata:
		riga := t.Protezioni.Row(id.Caso{UUID: r.Subject})
		riga.Cessata, riga.Al = true, quando
	}
}

// Tra are those of some cases that were protected at some time from an instant
// on and before another.
func Tra(ctx context.Context, db elenco.DB, casi []id.Caso, dal, prima time.Time) ([]id.Caso, error) {
	nomi := make([]uuid.UUID, len(casi))
	for i, c := range casi {
		nomi[i] = c.UUID
	}
	rows, err := db.Query(ctx, `SELECT caso FROM protezioni WHERE caso = ANY($1) AND dal < $2 AND (NOT cessata OR al > $3) ORDER BY caso`, nomi, prima, dal)
	if err != nil {
		return nil, fmt.Errorf("look for protected cases: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c id.Caso, err error) { return c, row.Scan(&c) })
}
