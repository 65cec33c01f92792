package projections

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"nucleo/domain"
	"nucleo/eventstore"
)

// group is models that stand at the same position of the log, and are fed by
// one pass of it.
type group struct {
	engine   *Engine
	number   int
	name     string
	wanted   []Model // to be fed; those that are led are in models
	failures int     // in a row
	lasting  bool    // the last failure is one that waiting does not cure

	mu        sync.Mutex // held while a batch is handled, and while models come and go
	writer               // of the models that this process leads
	following atomic.Bool
	handled   bool
	err       error
	stop      context.CancelFunc
}

// round takes the lead, builds what is not there, and follows the log until
// something fails, the group is empty, or ctx ends.
func (g *group) round(ctx context.Context) error {
	if err := g.lead(ctx); err != nil {
		return err
	}
	unbuilt, err := g.place(ctx)
	if err == nil && len(unbuilt) > 0 {
		if err = g.build(ctx, unbuilt); err == nil {
			unbuilt, err = g.place(ctx)
		}
	}
	if err != nil || len(unbuilt) > 0 {
		return errors.Join(err, ctx.Err())
	}
	following, stop := context.WithCancel(ctx)
	g.begin(stop)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer stop()
	watching.Go(func() { g.watch(following) })
	err = eventstore.Consume(following, g.engine.origin.Source, g.engine.origin.Catalog, g.engine.log, eventstore.Consumer(g))
	g.mu.Lock()
	defer g.mu.Unlock()
	g.following.Store(false)
	if g.err != nil {
		return g.err
	}
	return err
}

func (g *group) begin(stop context.CancelFunc) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.err, g.stop, g.handled = nil, stop, false
	g.name = "projections " + strings.Join(names(g.wanted), "+")
	g.following.Store(true)
}

// lead waits for the locks of the models. Those that another process leads
// wait in a group of their own.
func (g *group) lead(ctx context.Context) (err error) {
	if g.link, err = connect(ctx, g.engine.pool); err != nil {
		return err
	}
	for {
		held, err := g.link.tryLock(ctx, names(g.wanted))
		if err != nil {
			return fmt.Errorf("take the lead: %w", err)
		}
		if len(held) > 0 {
			g.split(ctx, func(m Model) bool { return held[m.ID()] })
			return nil
		}
		if !pause(ctx, time.Second-backoff(4, false)) {
			return ctx.Err()
		}
	}
}

// split keeps some of the models, and starts another group for the others.
func (g *group) split(ctx context.Context, keep func(Model) bool) {
	var kept, others []Model
	for _, m := range g.wanted {
		if keep(m) {
			kept = append(kept, m)
		} else {
			others = append(others, m)
		}
	}
	g.wanted = kept
	g.engine.start(ctx, 0, others...)
}

// place finds out where the models stand, keeps those that stand together,
// and returns them if they have no tables yet.
func (g *group) place(ctx context.Context) (toBuild []Model, err error) {
	at, err := g.link.takeOver(ctx, names(g.wanted))
	if err != nil {
		return nil, err
	}
	position := func(m Model) int64 {
		c, built := at[m.ID()]
		if !built || c.pepe != m.impronta(g.engine.origin.Pepe) {
			return unbuilt
		}
		return c.position
	}
	for _, m := range g.wanted {
		if c, built := at[m.ID()]; built && position(m) == unbuilt {
			g.engine.log.WarnContext(ctx, "the secret of the blind indexes is not the one that these tables were made with: they are built anew, and people are not found in them until then",
				"model", m.ID(), "position", c.position)
		}
	}
	here := position(g.wanted[0])
	for _, m := range g.wanted {
		if position(m) != here {
			if err := g.link.unlock(ctx, m.ID()); err != nil {
				return nil, err
			}
		}
	}
	g.split(ctx, func(m Model) bool { return position(m) == here })
	if here == unbuilt {
		return g.wanted, nil
	}
	slices.SortFunc(g.wanted, func(a, b Model) int { return strings.Compare(a.ID(), b.ID()) })
	models := make([]*model, len(g.wanted))
	for i, m := range g.wanted {
		models[i] = m.open(m.ID(), g.engine.origin.Pepe)
		models[i].epoca = at[m.ID()].epoca
		if err := models[i].load(ctx, g.link, true); err != nil {
			return nil, blame(models[i], err)
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.models = models
	g.position.Store(here)
	g.publish(0)
	return nil, nil
}

func (g *group) build(ctx context.Context, models []Model) error {
	e := g.engine
	b := newBuilder(e.pool, e.origin, e.log)
	b.limits, b.memory, b.at = e.limits, &e.memory, e.writeHook
	b.told = func(m *model, p Progress) { e.known[m.of.ID()].building(p) }
	err := b.build(ctx, models, true)
	for _, m := range models {
		e.known[m.ID()].built(err)
	}
	return err
}

// leave gives up the lead, and forgets what was in memory.
func (g *group) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.following.Store(false)
	g.link.close()
	g.link = nil
	for _, m := range g.models {
		m.forget()
		g.memory.count(m)
	}
	g.models = nil
	for _, m := range g.wanted {
		g.engine.known[m.ID()].leading.Store(false)
	}
	g.engine.stir() // who waits for these must look elsewhere now
}

// Name implements eventstore.Consumer.
func (g *group) Name() string { return g.name }

var errGone = errors.New("this group of projections has ended")

// Position implements eventstore.Consumer.
func (g *group) Position(context.Context) (uint64, bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err != nil || len(g.models) == 0 {
		return 0, false, errGone
	}
	at := g.position.Load()
	return uint64(max(at, 0)), at >= 0, nil
}

// Handle implements eventstore.Consumer. After an error the group starts
// again from what is stored.
func (g *group) Handle(ctx context.Context, batch []domain.Recorded) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err != nil || len(g.models) == 0 {
		return errGone
	}
	batch, err := g.engine.origin.rilegge(ctx, batch)
	joined := false
	if err == nil {
		joined, err = g.join(ctx, batch)
	}
	if err == nil && !joined {
		before := g.position.Load()
		if err = g.handle(ctx, batch); err == nil {
			g.handled, g.failures = true, 0
			g.publish(len(after(before, batch)))
		}
	}
	if err != nil {
		g.err = fmt.Errorf("following the log after position %d: %w", g.position.Load(), err)
	}
	if err != nil || joined {
		g.stop()
	}
	return nil // the group itself logs what failed and starts anew
}

// heartbeat is how often a group that has nothing to do looks for its server.
const heartbeat = time.Second

// watch ends a round whose connection is gone. A server that fell may have lost
// what it had not written yet, and the lock with it: without this, nobody would
// know before the next event.
func (g *group) watch(ctx context.Context) {
	for pause(ctx, heartbeat) {
		if !g.mu.TryLock() {
			continue // a batch is under way, and will find out
		}
		if g.err == nil {
			if err := g.link.alive(ctx); err != nil && ctx.Err() == nil {
				g.err = fmt.Errorf("the connection to Postgres is gone: %w", err)
				g.stop()
			}
		}
		g.mu.Unlock()
	}
}

// publish tells where the models stand, and that so many events were folded.
func (g *group) publish(events int) {
	at := g.position.Load()
	for _, m := range g.models {
		g.engine.known[m.of.ID()].at(at, events, len(m.parked))
	}
	g.engine.stir()
}
