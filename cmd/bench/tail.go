package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"nucleo/domain"
	"nucleo/domain/id"
	"nucleo/eventstore/node/eventlog"
	"nucleo/projections"
	"nucleo/projections/casi"
)

const offered = 5_000 // events a second

// liveTail measures how soon an event can be queried while 5,000 come in a
// second, and how many the models can follow (T6).
func liveTail(ctx context.Context, b *bench) (err error) {
	i, err := b.install(ctx, "tail")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	t := &tail{installation: i}
	if err := t.latency(ctx, b); err != nil {
		return err
	}
	return t.throughput(ctx, b)
}

// tail is a log that grows, and how far it has.
type tail struct {
	*installation
	cases, moves int
}

// late is an event that comes alone: its stream and revision are known before.
type late struct {
	stream   string
	revision int64 // of the event before; -1 for none
	event    eventlog.Proposed
	caso     id.Caso
}

// prepare makes n events of new cases, as shares in the order of which they
// may be appended side by side. Cases grow next to one another.
func (t *tail) prepare(n, shares int) ([][]late, error) {
	all := make([][]late, shares)
	for share := 0; n > 0; share++ {
		var streams [][]late
		for range 32 {
			stream, stored, err := t.seme.storia(t.cases, mosseDi(t.cases))
			if err != nil {
				return nil, err
			}
			stored = stored[:min(len(stored), n)]
			if n -= len(stored); len(stored) == 0 {
				break
			}
			t.cases++
			t.moves += len(stored) - 1
			var one []late
			for v, e := range stored {
				one = append(one, late{stream, int64(v) - 1, proposed(e)[0], id.Caso{UUID: domain.Subject(stream)}})
			}
			streams = append(streams, one)
		}
		to := share % shares
		for v, more := 0, true; more; v++ {
			more = false
			for _, one := range streams {
				if v < len(one) {
					all[to], more = append(all[to], one[v]), true
				}
			}
		}
	}
	return all, nil
}

func (t *tail) append(ctx context.Context, e late) (position uint64, err error) {
	done, err := t.node.Log().Append(ctx, e.stream, e.revision, []eventlog.Proposed{e.event})
	return uint64(done.Position), err
}

// check holds the rows against what was appended.
func (t *tail) check(ctx context.Context) error {
	return t.rowsAre(ctx, map[string]int{"casi": t.cases, "cronologia": t.moves, "pesi": t.cases})
}

func (t *tail) latency(ctx context.Context, b *bench) (err error) {
	engine, stop := t.follow(ctx)
	defer func() { err = errors.Join(err, stop()) }()
	if err := t.caughtUp(ctx, engine); err != nil {
		return err
	}
	var p50, p99, came sample
	events := offered * b.pick(3, 1)
	for round := range b.rounds() + 1 {
		late, took, err := t.round(ctx, engine, events)
		if err != nil {
			return err
		}
		if err := t.caughtUp(ctx, engine); err != nil {
			return err
		}
		if err := t.check(ctx); err != nil {
			return err
		}
		if round > 0 {
			p50, p99, came = append(p50, late.quantile(0.5)), append(p99, late.quantile(0.99)), append(came, rate(events, took))
		}
		b.progress("  %d events offered, %s/s came: append to queryable p50 %.1f ms, p99 %.1f ms of %d looked at", events, thousands(rate(events, took)), late.quantile(0.5), late.quantile(0.99), len(late))
	}
	b.table.add(row{
		id: "T6", what: fmt.Sprintf("live tail at %s events/s offered: from the call of the append until the row of its case shows it", thousands(offered)),
		measured: "p99 " + p99.show(millis) + ", p50 " + p50.show(millis), reference: came.show(thousands) + " events/s came",
		ratio: "–", bound: "p99 < 50 ms", met: verdict(p99.median() < 50 && came.median() > 0.95*offered),
	})
	return nil
}

