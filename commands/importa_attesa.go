package commands

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"nucleo/domain"
)

// How long a job in the background waits before it tries again what did not work.
const (
	attesaMinima  = 50 * time.Millisecond
	attesaMassima = 5 * time.Second
	guastiMassimi = 6 // tries of what fails for a reason not known
)

func (c *corsa) insisti(ctx context.Context, f func() error) error { return insisti(ctx, c.log, f) }

// insisti repeats what fails because something cannot be reached, until ctx
// ends. A refusal is returned at once; a fault not known, after a few tries.
func insisti(ctx context.Context, log *slog.Logger, f func() error) error {
	guasti := 0
	for attesa := attesaMinima; ; attesa = min(2*attesa, attesaMassima) {
		err := f()
		if err == nil || errors.Is(err, errFuoriAggregato) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var rifiuto *domain.Error
		switch {
		case !errors.As(err, &rifiuto):
			if guasti++; guasti == guastiMassimi {
				return err
			}
		case rifiuto.Kind != domain.Unavailable && rifiuto.Kind != domain.Stale:
			return err
		}
		log.WarnContext(ctx, "a job waits", "error", err, "wait", attesa)
		if err := aspetta(ctx, attesa); err != nil {
			return err
		}
	}
}

func aspetta(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
