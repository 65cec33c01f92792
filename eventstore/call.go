package eventstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"nucleo/domain"
)

// notSent says that the server cannot have seen anything of a call.
type notSent struct{ err error }

func (e notSent) Error() string { return e.err.Error() }
func (e notSent) Unwrap() error { return e.err }

// scope gives a call the deadline that it lacks, and ends it with the store.
func (s *Store) scope(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, limited := ctx.Deadline(); limited {
		return s.attached(ctx)
	}
	ctx, timeout := context.WithTimeout(ctx, s.config.Timeout)
	ctx, cancel := s.attached(ctx)
	return ctx, func() { cancel(); timeout() }
}

// attached ends a context with the store.
func (s *Store) attached(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(s.base, func() { cancel(ErrClosed) })
	return ctx, func() { stop(); cancel(nil) }
}

// do runs f in the live session, and returns when ctx ends at the latest. It
// waits for a session as long as patience and ctx allow.
func (s *Store) do(ctx context.Context, f func(context.Context, *session) error) error {
	for {
		c, err := s.await(ctx)
		if err != nil {
			return notSent{err}
		}
		err = s.within(ctx, c, f)
		if lost(err) || errors.Is(err, errBroken) {
			s.lose(c, err)
		}
		if hasCode(err, esdb.ErrorCodeConnectionClosed) || errors.Is(err, errBroken) {
			continue // it never left
		}
		return err
	}
}

// ask is do for questions, which can be asked again when the connection is lost.
func (s *Store) ask(ctx context.Context, f func(context.Context, *session) error) error {
	for try := 0; ; try++ {
		err := s.do(ctx, f)
		if err == nil || try == tries || ctx.Err() != nil || !passing(err) {
			return err
		}
	}
}

// passing reports whether a question that failed may be answered the next
// time: the connection was lost, or given up for that to the leader.
func passing(err error) bool {
	return !errors.As(err, new(notSent)) &&
		(lost(err) || hasCode(err, esdb.ErrorCodeNotLeader) || status.Code(err) == codes.Canceled)
}

// await returns the live session, as soon as there is one.
func (s *Store) await(ctx context.Context) (*session, error) {
	for {
		s.mu.Lock()
		live, up, refuse := s.live, s.up, s.refuse
		s.mu.Unlock()
		if s.base.Err() != nil {
			return nil, ErrClosed
		}
		if live != nil {
			return live, nil
		}
		select {
		case <-up:
		case <-refuse:
			if err := s.State(); err != nil {
				return nil, err
			} // else a session has come meanwhile
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// within runs f in a session. A call that the client holds beyond ctx is left
// behind: it keeps its slot until the client lets it go.
func (s *Store) within(ctx context.Context, c *session, f func(context.Context, *session) error) error {
	if err := c.enter(ctx); err != nil {
		return err
	}
	s.calls.add(1)
	done := make(chan error, 1)
	go func() {
		defer s.calls.add(-1)
		defer c.leave()
		done <- guarded(ctx, c, f)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func guarded(ctx context.Context, c *session, f func(context.Context, *session) error) (err error) {
	defer recovered(&err)
	return f(ctx, c)
}

// unavailable is what callers see of a failure that left nothing behind.
func unavailable(err error) error {
	if errors.Is(err, domain.ErrNonDisponibile) {
		return err
	}
	return fmt.Errorf("%w: %w", domain.ErrNonDisponibile, err)
}
