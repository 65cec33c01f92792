// Package projections turns the log of events into tables that answer
// questions. A read model is a struct of tables and a function that changes
// them as an event says; both are plain Go, and work without a database:
//
//	type Tabelle struct {
//		Carico projections.Table[id.Operatore, Conti] `key:"operatore"`
//	}
//
//	func apply(t *Tabelle, r domain.Recorded) {
//		switch e := r.Event.(type) {
//		case caso.Assegnato:
//			t.Carico.Row(e.Operatore).Aperti++
//		}
//	}
//
// The engine gives apply a batch of events at a time, fetches the rows that it
// asks for, and writes those that changed together with the checkpoint. Tables
// are never altered: a model whose shape or meaning changes takes a new
// version, which is built from the log beside the old one.
//
// Columns hold ids, texts, booleans, integers, floats, instants (to the
// microsecond, UTC) and days (giorno.Giorno, a Postgres date; the zero one is
// 0001-01-01). Nothing is NULL: what is absent is zero. Rows are compared, so
// there are no slices: a list is a table whose key has two fields.
package projections

import (
	"fmt"
	"reflect"
	"strings"

	"nucleo/domain"
	"nucleo/domain/codicefiscale"
)

// Projection is one read model. T is a struct whose fields are Tables and Logs;
// and a codicefiscale.Pepe, where it keeps blind indexes, which the engine sets.
type Projection[T any] struct {
	Name    string
	Version int
	Indexes string // SQL, run once the tables are filled; a table's key has its index anyway
	// Categories are those of the streams that the model reads; all when there
	// are none. Events of other streams are not even decoded when it is built.
	Categories []string
	// Apply changes the tables as an event says, and passes over events that do
	// not concern it. It is pure: the engine may call it again for the same
	// event, starting from the same rows.
	Apply func(*T, domain.Recorded)
	// Rifai brings the rows of a stream to what they would be, had its events
	// always read as they are handed in: some of what they had sealed was erased
	// (domain.Dimentica). Models that keep nothing of what is sealed have none.
	Rifai func(*T, []domain.Recorded)
}

// Model is a Projection of any T, for lists of them.
type Model interface {
	// ID names this version of the model: its Postgres schema and checkpoint.
	ID() string
	open(schema string, pepe codicefiscale.Pepe) *model
	impronta(pepe codicefiscale.Pepe) string
	reads(stream string) bool
	named() (name string, version int)
}

// ID implements Model.
func (p Projection[T]) ID() string { return fmt.Sprintf("%s_v%d", p.Name, p.Version) }

func (p Projection[T]) named() (string, int) { return p.Name, p.Version }

// Fold applies events to empty tables in memory.
func (p Projection[T]) Fold(events ...domain.Recorded) *T {
	t := new(T)
	for _, r := range events {
		if p.reads(r.Stream) {
			p.Apply(t, r)
		}
	}
	return t
}

func (p Projection[T]) reads(stream string) bool {
	for _, c := range p.Categories {
		if strings.HasPrefix(stream, c) && len(stream) > len(c) && stream[len(c)] == '-' {
			return true
		}
	}
	return len(p.Categories) == 0 || p.Rifai != nil && strings.HasPrefix(stream, domain.CategoriaOblio+"-")
}

// impronta is that of the secret by which the model's tables are made; empty
// when they are made without one.
func (p Projection[T]) impronta(pepe codicefiscale.Pepe) string {
	for f := range reflect.TypeFor[T]().Fields() {
		if f.Type == reflect.TypeFor[codicefiscale.Pepe]() {
			return pepe.Impronta()
		}
	}
	return ""
}

// open makes a model whose tables lie in a schema.
func (p Projection[T]) open(schema string, pepe codicefiscale.Pepe) *model {
	t := new(T)
	m := &model{id: schema, of: p, pepe: p.impronta(pepe), indexes: p.Indexes, parked: map[string]parked{}}
	m.apply = func(r domain.Recorded) { p.Apply(t, r) }
	if p.Rifai != nil {
		m.rifai = func(storia []domain.Recorded) { p.Rifai(t, storia) }
	}
	fields := reflect.ValueOf(t).Elem()
	for i := range fields.NumField() {
		if segreto, is := fields.Field(i).Addr().Interface().(*codicefiscale.Pepe); is {
			*segreto = pepe
			continue
		}
		table := fields.Field(i).Addr().Interface().(table)
		table.define(m.id, fields.Type().Field(i))
		m.tables = append(m.tables, table)
	}
	return m
}
