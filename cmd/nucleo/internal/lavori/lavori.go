// Package lavori carries jobs to their end in the background, one at a time:
// those that an earlier program left, then those that come. What could not go
// on is tried again after a rest.
package lavori

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Lavori are jobs of one kind, each named by a K.
type Lavori[K comparable] struct {
	Nome string // of the kind, for the log
	// Porta carries a job on. An error leaves it for later.
	Porta func(context.Context, K) error
	// Restano finds the jobs that have work left.
	Restano func(context.Context) ([]K, error)
	Riposo  time.Duration
	Log     *slog.Logger

	mu      sync.Mutex
	attesa  []K
	inCoda  map[K]bool
	sveglia chan struct{}
}

// Run carries jobs to their end until ctx ends.
func (l *Lavori[K]) Run(ctx context.Context) error {
	riposo := time.NewTimer(0)
	defer riposo.Stop()
	for ctx.Err() == nil {
		if k, ok := l.prossimo(); ok {
			if err := l.Porta(ctx, k); err != nil && ctx.Err() == nil {
				l.Log.ErrorContext(ctx, l.Nome+" stopped", "job", k, "error", err)
			}
			l.lascia(k)
			continue
		}
		select {
		case <-l.chiamata():
		case <-riposo.C:
			restano, err := l.Restano(ctx)
			if err != nil && ctx.Err() == nil {
				l.Log.ErrorContext(ctx, l.Nome+": what is left cannot be found", "error", err)
			}
			for _, k := range restano {
				l.Accoda(k)
			}
			riposo.Reset(l.Riposo)
		case <-ctx.Done():
		}
	}
	return nil
}

// Accoda puts a job in the queue, unless it is there or being carried on.
func (l *Lavori[K]) Accoda(k K) {
	chiamata := l.chiamata()
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.inCoda[k] {
		l.inCoda[k], l.attesa = true, append(l.attesa, k)
	}
	select {
	case chiamata <- struct{}{}:
	default:
	}
}

// chiamata wakes Run up.
func (l *Lavori[K]) chiamata() chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sveglia == nil {
		l.sveglia, l.inCoda = make(chan struct{}, 1), map[K]bool{}
	}
	return l.sveglia
}

func (l *Lavori[K]) prossimo() (k K, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.attesa) == 0 {
		return k, false
	}
	k, l.attesa = l.attesa[0], l.attesa[1:]
	return k, true
}

// lascia lets a job enter the queue again.
func (l *Lavori[K]) lascia(k K) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.inCoda, k)
}
