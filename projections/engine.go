package projections

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Engine keeps models up to date with the log.
type Engine struct {
	limits
	pool      *pgxpool.Pool
	origin    Origin
	log       *slog.Logger
	memory    memory
	writeHook func(string) error // called at the points of a write, for tests
	known     map[string]*standing

	mu      sync.Mutex
	groups  []*group
	next    int
	moved   chan struct{} // closed when a model moves
	running sync.WaitGroup
}

// NewEngine makes an Engine for models, whose tables are where pool looks.
func NewEngine(pool *pgxpool.Pool, origin Origin, log *slog.Logger, models ...Model) *Engine {
	e := &Engine{limits: usual, pool: pool, origin: origin, log: log, known: map[string]*standing{}, moved: make(chan struct{})}
	for _, m := range models {
		e.known[m.ID()] = &standing{model: m}
	}
	return e
}

// Run builds the models that have no tables, and keeps all of them up to date
// until ctx ends. Where another process does so, it waits to take over. It
// never gives up: what fails is logged, seen in Stato, and tried again.
func (e *Engine) Run(ctx context.Context) error {
	e.memory.limit = e.limits.memory
	var all []Model
	for _, s := range e.known {
		all = append(all, s.model)
	}
	e.start(ctx, 0, all...)
	<-ctx.Done()
	e.running.Wait()
	return nil
}

// Run keeps models up to date until ctx ends, without telling how they are.
func Run(ctx context.Context, pool *pgxpool.Pool, origin Origin, log *slog.Logger, models ...Model) error {
	return NewEngine(pool, origin, log, models...).Run(ctx)
}

// start feeds models as one group, after so many failures of theirs.
func (e *Engine) start(ctx context.Context, failures int, models ...Model) {
	if len(models) == 0 {
		return
	}
	e.mu.Lock()
	g := &group{engine: e, number: e.next, wanted: models, failures: failures}
	g.writer = writer{limits: e.limits, memory: &e.memory, at: e.writeHook}
	e.next++
	e.groups = append(e.groups, g)
	e.mu.Unlock()
	e.running.Go(func() {
		defer e.end(g)
		e.drive(ctx, g)
	})
}

func (e *Engine) end(g *group) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, other := range e.groups {
		if other == g {
			e.groups = append(e.groups[:i:i], e.groups[i+1:]...)
		}
	}
}

// drive runs a group until it has no models left, or ctx ends.
func (e *Engine) drive(ctx context.Context, g *group) {
	for ctx.Err() == nil && len(g.wanted) > 0 {
		if g.failures > 0 && !pause(ctx, backoff(g.failures, g.lasting)) {
			return
		}
		err := g.round(ctx)
		g.leave()
		if err == nil || ctx.Err() != nil {
			continue
		}
		e.failed(ctx, g, err)
	}
}

// failed takes note of an error, and lets a model that is alone at fault go
// its own way.
func (e *Engine) failed(ctx context.Context, g *group, err error) {
	var f *failure
	about := g.wanted
	g.lasting = causeOf(err) == lasting || errors.Is(err, ErrBuilding)
	if errors.As(err, &f) && causeOf(err) != passing {
		about = []Model{f.model.of}
	}
	g.failures++
	if errors.Is(err, ErrFenced) && g.failures < 3 {
		e.log.InfoContext(ctx, "tables were changed by another process: reading them again", "models", names(about))
		return
	}
	e.log.WarnContext(ctx, "projection failed", "models", names(about), "failures", g.failures, "err", err)
	for _, m := range about {
		e.known[m.ID()].fail(err)
	}
	e.note(ctx, about, err)
	if len(about) < len(g.wanted) {
		rest := g.wanted[:0:0]
		for _, m := range g.wanted {
			if m.ID() != about[0].ID() {
				rest = append(rest, m)
			}
		}
		g.wanted, g.lasting = rest, false
		e.start(ctx, g.failures, about...)
		g.failures = 0
	}
}

// note stores an error for those who look at Stato, if Postgres can be reached.
func (e *Engine) note(ctx context.Context, about []Model, err error) {
	var pg *pgconn.PgError
	if ctx.Err() != nil || !errors.As(err, &pg) && !errors.Is(err, ErrFenced) && !errors.Is(err, ErrBuilding) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	ids := names(about)
	for _, id := range ids {
		ids = append(ids, id+beside)
	}
	if _, failed := e.pool.Exec(ctx, `UPDATE proiezioni.avanzamento SET errore = $2 WHERE proiezione = ANY($1)`, ids, reason(err)); failed != nil {
		e.log.DebugContext(ctx, "error not stored", "err", failed)
	}
}

func names(models []Model) (ids []string) {
	for _, m := range models {
		ids = append(ids, m.ID())
	}
	return ids
}

// backoff is how long to wait after failures in a row: at first a moment, at
// most 4 s, so that an end of an outage is seen soon; 30 s where only a person
// can help.
func backoff(failures int, lasting bool) time.Duration {
	most := 4 * time.Second
	if lasting {
		most = 30 * time.Second
	}
	d := min(most, 50*time.Millisecond<<min(failures-1, 10))
	return d/2 + rand.N(d/2)
}

// pause waits, unless ctx ends before.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// stir wakes those who wait for a model to move.
func (e *Engine) stir() {
	e.mu.Lock()
	defer e.mu.Unlock()
	close(e.moved)
	e.moved = make(chan struct{})
}

func (e *Engine) movement() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.moved
}
