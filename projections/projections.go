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
package projections

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
)

// Projection is one read model. T is a struct whose fields are Tables and Logs.
type Projection[T any] struct {
	Name    string
	Version int
	Indexes string // SQL, run once the tables are filled; a table's key has its index anyway
	// Apply changes the tables as an event says, and passes over events that do
	// not concern it. It is pure: the engine may call it again for the same
	// event, starting from the same rows.
	Apply func(*T, domain.Recorded)
}

// Model is a Projection of any T, for lists of them.
type Model interface {
	// ID names this version of the model: its Postgres schema and checkpoint.
	ID() string
	open() *model
}

// ID implements Model.
func (p Projection[T]) ID() string { return fmt.Sprintf("%s_v%d", p.Name, p.Version) }

// Fold applies events to empty tables in memory.
func (p Projection[T]) Fold(events ...domain.Recorded) *T {
	t := new(T)
	for _, r := range events {
		p.Apply(t, r)
	}
	return t
}

func (p Projection[T]) open() *model {
	t := new(T)
	m := &model{id: p.ID(), indexes: p.Indexes, parked: map[string]error{}}
	m.apply = func(r domain.Recorded) { p.Apply(t, r) }
	fields := reflect.ValueOf(t).Elem()
	for i := range fields.NumField() {
		table := fields.Field(i).Addr().Interface().(table)
		table.define(m.id, fields.Type().Field(i))
		m.tables = append(m.tables, table)
	}
	return m
}

// Open connects to the database so that table names mean those of the given
// models, and creates the engine's own tables.
func Open(ctx context.Context, url string, models []Model) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	var path []string
	for _, m := range models {
		path = append(path, m.ID())
	}
	config.ConnConfig.RuntimeParams["search_path"] = strings.Join(append(path, "public"), ",")
	config.ConnConfig.RuntimeParams["synchronous_commit"] = "off" // rows and checkpoint are lost together, and the log has both
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if _, err := pool.Exec(ctx, schema); err != nil {
		pool.Close()
		return nil, fmt.Errorf("create checkpoints: %w", err)
	}
	return pool, nil
}

const schema = `
SELECT pg_advisory_lock(hashtext('projections'));
CREATE TABLE IF NOT EXISTS public.checkpoints (
	projection text PRIMARY KEY,
	position   bigint NOT NULL -- of the last event folded
);
CREATE TABLE IF NOT EXISTS public.parked ( -- streams that a model has stopped folding, and where
	projection text, stream text, version bigint NOT NULL, position bigint NOT NULL, reason text NOT NULL,
	PRIMARY KEY (projection, stream)
);
SELECT pg_advisory_unlock(hashtext('projections'));`
