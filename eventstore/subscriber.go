package eventstore

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"nucleo/domain"
)

// Delivery says how a consumer is fed. What is zero gets the value named.
type Delivery struct {
	Events   int           // in a batch, at most: 10,000
	Bytes    int           // of data in a batch, about: 16 MiB
	Delay    time.Duration // before a batch is read again, doubled each time: 100 ms
	MaxDelay time.Duration // 30 s
}

func (d Delivery) orDefault() Delivery {
	return Delivery{
		cmp.Or(d.Events, 10_000), cmp.Or(d.Bytes, 16<<20),
		cmp.Or(d.Delay, 100*time.Millisecond), cmp.Or(d.MaxDelay, 30*time.Second),
	}
}

// subscriber is the Watermill subscriber of one consumer. A message carries a
// batch: the events that have come since the last message. The next is sent
// when this one is acknowledged. When it is not, the log is read again from
// where the consumer says that it stands.
type subscriber struct {
	delivery Delivery
	source   Source
	catalog  domain.Catalog
	consumer Consumer
	log      *slog.Logger
	kinds    map[string]bool // stored names of what the consumer is given; nil: all

	closing chan struct{}
	once    sync.Once
	running sync.WaitGroup
}

func newSubscriber(d Delivery, source Source, catalog domain.Catalog, consumer Consumer, log *slog.Logger) *subscriber {
	s := &subscriber{delivery: d.orDefault(), source: source, catalog: catalog, consumer: consumer, log: log, closing: make(chan struct{})}
	if selective, is := consumer.(Selective); is {
		s.kinds = catalog.Named(selective.Kinds()...)
	}
	return s
}

// Subscribe implements message.Subscriber.
func (s *subscriber) Subscribe(ctx context.Context, _ string) (<-chan *message.Message, error) {
	ctx, cancel := context.WithCancel(ctx)
	out := make(chan *message.Message)
	s.running.Go(func() {
		defer cancel()
		select {
		case <-s.closing:
		case <-ctx.Done():
		}
	})
	s.running.Go(func() {
		defer close(out)
		defer cancel()
		for delay := s.delivery.Delay; ctx.Err() == nil; {
			delivered, err := s.feed(ctx, out)
			if delivered {
				delay = s.delivery.Delay
			}
			if err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "the log is read again from where the consumer stands", "consumer", s.consumer.Name(), "after", delay, "err", err)
			}
			pause(ctx, delay)
			delay = min(2*delay, s.delivery.MaxDelay)
		}
	})
	return out, nil
}

// Close implements message.Subscriber.
func (s *subscriber) Close() error {
	s.once.Do(func() { close(s.closing) })
	s.running.Wait()
	return nil
}

// feed delivers the log from where the consumer stands, until something fails.
// It reports whether a batch was acknowledged.
func (s *subscriber) feed(ctx context.Context, out chan<- *message.Message) (delivered bool, err error) {
	after, resumed, err := s.consumer.Position(ctx)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithCancel(ctx)
	ahead := newBuffer(s.delivery.Events, s.delivery.Bytes)
	var reader sync.WaitGroup
	defer reader.Wait()
	defer cancel()
	reader.Go(func() { ahead.end(s.readInto(ctx, ahead, after, resumed)) })
	for {
		events, err := ahead.take(ctx)
		if err != nil {
			return delivered, err
		}
		batch, err := decode(ctx, s.catalog, s.source.Keys(), s.chosen(events))
		if err == nil {
			err = deliver(ctx, batch, out)
		}
		if err != nil {
			return delivered, err
		}
		delivered = true
	}
}

// chosen are those events that the consumer is given: what it does not need is
// not even decoded.
func (s *subscriber) chosen(events []Stored) []Stored {
	if s.kinds == nil {
		return events
	}
	kept := events[:0]
	for i, e := range events {
		if i == len(events)-1 || s.kinds[e.Type] {
			kept = append(kept, e)
		}
	}
	return kept
}

var errLogEnded = errors.New("the log has ended")

func (s *subscriber) readInto(ctx context.Context, ahead *buffer, after uint64, resumed bool) error {
	for e, err := range s.source.Follow(ctx, after, resumed) {
		if err != nil {
			return err
		}
		if !ahead.put(ctx, e) {
			return ctx.Err()
		}
	}
	return cmp.Or(ctx.Err(), errLogEnded)
}

// errNotHandled says that the consumer failed, which was logged.
var errNotHandled = errors.New("the batch was not handled")

// deliver sends a batch and waits for the answer. The events travel beside the
// payload, which Watermill may log.
func deliver(ctx context.Context, batch []domain.Recorded, out chan<- *message.Message) error {
	msg := message.NewMessage(batch[0].ID.String(), nil)
	msg.SetContext(context.WithValue(ctx, batchKey{}, batch))
	select {
	case out <- msg:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-msg.Acked():
		return nil
	case <-msg.Nacked():
		return errNotHandled
	case <-ctx.Done():
		return ctx.Err()
	}
}

type batchKey struct{}

func batchOf(msg *message.Message) []domain.Recorded {
	batch, _ := msg.Context().Value(batchKey{}).([]domain.Recorded)
	return batch
}

var _ message.Subscriber = (*subscriber)(nil)
