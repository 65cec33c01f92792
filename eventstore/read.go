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
	return Readable(ctx, s.Stored(ctx, stream), s.catalog, s.config.Keys)
}

// Readable reads the stored events of one stream for the write side, some at a
// time, so that their keys are asked for all at once.
func Readable(ctx context.Context, stored iter.Seq2[Stored, error], catalog domain.Catalog, keys *Keys) iter.Seq2[domain.Recorded, error] {
	return func(yield func(domain.Recorded, error) bool) {
		var at domain.Head
		for some, err := range inPieces(stored, readAtOnce) {
			if len(some) > 0 && !keys.readInto(ctx, some, catalog, &at, yield) {
				return
			}
			if err != nil {
				yield(domain.Recorded{}, fmt.Errorf("read: %w", err))
				return
			}
		}
	}
}

const readAtOnce = 256

// readInto yields events that follow head at of a stream, and moves it. It
// reports whether more are wanted.
func (k *Keys) readInto(ctx context.Context, stored []Stored, catalog domain.Catalog, at *domain.Head, yield func(domain.Recorded, error) bool) bool {
	o, err := k.unlock(ctx, stored)
	if err != nil {
		yield(domain.Recorded{}, fmt.Errorf("read %s: %w", stored[0].Stream, err))
		return false
	}
	k.learn(o)
	for i := range stored {
		r := stored[i].recorded(catalog, o, i)
		if err := errors.Join(linked(stored[i], *at), Unreadable(r)); err != nil {
			yield(domain.Recorded{}, fmt.Errorf("read: %w", err))
			return false
		}
		if !yield(r, nil) {
			return false
		}
		*at = r.Head()
	}
	return true
}

// inPieces cuts a log into pieces of n events at most; the last one may come
// with an error.
func inPieces(log iter.Seq2[Stored, error], n int) iter.Seq2[[]Stored, error] {
	return func(yield func([]Stored, error) bool) {
		var some []Stored
		for e, err := range log {
			if err != nil {
				yield(some, err)
				return
			}
			if some = append(some, e); len(some) == n {
				if !yield(some, nil) {
					return
				}
				some = nil
			}
		}
		if len(some) > 0 {
			yield(some, nil)
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
