package eventstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// Follow yields the events of the catalogue's categories after a position, or
// all when not resumed, in the order of the log, and waits for more until ctx
// ends. A subscription that is dropped begins again after the last event, so
// that no error is yielded but ErrClosed.
func (s *Store) Follow(ctx context.Context, after uint64, resumed bool) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		at := place{after, resumed}
		for delay := minDelay; ctx.Err() == nil; {
			before := at
			more, err := s.subscribe(ctx, &at, func(e Stored) bool { return yield(e, nil) })
			switch {
			case !more || ctx.Err() != nil:
				return
			case s.base.Err() != nil:
				yield(Stored{}, ErrClosed)
				return
			case at != before:
				delay = minDelay
			}
			s.log.Debug("subscription begins again", "position", at.position, "err", err)
			pause(ctx, delay)
			delay = min(2*delay, maxDelay)
		}
	}
}

const minDelay, maxDelay = 20 * time.Millisecond, time.Second

// All yields the events after a position, or all when not resumed, up to what
// is the end when it begins.
func (s *Store) All(ctx context.Context, after uint64, resumed bool) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		end, err := s.End(ctx)
		if err != nil {
			yield(Stored{}, err)
			return
		}
		if end == 0 || resumed && after >= end {
			return
		}
		at := place{after, resumed}
		for delay := minDelay; ; {
			before := at
			more, err := s.subscribe(ctx, &at, func(e Stored) bool { return yield(e, nil) && e.Position < end })
			if !more {
				return
			}
			if at != before {
				delay = minDelay
			}
			if delay >= maxDelay || ctx.Err() != nil || errors.As(err, new(notSent)) {
				yield(Stored{}, fmt.Errorf("read the log after %d: %w", at.position, unavailable(err)))
				return
			}
			pause(ctx, delay)
			delay *= 2
		}
	}
}

// End returns the position of the log's last event of the catalogue's
// categories, 0 when there is none.
func (s *Store) End(ctx context.Context) (uint64, error) {
	ctx, cancel := s.scope(ctx)
	defer cancel()
	last := make(chan uint64, tries+1)
	err := s.ask(ctx, func(ctx context.Context, c *session) error {
		position, err := s.last(ctx, c)
		if err == nil {
			last <- position
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("end of the log: %w", unavailable(err))
	}
	return <-last, nil
}

func (s *Store) last(ctx context.Context, c *session) (uint64, error) {
	events, err := c.readBack(ctx, math.MaxInt64)
	if err != nil {
		return 0, err
	}
	defer events.Close()
	for {
		e, err := events.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return 0, nil
		case err != nil:
			return 0, err
		case e.Event != nil && Ours(s.catalog, e.Event.StreamID):
			return e.Event.Position.Commit, nil
		}
	}
}

// place is how far a subscription has come.
type place struct {
	position uint64
	known    bool
}

// subscribe yields what comes after a place, and moves it, until the
// subscription ends. It reports whether more are wanted.
func (s *Store) subscribe(ctx context.Context, at *place, yield func(Stored) bool) (more bool, err error) {
	ctx, cancel := s.attached(ctx)
	defer cancel()
	events := make(chan Stored, 64)
	end := make(chan error, 1)
	from := *at
	go func() {
		end <- s.do(ctx, func(ctx context.Context, c *session) error { return s.receive(ctx, c, from, events) })
	}()
	for {
		select {
		case e := <-events:
			if at.known && e.Position <= at.position {
				continue
			}
			*at = place{e.Position, true}
			if !yield(e) {
				return false, nil
			}
		case err := <-end:
			return true, err // what lies in events comes again
		}
	}
}

// receive hands on what a subscription brings until it is dropped.
func (s *Store) receive(ctx context.Context, c *session, from place, events chan<- Stored) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	options := esdb.SubscribeToAllOptions{
		From: esdb.Start{}, MaxSearchWindow: 1000, CheckpointInterval: 1000,
		Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: s.prefixes},
	}
	if from.known {
		options.From = esdb.Position{Commit: from.position, Prepare: from.position}
	}
	slow := time.AfterFunc(10*time.Second, cancel)
	defer slow.Stop()
	sub, err := c.subscribe(ctx, options)
	if err != nil {
		return err
	}
	defer func() { _ = sub.Close() }()
	if !slow.Stop() {
		return context.DeadlineExceeded
	}
	defer c.whenBroken(cancel)()
	for {
		got := sub.Recv()
		if got.SubscriptionDropped != nil {
			return got.SubscriptionDropped.Error
		}
		if got.EventAppeared == nil || got.EventAppeared.Event == nil {
			continue // checkpoints, and having caught up, which is said more than once
		}
		select {
		case events <- fromClient(got.EventAppeared.Event):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
