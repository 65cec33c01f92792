package eventstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/esdbtest"
	"nucleo/eventstore/memory"
	"nucleo/eventstore/storetest"
)

// reader is a consumer that keeps what it has seen, and its position with it.
type reader struct {
	name   string
	before func(batch []domain.Recorded) error // called ahead of each batch

	mu      sync.Mutex
	seen    []int
	largest int
	at      uint64
	resumed bool
}

func (r *reader) Name() string { return r.name }

func (r *reader) Position(context.Context) (uint64, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at, r.resumed, nil
}

func (r *reader) Handle(_ context.Context, batch []domain.Recorded) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.largest = max(r.largest, len(batch))
	if r.before != nil {
		if err := r.before(batch); err != nil {
			return err
		}
	}
	for _, e := range batch {
		if e.Position <= r.at {
			continue // seen before
		}
		r.seen = append(r.seen, e.Event.(storetest.Nota).Numero)
		r.at, r.resumed = e.Position, true
	}
	return nil
}

func (r *reader) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.seen)
}

func TestConsumersSeeTheWholeLogInOrderWhateverFails(t *testing.T) {
	for name, s := range map[string]eventstore.Log{
		"memory": memory.New(storetest.Catalog),
		"node":   connect(t, esdbtest.Start(t).Address()),
	} {
		t.Run(name, func(t *testing.T) {
			fill(t, s, 0, 500)
			failures := 0
			shaky := &reader{name: "shaky", before: func(batch []domain.Recorded) error {
				if failures++; failures <= 3 {
					return errors.New("not now")
				} else if failures <= 6 {
					panic("not at all")
				}
				return nil
			}}
			sure := &reader{name: "sure"}
			stop := consume(t, s, slog.New(slog.DiscardHandler), sure, shaky)
			eventually(t, 30*time.Second, "the past is not seen", func() bool { return sure.count() == 500 && shaky.count() == 500 })
			fill(t, s, 500, 100)
			eventually(t, 30*time.Second, "the present is not seen", func() bool { return sure.count() == 600 && shaky.count() == 600 })
			stop()
			want := make([]int, 600)
			for i := range want {
				want[i] = i
			}
			for _, r := range []*reader{sure, shaky} {
				if diff := cmp.Diff(want, r.seen); diff != "" {
					t.Errorf("%s: %s", r.name, diff)
				}
				if r.largest > 64 {
					t.Errorf("%s: a batch of %d events", r.name, r.largest)
				}
			}
		})
	}
}

// chooser is a reader of one kind of events.
type chooser struct {
	reader
	other []string // stored names of what else it was given
}

func (c *chooser) Kinds() []domain.Event { return []domain.Event{storetest.Nota{}} }

func (c *chooser) Handle(ctx context.Context, batch []domain.Recorded) error {
	for _, e := range batch {
		if _, is := e.Event.(storetest.Nota); is {
			if err := c.reader.Handle(ctx, []domain.Recorded{e}); err != nil {
				return err
			}
			continue
		}
		c.mu.Lock()
		c.other, c.at, c.resumed = append(c.other, e.Type), e.Position, true
		c.mu.Unlock()
	}
	return nil
}

// A consumer of some kinds of events is given all of those, in order, and no
// more of the others than tell it how far the log was read.
func TestASelectiveConsumerIsGivenItsKindsAndTheEnd(t *testing.T) {
	s := memory.New(storetest.Catalog)
	for n := range 200 {
		events := []domain.Event{storetest.Fine{}, storetest.Fine{}, storetest.Ignoto{}, storetest.Fine{}}
		if n%10 == 0 {
			events[1] = storetest.Nota{Numero: n / 10}
		}
		if _, err := s.Append(t.Context(), storetest.Stream(), domain.Head{}, storetest.Meta(), events...); err != nil {
			t.Fatal(err)
		}
	}
	end, err := s.End(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	some := &chooser{reader: reader{name: "some"}}
	stop := consume(t, s, slog.New(slog.DiscardHandler), some)
	eventually(t, 30*time.Second, "the end is not reached", func() bool { at, _, _ := some.Position(t.Context()); return at == end })
	stop()
	want := make([]int, 20)
	for i := range want {
		want[i] = i
	}
	if diff := cmp.Diff(want, some.seen); diff != "" {
		t.Error(diff)
	}
	if batches := 800/64 + 10; len(some.other) == 0 || len(some.other) > 4*batches {
		t.Errorf("of 780 other events it was given %d", len(some.other))
	}
}

func TestAFailingConsumerHoldsNobodyUp(t *testing.T) {
	s := memory.New(storetest.Catalog)
	fill(t, s, 0, 100)
	never := &reader{name: "never", before: func([]domain.Recorded) error { return errors.New("never") }}
	sure := &reader{name: "sure"}
	stop := consume(t, s, slog.New(slog.DiscardHandler), never, sure)
	eventually(t, 30*time.Second, "the other waits", func() bool { return sure.count() == 100 })
	stop()
	if never.count() != 0 {
		t.Error("what was not handled counts as handled")
	}
}

func TestConsumeStopsCleanlyAndAtOnce(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := memory.New(storetest.Catalog)
	fill(t, s, 0, 10)
	handling := make(chan struct{})
	stuck := stuckConsumer{handling}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- eventstore.Consume(ctx, s, storetest.Catalog, slog.New(slog.DiscardHandler), stuck)
	}()
	<-handling
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(2 * time.Second):
		t.Fatal("consume goes on")
	}
}

// stuckConsumer handles until its context ends.
type stuckConsumer struct{ handling chan struct{} }

func (stuckConsumer) Name() string                                   { return "stuck" }
func (stuckConsumer) Position(context.Context) (uint64, bool, error) { return 0, false, nil }
func (c stuckConsumer) Handle(ctx context.Context, _ []domain.Recorded) error {
	close(c.handling)
	<-ctx.Done()
	return ctx.Err()
}

func TestWhatEventsHoldIsNeverLogged(t *testing.T) {
	s := memory.New(storetest.Catalog)
	storetest.Put(t, s, storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Nota{Testo: "SEGRETO", Numero: 1})
	var out safeBuffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug - 4}))
	calls := 0
	r := &reader{name: "r", before: func(batch []domain.Recorded) error {
		switch calls++; calls {
		case 1:
			panic(fmt.Sprintf("%+v", batch))
		case 2:
			panic(batch[0].Event)
		case 3:
			return errors.New("known failure")
		}
		return nil
	}}
	stop := consume(t, s, log, r)
	eventually(t, 30*time.Second, "not handled", func() bool { return r.count() == 1 })
	stop()
	if got := out.String(); strings.Contains(got, "SEGRETO") || !strings.Contains(got, "known failure") || !strings.Contains(got, "storetest.Nota") {
		t.Error(got)
	}
}

// consume runs consumers until stop is called.
func consume[C eventstore.Consumer](t *testing.T, s eventstore.Source, log *slog.Logger, consumers ...C) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	quick := eventstore.Delivery{Events: 64, Delay: time.Millisecond, MaxDelay: 10 * time.Millisecond}
	go func() { done <- eventstore.ConsumeBy(ctx, quick, s, storetest.Catalog, log, consumers...) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// fill appends notes numbered from first, ten a stream.
func fill(t testing.TB, s eventstore.Log, first, n int) {
	t.Helper()
	for i := 0; i < n; i += 10 {
		var notes []domain.Event
		for j := range min(10, n-i) {
			notes = append(notes, storetest.Nota{Testo: "nota", Numero: first + i + j})
		}
		storetest.Put(t, s, storetest.Stream(), domain.Head{}, storetest.Meta(), notes...)
	}
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
