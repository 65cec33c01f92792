package node

import (
	"context"

	"nucleo/eventstore/node/eventlog"
)

// target is the event that a link points to, nil when it cannot be read, or not by
// who asks.
func (s *streams) target(ctx context.Context, link *eventlog.Event) (*eventlog.Event, error) {
	stream, revision, ok := eventlog.ParseLink(link.Data)
	if !ok || !s.mayRead(ctx, stream) {
		return nil, nil
	}
	e, ok, err := s.log.At(ctx, stream, revision)
	if !ok || err != nil {
		return nil, err
	}
	return &e, nil
}
