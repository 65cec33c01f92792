package node

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"nucleo/eventstore/node/eventlog"
)

// isLink reports whether an event only points to another.
func isLink(e *eventlog.Event) bool { return e.Type == "$>" }

// target is the event that a link ("3@stream") points to, nil when it cannot be read.
func (s *streams) target(ctx context.Context, link *eventlog.Event) (*eventlog.Event, error) {
	number, stream, ok := strings.Cut(string(link.Data), "@")
	revision, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || revision < 0 || !s.mayRead(ctx, stream) {
		return nil, nil
	}
	for e, err := range s.log.ReadStream(ctx, stream, revision, eventlog.Forwards, 1) {
		switch {
		case isGone(err):
			return nil, nil
		case err != nil:
			return nil, err
		case e.Revision == revision:
			return &e, nil
		}
	}
	return nil, nil
}

// isGone reports whether an error says that a stream holds nothing.
func isGone(err error) bool {
	return errors.Is(err, eventlog.ErrStreamNotFound) || errors.Is(err, eventlog.ErrStreamDeleted)
}
