package main

import (
	"context"
	"log/slog"
	"time"
)

// minuto is how often the calendar is looked at. A timer up to midnight would
// not notice that the clock of the machine was set, or that it had slept.
const minuto = time.Minute

// scadenziario does something at the start and whenever the day, or the hour, is
// another one, until ctx ends. What fails is tried again.
func scadenziario[T comparable](ctx context.Context, adesso func() T, fa func(context.Context) error, ogni time.Duration, log *slog.Logger, incompiuto string) error {
	battito := time.NewTicker(ogni)
	defer battito.Stop()
	var fatto T
	for iniziato := false; ; {
		if ora := adesso(); !iniziato || ora != fatto {
			switch err := fa(ctx); {
			case ctx.Err() != nil:
				return nil
			case err != nil:
				log.Warn(incompiuto, "error", err)
			default:
				fatto, iniziato = ora, true
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-battito.C:
		}
	}
}
