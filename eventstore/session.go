package eventstore

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// session is one official client, used only while its first connection lives.
// The client finds a lost server again by itself, but leaks a connection each
// time, blocks its callers without regard to their contexts, and panics when
// it is closed under them. So a session that lost its server takes no more
// calls, and its client is closed when the last call has left.
type session struct {
	client *esdb.Client
	broken chan struct{} // closed when the server was lost
	slots  chan struct{}
	once   sync.Once

	asking gauge // calls that wait for the connection

	mu    sync.Mutex
	calls int
	known bool // the first connection was made
	over  bool
}

var errBroken = errors.New("the connection was lost")

// enter takes a slot, for one call.
func (c *session) enter(ctx context.Context) error {
	select {
	case c.slots <- struct{}{}:
	case <-c.broken:
		return errBroken
	case <-ctx.Done():
		return notSent{fmt.Errorf("too many calls at once: %w", ctx.Err())}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		<-c.slots
		return errBroken
	}
	c.calls++
	return nil
}

// leave gives the slot back.
func (c *session) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	<-c.slots
	c.calls--
	c.closeIdle()
}

// end takes no more calls.
func (c *session) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.over = true
		close(c.broken)
	}
	c.closeIdle()
}

// connected reports whether the first connection was made: what the client
// finds before that does not end the session.
func (c *session) connected() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known
}

func (c *session) connect() error {
	_, err := c.client.GetServerVersion() // in its own time
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = err == nil
	return err
}

// closeIdle closes the client of a broken session that no call is in.
func (c *session) closeIdle() {
	if c.over && c.calls == 0 {
		c.once.Do(func() { _ = c.client.Close() })
	}
}

// recovered turns a panic of the client into an error.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w: %v", errPanic, p)
	}
}

var errPanic = errors.New("the event store's client panicked")

// gauge counts what runs, and can be waited for.
type gauge struct {
	mu   sync.Mutex
	n    int
	done chan struct{} // closed at zero, when somebody waits
}

func (g *gauge) add(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.n += n; g.n == 0 && g.done != nil {
		close(g.done)
		g.done = nil
	}
}

func (g *gauge) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.n
}

func (g *gauge) zero() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	done := make(chan struct{})
	if g.n == 0 {
		close(done)
		return done
	}
	if g.done == nil {
		g.done = done
	}
	return g.done
}

// whenBroken calls f when the session breaks, unless stop was called before.
func (c *session) whenBroken(f func()) (stop func()) {
	stopped := make(chan struct{})
	go func() {
		select {
		case <-c.broken:
			f()
		case <-stopped:
		}
	}()
	return func() { close(stopped) }
}
