package eventstore

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"nucleo/domain"
)

// Consumer follows the log from where it stands.
type Consumer interface {
	Name() string
	// Position returns the last position handled, or false before the first.
	Position(context.Context) (uint64, bool, error)
	// Handle takes a batch in, whose events are in the order of the log. When it
	// fails, the log is read again from Position, so it may see events twice.
	Handle(context.Context, []domain.Recorded) error
}

// Selective is a Consumer of some kinds of events alone. Of what came it is given
// those, and the last event whatever that is: by it, it knows how far the log
// was read.
type Selective interface {
	Consumer
	Kinds() []domain.Event
}

// Consume gives the log to every consumer, in order, until ctx ends. One that
// fails or panics waits and tries again; the others go on.
func Consume[C Consumer](ctx context.Context, source Source, catalog domain.Catalog, log *slog.Logger, consumers ...C) error {
	return ConsumeBy(ctx, Delivery{}, source, catalog, log, consumers...)
}

// ConsumeBy is Consume with a delivery of its own.
func ConsumeBy[C Consumer](ctx context.Context, d Delivery, source Source, catalog domain.Catalog, log *slog.Logger, consumers ...C) error {
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: 10 * time.Second}, quiet{log})
	if err != nil {
		return fmt.Errorf("consume: %w", err)
	}
	for _, c := range consumers {
		router.AddConsumerHandler(c.Name(), c.Name(), newSubscriber(d, source, catalog, c, log), func(msg *message.Message) error {
			return handle(msg.Context(), c, batchOf(msg), log)
		})
	}
	if err := router.Run(ctx); err != nil {
		return fmt.Errorf("consume: %w", err)
	}
	return nil
}

// handle calls the consumer, and keeps what it says of a failure from
// Watermill. A panic is named by its type only: its value may quote data.
func handle(ctx context.Context, c Consumer, batch []domain.Recorded, log *slog.Logger) (err error) {
	defer func() {
		if p := recover(); p != nil {
			log.ErrorContext(ctx, "consumer panicked", "consumer", c.Name(), "panic", describe(p), "stack", string(debug.Stack()))
			err = errNotHandled
		}
	}()
	if err := c.Handle(ctx, batch); err != nil {
		if ctx.Err() == nil {
			log.WarnContext(ctx, "consumer failed", "consumer", c.Name(), "events", len(batch), "err", err)
		}
		return errNotHandled
	}
	return nil
}

func describe(p any) string {
	if err, safe := p.(runtime.Error); safe {
		return err.Error()
	}
	return fmt.Sprintf("%T", p)
}
