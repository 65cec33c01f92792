package projections

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"slices"

	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/domain/codicefiscale"
)

// Load reads all rows of a model's tables into memory. It is for tests and
// for looking at small tables.
func (p Projection[T]) Load(ctx context.Context, pool *pgxpool.Pool) (*T, error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	t := new(T)
	for i, table := range tablesOf(t) {
		rel := relate(p.ID(), reflect.TypeFor[T]().Field(i), table.record())
		sql := fmt.Sprintf("SELECT %s FROM %s", list(rel.columns(), "NAME"), rel.name)
		rows := conn.Conn().PgConn().ExecParams(ctx, sql, nil, nil, nil, binaryFormat)
		for rows.NextRow() {
			record := reflect.New(table.record()).Elem()
			for i, c := range rel.columns() {
				c.decode(record.FieldByIndex(c.field), rows.Values()[i])
			}
			table.add(record)
		}
		if _, err := rows.Close(); err != nil {
			return nil, fmt.Errorf("load %s: %w", rel.name, err)
		}
	}
	return t, nil
}

// Contents are the rows of tables as Postgres keeps them: by name of the
// table and key; of a Log, how often a row is in it.
func (p Projection[T]) Contents(t *T) map[string]map[any]any {
	all := map[string]map[any]any{}
	for i, table := range tablesOf(t) {
		field := reflect.TypeFor[T]().Field(i)
		rel := relate(p.ID(), field, table.record())
		rows := map[any]any{}
		table.each(func(record reflect.Value) {
			for _, c := range rel.columns() {
				v := record.FieldByIndex(c.field)
				c.decode(v, c.encode(nil, v.Addr().UnsafePointer()))
			}
			if rel.keys != nil {
				rows[record.Field(0).Interface()] = record.Field(1).Interface()
				return
			}
			n, _ := rows[record.Interface()].(int)
			rows[record.Interface()] = n + 1
		})
		all[field.Name] = rows
	}
	return all
}

func tablesOf[T any](t *T) (all []table) {
	fields := reflect.ValueOf(t).Elem()
	for i := range fields.NumField() {
		if table, is := fields.Field(i).Addr().Interface().(table); is {
			all = append(all, table)
		}
	}
	return all
}

// Feed folds batches into the tables of models, which it makes if there are
// none. It is for tests of what reads the tables; see Run for everything else.
func Feed(ctx context.Context, pool *pgxpool.Pool, models []Model, batches ...[]domain.Recorded) error {
	return FeedEach(ctx, pool, models, slices.Values(batches))
}

// FeedEach is Feed with batches that are asked for when the one before is written.
func FeedEach(ctx context.Context, pool *pgxpool.Pool, models []Model, batches iter.Seq[[]domain.Recorded]) error {
	f, err := newFeeder(ctx, pool, models)
	if err != nil {
		return err
	}
	defer f.link.close()
	for batch := range batches {
		if err := f.handle(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// newFeeder makes a writer of models, and their tables where there are none.
// All must stand at the same position.
func newFeeder(ctx context.Context, pool *pgxpool.Pool, models []Model) (*writer, error) {
	l, err := connect(ctx, pool)
	if err != nil {
		return nil, err
	}
	w := &writer{limits: usual, link: l, memory: &memory{limit: usual.memory}}
	if err := w.open(ctx, models); err != nil {
		l.close()
		return nil, err
	}
	return w, nil
}

func (w *writer) open(ctx context.Context, models []Model) error {
	at, err := w.link.takeOver(ctx, names(models))
	if err != nil {
		return err
	}
	w.position.Store(-1)
	for i, of := range models {
		m := of.open(of.ID(), codicefiscale.Pepe{})
		c, there := at[m.id]
		if !there {
			if _, err := w.link.conn.Exec(ctx, m.create()+m.keys()+m.index()); err != nil {
				return fmt.Errorf("create %s: %w", m.id, err)
			}
			if _, err := w.link.conn.Exec(ctx, `INSERT INTO proiezioni.avanzamento (proiezione, posizione, in_costruzione, indicizzata, pepe) VALUES ($1, -1, false, true, $2)`, m.id, m.pepe); err != nil {
				return err
			}
			c.position = -1
		}
		if i > 0 && c.position != w.position.Load() {
			return fmt.Errorf("%s stands at %d, not %d", m.id, c.position, w.position.Load())
		}
		w.position.Store(c.position)
		m.epoca = c.epoca
		if err := m.load(ctx, w.link, true); err != nil {
			return err
		}
		w.models = append(w.models, m)
	}
	return nil
}
