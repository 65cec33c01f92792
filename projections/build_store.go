package projections

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"
)

// Progress is how far a build is.
type Progress struct {
	Eventi    int64   // read
	Ritmo     float64 // events a second
	Posizione int64   // of the last event folded
	Fine      int64   // of the log, when the build began
}

// relieve stores the biggest lanes when memory is full.
func (b *builder) relieve(ctx context.Context) error {
	var all []*model
	for _, l := range b.lanes {
		all = append(all, l.models...)
		for _, m := range l.models {
			b.memory.count(m)
		}
	}
	for b.memory.full() {
		var biggest *lane
		for _, l := range b.lanes {
			if !l.stored && l.failed == nil && (biggest == nil || l.bytes() > biggest.bytes()) {
				biggest = l
			}
		}
		if biggest == nil {
			b.memory.trim(all)
			return nil
		}
		biggest.fail(biggest.store(ctx, biggest.position.Load()))
		b.memory.trim(biggest.models)
	}
	return nil
}

// store keeps what was folded of a build that ends early.
func (b *builder) store(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	var err error
	b.parallel(func(l *lane) error { return l.store(ctx, l.position.Load()) })
	for _, l := range b.lanes {
		err = errors.Join(err, l.failed)
	}
	return err
}

// grace is a context that ends some time after ctx, so that a write is not
// torn by a shutdown, nor holds it up for long.
func grace(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var timer *time.Timer
	var mu sync.Mutex
	stop := context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		timer = time.AfterFunc(d, cancel)
	})
	return longer, func() {
		stop()
		mu.Lock()
		defer mu.Unlock()
		if timer != nil {
			timer.Stop()
		}
		cancel()
	}
}

// tell publishes how far the build is, once a second.
func (b *builder) tell(ctx context.Context, end int64, last bool) {
	now := b.clock()
	if !last && now.Sub(b.report) < b.every {
		return
	}
	b.report = now
	events := b.pass.events.Load()
	p := Progress{Eventi: events, Ritmo: float64(events) / math.Max(now.Sub(b.begun).Seconds(), 1e-3), Fine: end}
	for _, l := range b.lanes {
		if l.failed != nil {
			continue
		}
		p.Posizione = l.position.Load()
		for _, m := range l.models {
			if b.told != nil {
				b.told(m, p)
			}
		}
		_, err := b.pool.Exec(ctx, `UPDATE proiezioni.avanzamento SET letta = $2, fine = $3, eventi = $4, ritmo = $5, aggiornato = now()
			WHERE proiezione = ANY($1)`, schemas(l.models), p.Posizione, p.Fine, p.Eventi, p.Ritmo)
		if err != nil && ctx.Err() == nil {
			b.log.DebugContext(ctx, "progress of a build not stored", "err", err)
		}
	}
}