// round offers events at an even pace from 32 hands, and follows one in 25
// from its append to its row. It answers in milliseconds.
func (t *tail) round(ctx context.Context, engine *projections.Engine, n int) (late sample, took time.Duration, err error) {
	const hands, every = 32, 25
	shares, err := t.prepare(n, hands)
	if err != nil {
		return nil, 0, err
	}
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	begun := time.Now()
	for hand, share := range shares {
		pace := time.Duration(float64(time.Second) * float64(n) / float64(len(share)) / offered)
		g.Go(func() error {
			for k, e := range share {
				if err := until(ctx, begun.Add(time.Duration(k)*pace+time.Duration(hand)*pace/hands)); err != nil {
					return err
				}
				called := time.Now()
				position, err := t.append(ctx, e)
				if err != nil {
					return err
				}
				if k%every != 0 {
					continue
				}
				g.Go(func() error {
					if err := t.queryable(ctx, engine, e.caso, position); err != nil {
						return err
					}
					mu.Lock()
					defer mu.Unlock()
					late = append(late, float64(time.Since(called).Microseconds())/1000)
					return nil
				})
			}
			mu.Lock()
			defer mu.Unlock()
			took = max(took, time.Since(begun))
			return nil
		})
	}
	return late, took, errors.Join(g.Wait(), nil)
}

// queryable returns once the row of a case shows the event at a position.
func (t *tail) queryable(ctx context.Context, engine *projections.Engine, c id.Caso, position uint64) error {
	if err := engine.Wait(ctx, position, modelli...); err != nil {
		return err
	}
	v, there, err := casi.Di(ctx, t.pool, c)
	if err == nil && (!there || v.Posizione < position) {
		err = fmt.Errorf("the engine says that position %d can be read, and the row is at %d", position, v.Posizione)
	}
	return err
}

func until(ctx context.Context, at time.Time) error {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// throughput measures how fast the engine takes in what came while it did not
// run, against a transaction for each event.
func (t *tail) throughput(ctx context.Context, b *bench) error {
	backlog := b.pick(20_000, 5_000)
	engine := subject{"tail of all read models", func(ctx context.Context) (per float64, err error) {
		if err := t.grow(ctx, backlog); err != nil {
			return 0, err
		}
		begun := time.Now()
		engine, stop := t.follow(ctx)
		err = t.caughtUp(ctx, engine)
		took := time.Since(begun)
		return rate(backlog, took), errors.Join(err, stop(), t.check(ctx))
	}}
	alone, err := t.anEvent(ctx, b)
	if err != nil {
		return err
	}
	defer alone.pool.Close()
	one, err := t.oneByOne(ctx, true)
	if err != nil {
		return err
	}
	defer one.close()
	careless, err := t.oneByOne(ctx, false)
	if err != nil {
		return err
	}
	defer careless.close()
	took := time.Duration(b.pick(1000, 400)) * time.Millisecond
	same := subject{"the same by a transaction an event", alone.round(b.pick(1_500, 400))}
	durable := subject{"two rows an event, pipelined", one.round(took)}
	lazy := subject{"two rows, synchronous_commit off", careless.round(took)}
	got, err := b.interleave(ctx, b.rounds(), engine, same, durable, lazy)
	if err != nil {
		return err
	}
	b.table.ratio("T6", fmt.Sprintf("throughput of the tail: the engine starts, and takes in %s events, all read models", thousands(float64(backlog))),
		got[engine.name], "the same models and rows by the same folds, a transaction an event, its statements pipelined, synchronous_commit off", got[same.name], 15)
	b.table.ratio("T6", "the same, all read models", got[engine.name],
		"two of their rows only (one of the list, one of the chronology) and a checkpoint, a transaction an event, all pipelined", got[durable.name], 0)
	b.table.ratio("T6", "the same, all read models", got[engine.name], "the same two rows with synchronous_commit off", got[lazy.name], 0)
	return nil
}

// grow appends events while nobody follows.
func (t *tail) grow(ctx context.Context, n int) error {
	shares, err := t.prepare(n, 32)
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, share := range shares {
		g.Go(func() error {
			for _, e := range share {
				if _, err := t.append(ctx, e); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}
