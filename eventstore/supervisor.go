package eventstore

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// supervise keeps a live session while the server can be reached (D-1). It is
// the breaker too: while there is none, calls wait for a while and are then
// refused without being sent.
func (s *Store) supervise() {
	for s.base.Err() == nil {
		s.mu.Lock()
		live := s.live
		s.mu.Unlock()
		if live == nil {
			if err := s.connect(); err != nil {
				s.because(err)
				pause(s.base, 100*time.Millisecond)
			}
			continue
		}
		select {
		case <-time.After(s.config.ProbeEvery):
			s.check(live)
		case <-live.broken:
			s.lose(live, errBroken)
		case <-s.base.Done():
		}
	}
}

// check probes a session twice before it gives it up for being silent.
func (s *Store) check(live *session) {
	for range 2 {
		ctx, cancel := context.WithTimeout(s.base, max(s.config.ProbeEvery, time.Second))
		err := s.within(ctx, live, probe)
		cancel()
		if err == nil || s.base.Err() != nil {
			return
		}
		s.because(err)
		if lost(err) {
			break
		}
	}
	s.lose(live, errors.New("it does not answer"))
}

// connect makes a session and lets calls in once the server has answered. No
// client is made while nothing listens: one that waits cannot be closed.
func (s *Store) connect() error {
	if err := dial(s.base, s.client); err != nil {
		return err
	}
	settings := s.client
	c := &session{broken: make(chan struct{}), slots: make(chan struct{}, s.config.MaxInFlight)}
	settings.Logger = c.heard
	client, err := esdb.NewClient(&settings)
	if err != nil {
		return err
	}
	c.client = client
	err = s.within(s.base, c, func(ctx context.Context, c *session) error {
		if err := c.connect(); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
		defer cancel()
		return probe(ctx, c)
	})
	if err != nil {
		c.end()
		return err
	}
	s.found(c)
	return nil
}

// probe asks for a stream that does not exist: the cheapest question.
func probe(ctx context.Context, c *session) error {
	events, err := c.readStream(ctx, "nucleo-probe", 0, 1)
	if err != nil {
		return err
	}
	defer events.Close()
	if _, err = events.Recv(); err == nil || hasCode(err, esdb.ErrorCodeResourceNotFound) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// dial finds out whether something listens.
func dial(ctx context.Context, client esdb.Configuration) error {
	addresses := []string{client.Address}
	if len(client.GossipSeeds) > 0 {
		addresses = addresses[:0]
		for _, seed := range client.GossipSeeds {
			addresses = append(addresses, seed.String())
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var err error
	for _, address := range addresses {
		network := "tcp"
		if path, isPath := strings.CutPrefix(address, "unix:"); isPath {
			network, address = "unix", path
		}
		var conn net.Conn
		if conn, err = new(net.Dialer).DialContext(ctx, network, address); err == nil {
			return conn.Close()
		}
	}
	return err
}

// found makes a session the live one.
func (s *Store) found(c *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live, s.cause = c, nil
	s.timer.Stop()
	close(s.up)
	s.log.Info("the event store is reached")
}

// lose ends a session; calls wait for the next one.
func (s *Store) lose(c *session, cause error) {
	c.end()
	if s.down(c) {
		s.because(cause)
		if !errors.Is(cause, ErrClosed) {
			s.log.Warn("the event store was lost", "err", cause)
		}
	}
}

// down takes the live session away, if it is still c.
func (s *Store) down(c *session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live != c {
		return false
	}
	s.live = nil
	up, refuse := make(chan struct{}), make(chan struct{})
	s.up, s.refuse = up, refuse
	s.timer = time.AfterFunc(s.config.Patience, func() { close(refuse) })
	return true
}

func (s *Store) because(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cause = err
}

// lost reports whether an error says that the connection is gone, or that the
// client is.
func lost(err error) bool {
	return hasCode(err, esdb.ErrorUnavailable) || hasCode(err, esdb.ErrorCodeConnectionClosed) ||
		errors.Is(err, errPanic) || status.Code(err) == codes.Unavailable
}

// hasCode looks for a code of the client under any wrapping. The client's own
// FromError does not unwrap.
func hasCode(err error, code esdb.ErrorCode) bool {
	var e *esdb.Error
	return errors.As(err, &e) && e.Code() == code
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
