package persistent

import (
	"context"
	"time"

	"github.com/google/uuid"

	"nucleo/eventstore/node/eventlog"
)

// maxSlots bounds how many events one consumer may hold at a time.
const maxSlots = 4096

// defaultSlots are those of a consumer that names no number.
const defaultSlots = 10

// About says who a consumer is, for those who look at a group.
type About struct {
	Name string // of the connection
	From string // its address
	User string
}

// Delivery is an event that a consumer must answer for.
type Delivery struct {
	Event   eventlog.Event
	Retries int32
}

// Consumer is one that takes part in a group.
type Consumer struct {
	group *group
	id    uuid.UUID
	about About
	slots int
	out   chan Delivery // has room for all slots: a group never waits for a consumer
	gone  chan error    // holds why the group let it go

	held  map[uuid.UUID]*flight // the group's own from here on
	meter meter
}

// flight is a message that a consumer holds.
type flight struct {
	*message
	to   *Consumer
	sent time.Time
	due  time.Time // zero: never
}

// free is how much more the consumer can be sent: what it let time out may still
// wait for it to read.
func (c *Consumer) free() int { return min(c.slots-len(c.held), cap(c.out)-len(c.out)) }

// ID names the consumer.
func (c *Consumer) ID() string { return c.id.String() }

// ResolvesLinks reports whether the group wants what links point to.
func (c *Consumer) ResolvesLinks() bool { return c.group.settings.ResolveLinks }

// Deliveries yields what the consumer is to process.
func (c *Consumer) Deliveries() <-chan Delivery { return c.out }

// Gone yields why the group lets the consumer go.
func (c *Consumer) Gone() <-chan error { return c.gone }

// Ack says that events are processed. Those that the consumer does not hold, for
// they took too long, are passed over.
func (c *Consumer) Ack(ctx context.Context, ids ...uuid.UUID) error {
	return c.group.do(ctx, func() {
		for _, id := range ids {
			if f := c.held[id]; f != nil {
				c.group.land(f)
				c.group.finish(f.message)
			}
		}
	})
}

// Answer is what a consumer wants done with events that it could not process.
type Answer int

// The answers of the protocol.
const (
	Retry Answer = iota // or parked, once it was tried often enough
	Park
	Skip
	Stop // the consumer goes, and others try
)

// Nack says that events could not be processed, and why.
func (c *Consumer) Nack(ctx context.Context, answer Answer, reason string, ids ...uuid.UUID) error {
	return c.group.do(ctx, func() {
		for _, id := range ids {
			f := c.held[id]
			if f == nil {
				continue
			}
			c.group.land(f)
			switch answer {
			case Park:
				c.group.park(f.message, reason)
			case Skip:
				c.group.finish(f.message)
			case Stop:
				c.group.giveBack(f.message)
			default:
				c.group.again(f.message, reason)
			}
		}
		if answer == Stop {
			c.group.letGo(c, nil)
		}
	})
}

// Leave takes the consumer out of its group; others get what it held.
func (c *Consumer) Leave() {
	// The group may be gone already, and nothing is left to do then.
	_ = c.group.do(context.Background(), func() { c.group.letGo(c, nil) })
}
