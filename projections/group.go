package projections

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
)

// Bounds. They are variables for tests.
var (
	keepRows  = 200_000   // rows a table keeps in memory between batches
	buildRows = 2_000_000 // rows that a build keeps before it writes any
	copyFrom  = 1_000     // rows of a log from which COPY beats INSERT
)

// ErrFenced says that another process has moved the checkpoint: it leads now.
var ErrFenced = errors.New("another process projects these models")

// Group is models that stand at the same position of the log, and are fed by
// one pass of it.
type Group struct {
	pool     *pgxpool.Pool
	conn     *pgxpool.Conn // holds the locks of the models while this process leads
	models   []*model
	position int64 // or unbuilt, or empty
}

const (
	unbuilt = -2 // there are no tables
	empty   = -1 // there are, and no event was folded yet
)

// Groups sorts models by where they stand. Those not built yet come first.
func Groups(ctx context.Context, pool *pgxpool.Pool, models []Model) ([]*Group, error) {
	at := map[int64]*Group{}
	for _, m := range models {
		position, err := position(ctx, pool, m.ID())
		if err != nil {
			return nil, err
		}
		if at[position] == nil {
			at[position] = &Group{pool: pool, position: position}
		}
		at[position].models = append(at[position].models, m.open())
	}
	groups := make([]*Group, 0, len(at))
	for _, g := range at {
		slices.SortFunc(g.models, func(a, b *model) int { return strings.Compare(a.id, b.id) }) // the order of locking
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b *Group) int { return int(a.position - b.position) })
	return groups, nil
}

type queryer interface {
	QueryRow(context.Context, string, ...any) pgx.Row
}

func position(ctx context.Context, db queryer, projection string) (at int64, err error) {
	err = db.QueryRow(ctx, `SELECT coalesce(max(position), -2) FROM checkpoints WHERE projection = $1`, projection).Scan(&at)
	return at, err
}

// Name names the group in logs.
func (g *Group) Name() string { return strings.Join(g.ids(), "+") }

func (g *Group) ids() (ids []string) {
	for _, m := range g.models {
		ids = append(ids, m.id)
	}
	return ids
}

// Position takes the lead, waiting for it if need be, and returns the position
// of the last event folded, or false before the first.
func (g *Group) Position(ctx context.Context) (uint64, bool, error) {
	if g.conn == nil {
		if err := g.lead(ctx); err != nil {
			g.Close()
			return 0, false, fmt.Errorf("%s: %w", g.Name(), err)
		}
	}
	return uint64(max(g.position, 0)), g.position >= 0, nil
}

func (g *Group) lead(ctx context.Context) (err error) {
	if g.conn, err = g.pool.Acquire(ctx); err != nil {
		return err
	}
	for _, m := range g.models {
		if _, err := g.conn.Exec(ctx, `SELECT pg_advisory_lock(hashtext($1))`, m.id); err != nil {
			return err
		}
	}
	for i, m := range g.models {
		at, err := position(ctx, g.conn, m.id)
		if err != nil {
			return err
		}
		if i > 0 && at != g.position {
			return fmt.Errorf("%s stands at %d, not %d", m.id, at, g.position)
		}
		g.position = at
		if err := m.load(ctx, g.conn.Conn()); err != nil {
			return err
		}
	}
	return nil
}

// Close gives up the lead, and forgets what was in memory.
func (g *Group) Close() {
	if g.conn != nil {
		_ = g.conn.Conn().Close(context.Background()) // and its locks with it
		g.conn.Release()
		g.conn = nil
	}
}

// Handle folds a batch and writes the outcome. After an error the group knows
// nothing: ask its Position, and feed it from there.
func (g *Group) Handle(ctx context.Context, batch []domain.Recorded) error {
	for len(batch) > 0 && int64(batch[0].Position) <= g.position {
		batch = batch[1:]
	}
	if len(batch) == 0 {
		return nil
	}
	err := g.project(ctx, batch)
	if m := refused(err); m != nil {
		err = g.isolate(ctx, batch, m, err)
	}
	if err != nil {
		g.Close()
		return fmt.Errorf("%s: events %d to %d: %w", g.Name(), batch[0].Position, batch[len(batch)-1].Position, err)
	}
	return nil
}

