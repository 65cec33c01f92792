package eventstore

import (
	"context"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The client forgets its connection, without closing it, when a call finds the
// server gone, and the next call makes another. Two orders must therefore hold
// in each session: no call asks for the connection after that, and the client
// hears of it only when the calls that had asked before have theirs. The
// client says what it found to its logger before it acts on it, and looks at
// the deadline of a context right after it got the connection (v4.2.0).

// asking is the context of a call that asks for the connection.
type asking struct {
	context.Context
	got func()
}

// Deadline implements context.Context.
func (a asking) Deadline() (time.Time, bool) {
	a.got()
	return a.Context.Deadline()
}

// ask lets a call ask for the connection, unless it is too late. got is to be
// called when the call is over.
func (c *session) ask(ctx context.Context) (_ context.Context, got func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return nil, nil, errBroken
	}
	c.asking.add(1)
	got = sync.OnceFunc(func() { c.asking.add(-1) })
	return asking{ctx, got}, got, nil
}

// heard is the client's logger. Its messages are not logged: what they say
// comes back as errors too.
func (c *session) heard(_ esdb.LogLevel, _ string, args ...any) {
	for _, arg := range args {
		if err, failed := arg.(error); failed && status.Code(err) == codes.Unavailable && c.connected() {
			c.end()
			select {
			case <-c.asking.zero():
			case <-time.After(time.Second): // rather a leak than a hang
			}
		}
	}
}

func (c *session) append(ctx context.Context, stream string, options esdb.AppendToStreamOptions, events []esdb.EventData) (position uint64, err error) {
	ctx, got, err := c.ask(ctx)
	if err != nil {
		return 0, err
	}
	defer got()
	written, err := c.client.AppendToStream(ctx, stream, options, events...)
	if err != nil {
		return 0, err
	}
	return written.CommitPosition, nil
}

func (c *session) readStream(ctx context.Context, stream string, from, count uint64) (*esdb.ReadStream, error) {
	ctx, got, err := c.ask(ctx)
	if err != nil {
		return nil, err
	}
	defer got()
	return c.client.ReadStream(ctx, stream, esdb.ReadStreamOptions{From: esdb.Revision(from)}, count)
}

// readBack reads the whole log from its end.
func (c *session) readBack(ctx context.Context, count uint64) (*esdb.ReadStream, error) {
	ctx, got, err := c.ask(ctx)
	if err != nil {
		return nil, err
	}
	defer got()
	return c.client.ReadAll(ctx, esdb.ReadAllOptions{From: esdb.End{}, Direction: esdb.Backwards}, count)
}

func (c *session) subscribe(ctx context.Context, options esdb.SubscribeToAllOptions) (*esdb.Subscription, error) {
	ctx, got, err := c.ask(ctx)
	if err != nil {
		return nil, err
	}
	defer got()
	return c.client.SubscribeToAll(ctx, options)
}
