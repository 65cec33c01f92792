package chiavi

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"
)

// Ascolta has destroyed keys forgotten until ctx ends: at once when the
// database says that some were, and every two seconds should it not come
// through. While the database is away nothing can be destroyed either; when it
// is back, what may have been destroyed meanwhile is looked for.
func (c *Chiavi) Ascolta(ctx context.Context, dimentica func(...uuid.UUID), log *slog.Logger) error {
	for ctx.Err() == nil {
		if err := c.ascolta(ctx, dimentica); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "the key database is not heard", "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
	return nil
}

const ogni = 2 * time.Second

func (c *Chiavi) ascolta(ctx context.Context, dimentica func(...uuid.UUID)) error {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `LISTEN chiavi_distrutte`); err != nil {
		return err
	}
	defer func() { _ = conn.Conn().Close(context.WithoutCancel(ctx)) }() // it listens, and goes back to nobody
	for {
		kids, err := c.distrutteOra(ctx)
		if err != nil {
			return err
		}
		dimentica(kids...)
		attesa, basta := context.WithTimeout(ctx, ogni)
		_, err = conn.Conn().WaitForNotification(attesa)
		scaduta := attesa.Err() != nil && ctx.Err() == nil
		basta()
		if err != nil && !scaduta {
			return err
		}
	}
}
