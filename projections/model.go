package projections

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"nucleo/domain"
)

// model is a Projection at work: its tables, as far as they are in memory.
type model struct {
	id, indexes string
	tables      []table
	apply       func(domain.Recorded)
	parked      map[string]error // streams that wait for someone to look
	parking     []parking        // those of this batch
}

type parking struct {
	at     domain.Recorded
	reason error
}

// fold applies a batch to the rows in memory.
func (m *model) fold(batch []domain.Recorded) {
	for _, r := range batch {
		if m.parked[r.Stream] != nil {
			continue
		}
		if err := m.try(r); err != nil {
			for _, t := range m.tables {
				t.undo()
			}
			m.park(r, err)
			continue
		}
		for _, t := range m.tables {
			t.keep()
		}
	}
}

func (m *model) try(r domain.Recorded) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	if bad, ok := r.Event.(domain.Unreadable); ok {
		return bad.Err
	}
	m.apply(r)
	return nil
}

// park stops folding the stream of an event, from that event on.
func (m *model) park(r domain.Recorded, err error) {
	m.parked[r.Stream] = err
	m.parking = append(m.parking, parking{r, err})
}

// settle folds a batch with all the rows that it needs. Which rows those are
// is found by folding: a row that is not in memory counts as zero at first,
// is fetched, and the batch is folded again from where it began, until no row
// is missing. Most batches need no second time.
func (m *model) settle(ctx context.Context, conn *pgx.Conn, batch []domain.Recorded) error {
	for {
		m.fold(batch)
		missing := false
		for _, t := range m.tables {
			if wanted := slices.Collect(t.wanted()); len(wanted) > 0 {
				if !missing {
					missing = true
					m.rewind()
				}
				if err := t.rel().fetch(ctx, conn, wanted); err != nil {
					return fmt.Errorf("fetch rows of %s: %w", t.rel().name, err)
				}
				t.fetched()
			}
		}
		if !missing {
			return nil
		}
	}
}

// rewind takes the rows back to before the batch.
func (m *model) rewind() {
	for _, p := range m.parking {
		delete(m.parked, p.at.Stream)
	}
	m.parking = nil
	for _, t := range m.tables {
		t.rewind()
	}
}

// write sends what a batch changed to the database, or adds it to w.
func (m *model) write(ctx context.Context, w *writes) error {
	w.owner = m
	for _, t := range m.tables {
		rel := t.rel()
		added, altered, removed := t.changes()
		if len(added) >= copyFrom {
			if err := rel.copy(ctx, w.conn, added); err != nil {
				return &refusal{m, err}
			}
			added = nil
		}
		if err := errors.Join(rel.insert(ctx, w, added), rel.update(ctx, w, altered), rel.remove(ctx, w, removed)); err != nil {
			return err
		}
	}
	for _, p := range m.parking {
		if _, err := w.conn.Exec(ctx, `INSERT INTO parked VALUES ($1, $2, $3, $4, $5)`,
			m.id, p.at.Stream, p.at.Version, p.at.Position, p.reason.Error()); err != nil {
			return err
		}
	}
	return nil
}

// written is called when the batch is safe.
func (m *model) written() {
	m.parking = nil
	for _, t := range m.tables {
		t.written(keepRows)
	}
}

// load reads where the model was left.
func (m *model) load(ctx context.Context, conn *pgx.Conn) error {
	m.rewind()
	clear(m.parked)
	rows, err := conn.Query(ctx, `SELECT stream, reason FROM parked WHERE projection = $1`, m.id)
	if err != nil {
		return err
	}
	var stream, reason string
	_, err = pgx.ForEachRow(rows, []any{&stream, &reason}, func() error {
		m.parked[stream] = fmt.Errorf("%s", reason)
		return nil
	})
	for _, t := range m.tables {
		t.written(-1)
	}
	return err
}

// create makes the tables, without indexes.
func (m *model) create(ctx context.Context, tx pgx.Tx) error {
	schema := pgx.Identifier{m.id}.Sanitize()
	sql := fmt.Sprintf("CREATE SCHEMA %s; SET LOCAL search_path TO %s, public;", schema, schema)
	for _, t := range m.tables {
		t.rel().stored = false
		sql += t.rel().create()
	}
	_, err := tx.Exec(ctx, sql)
	return err
}

// build folds a piece of the log into tables that are not yet there for
// readers. Logs are written as they grow, tables when they are too big.
func (m *model) build(ctx context.Context, conn *pgx.Conn, batch []domain.Recorded) error {
	if err := m.settle(ctx, conn, batch); err != nil {
		return err
	}
	rows := 0
	spilt := false
	for _, t := range m.tables {
		if t.rel().keys == nil {
			added, _, _ := t.changes()
			if err := t.rel().copy(ctx, conn, added); err != nil {
				return err
			}
			t.rewind()
			continue
		}
		rows += t.size()
		spilt = spilt || t.rel().stored
	}
	if rows < buildRows && !spilt {
		return nil
	}
	return m.spill(ctx, conn, keepRows)
}

func (m *model) spill(ctx context.Context, conn *pgx.Conn, keep int) error {
	w := &writes{conn: conn}
	if err := errors.Join(m.write(ctx, w), w.run(ctx)); err != nil {
		return err
	}
	for _, t := range m.tables {
		if !t.rel().stored {
			if _, err := conn.Exec(ctx, t.rel().primaryKey()); err != nil {
				return err
			}
		}
		t.written(keep)
	}
	m.parking = nil
	return nil
}

// finish writes the rest, the indexes and the first checkpoint.
func (m *model) finish(ctx context.Context, tx pgx.Tx, at int64) error {
	if err := m.spill(ctx, tx.Conn(), keepRows); err != nil {
		return err
	}
	sql := fmt.Sprintf("SET LOCAL search_path TO %s, public; %s;", pgx.Identifier{m.id}.Sanitize(), m.indexes)
	for _, t := range m.tables {
		sql += "ANALYZE " + t.rel().name + ";"
	}
	if _, err := tx.Exec(ctx, sql); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO public.checkpoints VALUES ($1, $2)`, m.id, at)
	return err
}
