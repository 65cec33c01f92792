package main

import (
	"context"
	"log/slog"
	"time"

	"nucleo/commands/policies"
	"nucleo/domain/giorno"
)

// minuto is how often the calendar is looked at. A timer up to midnight would
// not notice that the clock of the machine was set, or that it had slept.
const minuto = time.Minute

// scadenziario has the clocks of the cases noted at the start and whenever the
// day is another one, until ctx ends. What fails is tried again.
func scadenziario(ctx context.Context, scadenze policies.Scadenze, ogni time.Duration, log *slog.Logger) error {
	battito := time.NewTicker(ogni)
	defer battito.Stop()
	var fatto giorno.Giorno
	for {
		if oggi := scadenze.Oggi(); oggi != fatto {
			switch err := scadenze.Registra(ctx); {
			case ctx.Err() != nil:
				return nil
			case err != nil:
				log.Warn("the clocks of today are not all noted; trying again", "error", err)
			default:
				fatto = oggi
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-battito.C:
		}
	}
}
