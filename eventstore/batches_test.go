package eventstore_test

import (
	"context"
	"errors"
	"iter"
	"testing"

	"go.uber.org/goleak"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/memory"
	"nucleo/eventstore/storetest"
)

func TestBatchesKeepTheOrderOfTheLog(t *testing.T) {
	s := memory.New(storetest.Catalog)
	fill(t, s, 0, 1050)
	next, sizes := 0, []int{}
	for batch, err := range eventstore.Batches(t.Context(), storetest.Catalog, nil, s.All(t.Context(), 0, false), 400) {
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(batch))
		for _, r := range batch {
			if r.Event.(storetest.Nota).Numero != next {
				t.Fatalf("%v instead of %d", r.Event, next)
			}
			next++
		}
	}
	if next != 1050 || len(sizes) != 3 || sizes[2] != 250 {
		t.Errorf("%d events in batches of %v", next, sizes)
	}
}

func TestBatchesHandOnWhatCameBeforeAnError(t *testing.T) {
	broken := errors.New("broken")
	var log iter.Seq2[eventstore.Stored, error] = func(yield func(eventstore.Stored, error) bool) {
		for _, e := range chain(t, "prova-a", domain.Head{}, 5) {
			if !yield(e, nil) {
				return
			}
		}
		yield(eventstore.Stored{}, broken)
	}
	seen, failed := 0, error(nil)
	for batch, err := range eventstore.Batches(t.Context(), storetest.Catalog, nil, log, 3) {
		seen += len(batch)
		failed = errors.Join(failed, err)
	}
	if seen != 5 || !errors.Is(failed, broken) {
		t.Errorf("%d events, then %v", seen, failed)
	}
}

func TestBatchesStopWhenNobodyReads(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := memory.New(storetest.Catalog)
	fill(t, s, 0, 1000)
	for range eventstore.Batches(t.Context(), storetest.Catalog, nil, s.All(t.Context(), 0, false), 10) {
		break
	}
}

// A batch that is lost when the context ends takes all that follow with it: a
// build that was cancelled in between would store a fold with a hole.
func TestBatchesLeaveNoGapWhenTheContextEnds(t *testing.T) {
	all := chain(t, "prova-a", domain.Head{}, 60)
	for range 300 {
		ctx, cancel := context.WithCancel(t.Context())
		next := 0
		for batch := range eventstore.Batches(ctx, storetest.Catalog, nil, each(all), 2) {
			for _, r := range batch {
				if int(r.Version) != next+1 {
					t.Fatalf("event %d after event %d", r.Version, next)
				}
				next = int(r.Version)
			}
			if next == 20 {
				cancel()
			}
		}
		cancel()
	}
}