// isolate finds the event whose rows the database refuses, by halves, and
// parks its stream.
func (g *Group) isolate(ctx context.Context, batch []domain.Recorded, by *refusal, err error) error {
	for _, m := range g.models {
		m.rewind()
	}
	if len(batch) == 1 {
		by.model.park(batch[0], err)
		return g.project(ctx, batch)
	}
	half := len(batch) / 2
	for _, part := range [][]domain.Recorded{batch[:half], batch[half:]} {
		err := g.project(ctx, part)
		if m := refused(err); m != nil {
			err = g.isolate(ctx, part, m, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (g *Group) project(ctx context.Context, batch []domain.Recorded) error {
	for _, m := range g.models {
		if err := m.settle(ctx, g.conn.Conn(), batch); err != nil {
			return err
		}
	}
	to := int64(batch[len(batch)-1].Position)
	err := pgx.BeginFunc(ctx, g.conn, func(tx pgx.Tx) error {
		w := &writes{conn: tx.Conn()}
		if err := g.advance(ctx, w, to); err != nil {
			return err
		}
		for _, m := range g.models {
			if err := m.write(ctx, w); err != nil {
				return err
			}
		}
		return w.run(ctx)
	})
	if err == nil {
		g.written(to)
	}
	return err
}

// advance moves the checkpoints, if they are where this process left them.
func (g *Group) advance(ctx context.Context, w *writes, to int64) error {
	return w.add(ctx, `UPDATE checkpoints SET position = $3 WHERE projection = ANY(string_to_array($1, ',')) AND position = $2`, len(g.models),
		[][]byte{[]byte(strings.Join(g.ids(), ",")), bigint(g.position), bigint(to)})
}

func bigint(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

func (g *Group) written(to int64) {
	g.position = to
	for _, m := range g.models {
		m.written()
	}
}

// Build makes the tables of models that have none, from the whole log up to
// now: all is folded in memory, copied into the tables, and then indexed.
// Rows beyond the bound are written early, and read again when needed.
func (g *Group) Build(ctx context.Context, log iter.Seq2[[]domain.Recorded, error]) error {
	if _, _, err := g.Position(ctx); err != nil || g.position != unbuilt {
		return err
	}
	to := int64(empty)
	err := pgx.BeginFunc(ctx, g.conn, func(tx pgx.Tx) error {
		for _, m := range g.models {
			if err := m.create(ctx, tx); err != nil {
				return err
			}
		}
		for batch, err := range log {
			if err != nil {
				return err
			}
			for _, m := range g.models {
				if err := m.build(ctx, tx.Conn(), batch); err != nil {
					return fmt.Errorf("build %s: %w", m.id, err)
				}
			}
			to = int64(batch[len(batch)-1].Position)
		}
		for _, m := range g.models {
			if err := m.finish(ctx, tx, to); err != nil {
				return fmt.Errorf("build %s: %w", m.id, err)
			}
		}
		return nil
	})
	if err != nil {
		g.Close()
		return err
	}
	g.written(to)
	return nil
}

// refusal is the database's, of the rows of a model.
type refusal struct {
	model *model
	error
}

func (r *refusal) Unwrap() error { return r.error }

// refused returns the refusal in err if writing again cannot help: the data is
// at fault, by SQLSTATE 22 (a value) or 23 (a constraint).
func refused(err error) *refusal {
	var r *refusal
	var pg *pgconn.PgError
	if errors.As(err, &r) && errors.As(err, &pg) && (strings.HasPrefix(pg.Code, "22") || strings.HasPrefix(pg.Code, "23")) {
		return r
	}
	return nil
}
