// Package carico answers: how much is on the desk of a case manager? The two
// numbers stand in the selector of case managers (GEPI-31..34).
package carico

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/projections"
)

// Projection counts the cases of every case manager.
var Projection = projections.Projection[Tabelle]{Name: "carico", Version: 2, Categories: []string{"caso"}, Apply: apply}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Pesi   projections.Table[id.Caso, Caso]       `key:"caso"` // to know where each is counted
	Carico projections.Table[id.Operatore, Conti] `key:"operatore"`
}

// Caso is what a case weighs, and on whom.
type Caso struct {
	Stato       caso.Stato
	CaseManager id.Operatore // zero while it waits
}

// Conti are the two numbers.
type Conti struct {
	DaMonitorare int // assigned, and not yet in monitoring
	Monitorati   int
}

func apply(t *Tabelle, r domain.Recorded) {
	e, ok := r.Event.(caso.Event)
	if !ok || !riguarda(e) {
		return
	}
	c := t.peso(id.Caso{UUID: r.Subject}, e)
	prima := *c
	c.Stato = c.Stato.Dopo(e)
	switch e := e.(type) {
	case caso.Assegnato:
		c.CaseManager = e.CaseManager
	case caso.Riassegnato:
		c.CaseManager = e.A
	case caso.Annullata:
		c.CaseManager = id.Operatore{}
	}
	if *c != prima {
		t.conta(prima, -1) // off the desk
		t.conta(*c, +1)    // and onto the one where it lies now
	}
}

// peso is the row of a case, which its domanda makes.
func (t *Tabelle) peso(c id.Caso, e caso.Event) *Caso {
	if _, prima := e.(caso.DomandaRicevuta); prima {
		return t.Pesi.New(c)
	}
	return t.Pesi.Row(c)
}

// riguarda passes over what weighs nothing, without asking for the row.
func riguarda(e caso.Event) bool {
	switch e.(type) {
	case caso.Assegnato, caso.Riassegnato, caso.Annullata:
		return true
	}
	return caso.Muove(e)
}

func (t *Tabelle) conta(c Caso, n int) {
	if c.CaseManager.IsZero() {
		return
	}
	switch c.Stato.Indicatore() {
	case 1:
		t.Carico.Row(c.CaseManager).DaMonitorare += n
	case 2:
		t.Carico.Row(c.CaseManager).Monitorati += n
	}
}

// DB is what the queries need of a pgxpool.Pool.
type DB interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}

// Di are the numbers of operators. Whoever has no case is not among them.
func Di(ctx context.Context, db DB, operatori ...id.Operatore) (map[id.Operatore]Conti, error) {
	ids := make([]uuid.UUID, len(operatori))
	for i, o := range operatori {
		ids[i] = o.UUID
	}
	rows, err := db.Query(ctx, `SELECT operatore, da_monitorare, monitorati FROM carico WHERE operatore = ANY($1)`, ids)
	if err != nil {
		return nil, err
	}
	var o id.Operatore
	var c Conti
	all := map[id.Operatore]Conti{}
	_, err = pgx.ForEachRow(rows, []any{&o, &c.DaMonitorare, &c.Monitorati}, func() error {
		all[o] = c
		return nil
	})
	return all, err
}
