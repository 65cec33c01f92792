package eventstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"nucleo/domain"
)

// Read yields the events of a stream from its first. A stream that does not
// exist holds none. An event that cannot be read, or that breaks the chain, is
// an error: nothing may be decided on it.
func (s *Store) Read(ctx context.Context, stream string) iter.Seq2[domain.Recorded, error] {
	return Readable(s.Stored(ctx, stream), s.catalog)
}

// Readable reads the stored events of one stream for the write side.
func Readable(stored iter.Seq2[Stored, error], catalog domain.Catalog) iter.Seq2[domain.Recorded, error] {
	return func(yield func(domain.Recorded, error) bool) {
		var at domain.Head
		for e, err := range stored {
			var r domain.Recorded
			if err == nil {
				r = e.Recorded(catalog)
				err = errors.Join(linked(e, at), Unreadable(r))
			}
			if err != nil {
				yield(domain.Recorded{}, fmt.Errorf("read: %w", err))
				return
			}
			if !yield(r, nil) {
				return
			}
			at = r.Head()
		}
	}
}

// Stored yields the events of a stream as they are stored, which is what
// VerifyChain wants.
func (s *Store) Stored(ctx context.Context, stream string) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		ctx, cancel := s.scope(ctx)
		defer cancel()
		var next uint64
		for try := 0; ; try++ {
			more, err := s.yieldFrom(ctx, stream, &next, yield)
			if err == nil {
				return
			}
			if !more || try == tries || ctx.Err() != nil || !passing(err) {
				if more {
					yield(Stored{}, fmt.Errorf("stream %s: %w", stream, unavailable(err)))
				}
				return
			}
		}
	}
}

// yieldFrom yields the stream from event *next and counts it on. It reports
// whether more are wanted.
func (s *Store) yieldFrom(ctx context.Context, stream string, next *uint64, yield func(Stored, error) bool) (more bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pages := make(chan []Stored, 4)
	end := make(chan error, 1)
	from := *next
	go func() {
		end <- s.do(ctx, func(ctx context.Context, c *session) error {
			return page(ctx, c, stream, from, math.MaxUint64, pages)
		})
	}()
	for {
		var events []Stored
		var over bool
		select {
		case events = <-pages:
		case err = <-end:
			over = true
			for err == nil && len(pages) > 0 {
				events = append(events, <-pages...)
			}
		}
		for _, e := range events {
			*next = e.Version
			if !yield(e, nil) {
				return false, nil
			}
		}
		if over {
			return true, err
		}
	}
}

// slice reads some events of a stream.
func (s *Store) slice(ctx context.Context, stream string, from, count uint64) ([]Stored, error) {
	answer := make(chan []Stored, tries+1) // more than one when a call was left behind
	err := s.ask(ctx, func(ctx context.Context, c *session) error {
		pages := make(chan []Stored, count+1)
		if err := page(ctx, c, stream, from, count, pages); err != nil {
			return err
		}
		close(pages)
		var all []Stored
		for events := range pages {
			all = append(all, events...)
		}
		answer <- all
		return nil
	})
	if err != nil {
		return nil, err
	}
	return <-answer, nil
}

const pageSize = 64

// page reads a stream and hands it on, some events at a time.
func page(ctx context.Context, c *session, stream string, from, count uint64, pages chan<- []Stored) error {
	events, err := c.readStream(ctx, stream, from, count)
	if err != nil {
		return err
	}
	defer events.Close()
	var ready []Stored
	for {
		e, err := events.Recv()
		over := errors.Is(err, io.EOF) || hasCode(err, esdb.ErrorCodeResourceNotFound)
		if err == nil {
			ready = append(ready, fromClient(e.OriginalEvent()))
		}
		if len(ready) == pageSize || err != nil && len(ready) > 0 {
			select {
			case pages <- ready:
				ready = nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if over {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func fromClient(e *esdb.RecordedEvent) Stored {
	return Stored{
		ID: e.EventID, Type: e.EventType, Stream: e.StreamID, ContentType: e.ContentType,
		Version: e.EventNumber + 1, Position: e.Position.Commit, Data: e.Data, Meta: e.UserMetadata,
	}
}
