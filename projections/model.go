package projections

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/jackc/pgx/v5"

	"nucleo/domain"
)

// model is a Projection at work on the tables of one schema, as far as they
// are in memory.
type model struct {
	id      string // the schema
	of      Model
	pepe    string // print of the secret of its blind indexes
	indexes string
	tables  []table
	apply   func(domain.Recorded)
	rifai   func([]domain.Recorded) // nil when the model keeps nothing of what is sealed
	epoca   int64
	parked  map[string]parked // streams that wait for someone to look
	parking []parking         // those of this batch
	sure    int               // how many of them do not depend on rows
	counted int64             // bytes that the memory was told of
}

// parked says from which version a stream is not folded.
type parked struct {
	version uint64
	was     bool // a version to go back to when the batch is taken back
	before  uint64
}

type parking struct {
	at     domain.Recorded
	reason error
}

// fold applies a batch to the rows in memory.
func (m *model) fold(batch []domain.Recorded) {
	for _, r := range batch {
		if p, is := m.parked[r.Stream]; is && r.Version >= p.version || !m.of.reads(r.Stream) {
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
			err = panicked(p)
		}
	}()
	if bad, ok := r.Event.(domain.Unreadable); ok {
		return bad.Err
	}
	if e, is := r.Event.(rifatto); is {
		m.rifa(e)
		r.Event = e.Dimentica
	}
	m.apply(r)
	return nil
}

// park stops folding the stream of an event, from that event on.
func (m *model) park(r domain.Recorded, err error) {
	old, was := m.parked[r.Stream]
	m.parked[r.Stream] = parked{r.Version, was, old.version}
	m.parking = append(m.parking, parking{r, err})
}

// rewind takes the rows back to before the batch.
func (m *model) rewind() {
	for _, p := range slices.Backward(m.parking[m.sure:]) {
		if now := m.parked[p.at.Stream]; now.was {
			m.parked[p.at.Stream] = parked{version: now.before}
		} else {
			delete(m.parked, p.at.Stream)
		}
	}
	m.parking = m.parking[:m.sure]
	for _, t := range m.tables {
		t.rewind()
	}
}

// missing reports whether the batch asked for rows that are not in memory.
func (m *model) missing() bool {
	for _, t := range m.tables {
		for range t.wanted() {
			return true
		}
	}
	return false
}

// fetch adds to p what reads the missing rows.
func (m *model) fetch(ctx context.Context, p *pipeline) error {
	for _, t := range m.tables {
		wanted := slices.Collect(t.wanted())
		if len(wanted) == 0 {
			continue
		}
		rel := t.rel()
		read := func(row [][]byte) { rel.take(wanted, row) }
		if err := p.add(ctx, m, statement{rel.selects, arrays(rel.keys, wanted)}, read); err != nil {
			return err
		}
		t.fetched()
	}
	return nil
}

// changed is what a batch has changed in one model, encoded.
type changed struct {
	model      *model
	statements []statement
	copies     []copying
}

type copying struct {
	sql  string
	rel  *relation
	rows []reflect.Value
}

// changes collects what the batch changed. From copyFrom new rows of a table
// on, they go by COPY.
func (m *model) changes(copyFrom int) changed {
	c := changed{model: m}
	for _, t := range m.tables {
		rel := t.rel()
		added, altered, removed := t.changes()
		if len(added) >= copyFrom && len(added) > 0 {
			c.copies = append(c.copies, copying{rel.copies, rel, added})
			added = nil
		}
		c.statements = append(c.statements, rel.statements(added, altered, removed)...)
	}
	for _, p := range m.parking {
		c.statements = append(c.statements, statement{parkSQL, [][]byte{[]byte(m.id), []byte(p.at.Stream),
			bigint(int64(p.at.Version)), bigint(int64(p.at.Position)), []byte(reason(p.reason))}})
	}
	return c
}

const parkSQL = `INSERT INTO proiezioni.parcheggiati (proiezione, flusso, versione, posizione, motivo)
	VALUES ($1::text, $2::text, $3::bigint, $4::bigint, $5::text)
	ON CONFLICT (proiezione, flusso) DO UPDATE SET versione = excluded.versione, posizione = excluded.posizione, motivo = excluded.motivo`

// written is called when the batch is safe.
func (m *model) written() {
	m.parking, m.sure = nil, 0
	for _, t := range m.tables {
		t.written()
	}
}

func (m *model) bytes() (n int64) {
	for _, t := range m.tables {
		n += t.bytes()
	}
	return n
}

func (m *model) age() {
	for _, t := range m.tables {
		t.age()
	}
}

// forget makes the model know nothing of its rows.
func (m *model) forget() {
	m.parking, m.sure = nil, 0
	clear(m.parked)
	for _, t := range m.tables {
		t.forget()
	}
}

// load forgets what was in memory and reads which streams are parked. Stored
// is whether the tables may hold rows.
func (m *model) load(ctx context.Context, l *link, stored bool) error {
	m.forget()
	for _, t := range m.tables {
		t.rel().stored = stored
	}
	rows, err := l.conn.Query(ctx, `SELECT flusso, versione FROM proiezioni.parcheggiati WHERE proiezione = $1`, m.id)
	if err != nil {
		return err
	}
	var stream string
	var version int64
	_, err = pgx.ForEachRow(rows, []any{&stream, &version}, func() error {
		m.parked[stream] = parked{version: uint64(version)}
		return nil
	})
	return err
}

// create makes the schema and its tables, without keys and indexes, where
// nothing has been folded yet.
func (m *model) create() string {
	schema := pgx.Identifier{m.id}.Sanitize()
	sql := fmt.Sprintf("DROP SCHEMA IF EXISTS %s CASCADE; CREATE SCHEMA %[1]s;", schema)
	for _, t := range m.tables {
		sql += t.rel().create()
	}
	return sql
}

// keys makes the primary keys; index all others, and what the planner knows.
func (m *model) keys() (sql string) {
	for _, t := range m.tables {
		sql += t.rel().primaryKey()
	}
	return sql
}

func (m *model) index() string {
	sql := fmt.Sprintf("SET LOCAL maintenance_work_mem = '128MB'; SET LOCAL default_statistics_target = 20; SET LOCAL max_parallel_maintenance_workers = 0; SET LOCAL search_path TO %s, public; %s;",
		pgx.Identifier{m.id}.Sanitize(), m.indexes)
	for _, t := range m.tables {
		sql += "ANALYZE " + t.rel().name + ";"
	}
	return sql
}
