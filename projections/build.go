package projections

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"runtime"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// beside is what the name of a schema ends with while it is built beside the
// one that readers see.
const beside = "_nuova"

// ErrBuilding says that another process builds the same model.
var ErrBuilding = errors.New("another process is building this model")

// builder makes the tables of models from the log, beside those that readers
// see, and puts them in their place. What it has stored is kept when it is
// interrupted: the next build goes on from there.
type builder struct {
	limits
	pool   *pgxpool.Pool
	origin Origin
	memory *memory
	log    *slog.Logger
	at     func(string) error
	told   func(*model, Progress) // how far it is

	clock   func() time.Time
	every   time.Duration // between two reports of progress
	until   int64         // builds stop after this position
	suffix  string
	prepare func(context.Context, *link, *model) error // called for tables just made

	lanes  []*lane
	pass   *pass
	begun  time.Time
	report time.Time
}

// build makes the models' tables, and puts them in place. Those whose rows
// Postgres refuses when they come all at once are built again, event by event
// where need be.
func (b *builder) build(ctx context.Context, models []Model, place bool) error {
	lock, err := connect(ctx, b.pool)
	if err != nil {
		return err
	}
	defer lock.close()
	shadows := make([]*model, len(models))
	for i, m := range models {
		shadows[i] = m.open(m.ID()+b.suffix, b.origin.Pepe)
	}
	if err := lock.reserve(ctx, schemas(shadows)); err != nil {
		return err
	}
	if err := b.each(ctx, lock, shadows); err != nil || !place {
		return err
	}
	return b.place(ctx, shadows)
}

// each builds those that stand at the same position in one pass of the log.
func (b *builder) each(ctx context.Context, lock *link, shadows []*model) error {
	at, err := lock.takeOver(ctx, schemas(shadows))
	if err != nil {
		return err
	}
	classes := map[checkpoint][]*model{}
	for _, m := range shadows {
		c, begun := at[m.id]
		if !begun || c.pepe != m.pepe {
			c.position = unbuilt
		}
		m.epoca = c.epoca
		c = checkpoint{position: c.position}
		classes[c] = append(classes[c], m)
	}
	for c, models := range classes {
		refused, err := b.run(ctx, models, c.position, c.position == unbuilt)
		if err == nil && len(refused) > 0 {
			b.log.WarnContext(ctx, "rows refused: building with care", "models", schemas(refused))
			_, err = b.run(ctx, refused, unbuilt, false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const unbuilt = -2 // there are no tables

// run builds models that stand at one position, in memory as long as they fit
// or with every batch stored, and returns those that Postgres refused.
func (b *builder) run(ctx context.Context, models []*model, from int64, inMemory bool) (again []*model, err error) {
	defer func() {
		for _, l := range b.lanes {
			l.link.close()
			for _, m := range l.models {
				m.forget()
				b.memory.count(m)
			}
		}
		b.lanes = nil
	}()
	if err := b.open(ctx, models, from, inMemory); err != nil {
		return nil, err
	}
	if err := b.read(ctx, models, max(from, -1)); err != nil && !errors.Is(err, errStop) {
		if ctx.Err() != nil {
			return nil, errors.Join(ctx.Err(), b.store(ctx))
		}
		return nil, err
	}
	for _, l := range b.lanes {
		switch {
		case refused(l.failed) != nil:
			again = append(again, l.models...)
		case l.failed != nil:
			err = errors.Join(err, l.failed)
		}
	}
	return again, err
}

// open makes lanes, and tables where there are none.
func (b *builder) open(ctx context.Context, models []*model, from int64, inMemory bool) error {
	n := min(len(models), max(2, runtime.GOMAXPROCS(0)), 4)
	for range n {
		conn, err := connect(ctx, b.pool)
		if err != nil {
			return err
		}
		b.lanes = append(b.lanes, &lane{writer: writer{limits: b.limits, link: conn, memory: b.memory, at: b.at}, stored: !inMemory})
	}
	for i, m := range models {
		l := b.lanes[i%n]
		l.models = append(l.models, m)
	}
	for _, l := range b.lanes {
		l.position.Store(max(from, -1))
		if err := l.begin(ctx, b, from == unbuilt); err != nil {
			return err
		}
	}
	return nil
}

// create makes a model's tables; also its indexes, when every batch is stored.
func (b *builder) create(ctx context.Context, l *lane, m *model) error {
	sql := m.create()
	if l.stored {
		sql += m.keys() + m.index()
	}
	return pgx.BeginFunc(ctx, l.link.conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM proiezioni.parcheggiati WHERE proiezione = $1`, m.id)
		if err == nil && b.prepare != nil {
			err = b.prepare(ctx, l.link, m)
		}
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, `INSERT INTO proiezioni.avanzamento (proiezione, posizione, indicizzata, pepe) VALUES ($1, -1, $2, $3)
			ON CONFLICT (proiezione) DO UPDATE SET posizione = -1, indicizzata = $2, pepe = $3, epoca = avanzamento.epoca + 1, eventi = 0, aggiornato = now()
			RETURNING epoca`, m.id, l.stored, m.pepe).Scan(&m.epoca)
	})
}

// read folds the log after a position, and stores what was folded.
func (b *builder) read(ctx context.Context, models []*model, from int64) error {
	b.pass, b.begun = &pass{origin: b.origin}, b.clock()
	end, err := b.origin.Source.End(ctx)
	if err != nil {
		return err
	}
	reading := ctx
	ctx, release := grace(ctx, 5*time.Second)
	defer release()
	for batch, err := range b.pass.batches(reading, from, b.until, models, b.batch) {
		if err != nil {
			return err
		}
		b.parallel(func(l *lane) error { return l.absorb(ctx, batch) })
		if err := b.relieve(ctx); err != nil {
			return err
		}
		b.tell(ctx, int64(end), false)
		if err := b.broken(); err != nil {
			return err
		}
	}
	if err := reading.Err(); err != nil {
		return err // what was read ahead has been dropped
	}
	seen := b.pass.seen.Load()
	b.parallel(func(l *lane) error { return l.store(ctx, max(seen, l.position.Load())) })
	b.tell(ctx, int64(end), true)
	return nil
}

// parallel runs f for the lanes that have not failed, side by side.
func (b *builder) parallel(f func(*lane) error) {
	var wg sync.WaitGroup
	for _, l := range b.lanes {
		if l.failed == nil {
			wg.Go(func() { l.fail(f(l)) })
		}
	}
	wg.Wait()
}

// broken is an error that ends the whole pass: one that is not about data.
func (b *builder) broken() error {
	open := 0
	for _, l := range b.lanes {
		if l.failed != nil && refused(l.failed) == nil {
			return l.failed
		}
		if l.failed == nil {
			open++
		}
	}
	if open == 0 {
		return errStop
	}
	return nil
}

var errStop = errors.New("nothing is left to build")

func newBuilder(pool *pgxpool.Pool, origin Origin, log *slog.Logger) *builder {
	return &builder{limits: usual, pool: pool, origin: origin, memory: &memory{limit: usual.memory}, log: log,
		clock: time.Now, every: time.Second, until: math.MaxInt64, suffix: beside}
}
