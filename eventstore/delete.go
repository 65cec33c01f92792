package eventstore

import (
	"context"
	"fmt"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"nucleo/domain"
)

// Delete makes the events of a stream go away, if it stands at a head: it is
// read as one that never was, here and by every client. The server gives their
// room back when it is scavenged, and until then shows them to who reads the
// whole log. Asked again, it changes nothing.
func (s *Store) Delete(ctx context.Context, stream string, at domain.Head) error {
	ctx, cancel := s.scope(ctx)
	defer cancel()
	for {
		left, err := s.slice(ctx, stream, 0, 1)
		if err != nil {
			return fmt.Errorf("delete %s: %w", stream, unavailable(err))
		}
		if len(left) == 0 {
			return nil
		}
		err = s.do(ctx, func(ctx context.Context, c *session) error { return c.delete(ctx, stream, at.Version) })
		switch {
		case err == nil:
		case status.Code(err) == codes.FailedPrecondition: // how a wrong version is told here
			return fmt.Errorf("delete %s at %d: %w", stream, at.Version, domain.ErrStale)
		case ctx.Err() != nil || outcomeOf(err) == nothing:
			return fmt.Errorf("delete %s at %d: %w", stream, at.Version, refusal(err))
		default: // maybe it was done: look
		}
	}
}

func (c *session) delete(ctx context.Context, stream string, version uint64) error {
	ctx, got, err := c.ask(ctx)
	if err != nil {
		return err
	}
	defer got()
	_, err = c.client.DeleteStream(ctx, stream, esdb.DeleteStreamOptions{ExpectedRevision: esdb.Revision(version - 1)})
	return err
}
