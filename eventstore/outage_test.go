package eventstore_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/esdbtest"
	"nucleo/eventstore/storetest"
	"nucleo/internal/longtest"
)

// grace is how much later than its deadline a call may return (F-30).
const grace = 250 * time.Millisecond

func long() bool { return os.Getenv("NUCLEO_LONG") != "" }

func TestCallsReturnInTimeWhenTheServerWasNeverThere(t *testing.T) {
	server := esdbtest.New(t)
	s := openWith(t, eventstore.Config{Address: server.Address(), Patience: time.Minute})
	var callers sync.WaitGroup
	for range 64 {
		callers.Go(func() {
			inTime(t, 500*time.Millisecond, func(ctx context.Context) {
				_, err := s.Append(ctx, storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Fine{})
				if !errors.Is(err, domain.ErrNonDisponibile) || errors.Is(err, domain.ErrEsitoIncerto) {
					t.Errorf("append: %v", err)
				}
			})
			inTime(t, 500*time.Millisecond, func(ctx context.Context) {
				for _, err := range s.Read(ctx, storetest.Stream()) {
					if !errors.Is(err, domain.ErrNonDisponibile) {
						t.Errorf("read: %v", err)
					}
				}
			})
		})
	}
	callers.Go(func() {
		inTime(t, 500*time.Millisecond, func(ctx context.Context) {
			for _, err := range s.All(ctx, 0, false) {
				if !errors.Is(err, domain.ErrNonDisponibile) {
					t.Errorf("all: %v", err)
				}
			}
		})
		inTime(t, 300*time.Millisecond, func(ctx context.Context) {
			for range s.Follow(ctx, 0, false) {
				t.Error("followed nothing")
			}
		})
	})
	callers.Wait()
	if err := s.State(); !errors.Is(err, domain.ErrNonDisponibile) {
		t.Errorf("state: %v", err)
	}
	server.Start(t)
	ready(t, s, 10*time.Second)
	storetest.Put(t, s, storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Fine{})
}

func TestALongOutageIsRefusedAtOnceAndPassesWithoutARestart(t *testing.T) {
	server := esdbtest.Start(t)
	s := openWith(t, eventstore.Config{Address: server.Address(), Patience: 300 * time.Millisecond})
	ready(t, s, 10*time.Second)
	stream := storetest.Stream()
	at := storetest.Put(t, s, stream, domain.Head{}, storetest.Meta(), storetest.Fine{}).Head
	server.Stop(t)

	var stop atomic.Bool
	var refused, slow atomic.Int64
	var callers sync.WaitGroup
	for range 16 {
		callers.Go(func() {
			for !stop.Load() {
				begun := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				_, err := s.Append(ctx, storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Fine{})
				cancel()
				if errors.Is(err, domain.ErrNonDisponibile) {
					refused.Add(1)
					if time.Since(begun) < 50*time.Millisecond {
						slow.Add(-1)
					}
				}
				if took := time.Since(begun); took > 2*time.Second+grace {
					t.Errorf("a call took %s", took)
				}
				runtime.Gosched()
			}
		})
	}
	outage := 1500 * time.Millisecond // longer than the client alone survives
	if long() {
		outage = 60 * time.Second
	}
	time.Sleep(outage) // the outage itself
	server.Start(t)
	returned := time.Now()
	ready(t, s, 2*time.Second) // F-30
	t.Logf("back after %s", time.Since(returned))
	stop.Store(true)
	callers.Wait()
	if refused.Load() < 16 || slow.Load() == 0 {
		t.Errorf("%d calls were refused, %d of them at once", refused.Load(), -slow.Load())
	}
	storetest.Put(t, s, stream, at, storetest.Meta(), storetest.Fine{})
}

func TestAShortRestartIsNotSeenByCallers(t *testing.T) {
	server := esdbtest.Start(t)
	s := connect(t, server.Address())
	ready(t, s, 10*time.Second)
	var stop atomic.Bool
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			stream, at := storetest.Stream(), domain.Head{}
			for !stop.Load() {
				a, err := s.Append(t.Context(), stream, at, storetest.Meta(), storetest.Fine{})
				if err != nil {
					t.Error(err)
					return
				}
				at = a.Head
			}
			if err := eventstore.VerifyChain(s.Stored(t.Context(), stream)); err != nil {
				t.Error(err)
			}
		})
	}
	for range 5 {
		time.Sleep(50 * time.Millisecond) // of work between restarts
		server.Stop(t)
		server.Start(t)
		ready(t, s, 10*time.Second)
	}
	stop.Store(true)
	callers.Wait()
}

// F-31: the client alone leaks three goroutines a restart.
func TestRestartsLeaveNoGoroutinesBehind(t *testing.T) {
	from, to := longtest.Seeds(t, 20, 200)
	restarts := int(to - from)
	server := esdbtest.Start(t)
	s := connect(t, server.Address())
	ctx, cancel := context.WithCancel(t.Context())
	var callers sync.WaitGroup
	var stop atomic.Bool
	callers.Go(func() {
		for _, err := range s.Follow(ctx, 0, false) {
			if err != nil {
				t.Error(err)
			}
		}
	})
	for range 4 {
		callers.Go(func() {
			for !stop.Load() {
				_, _ = s.Append(t.Context(), storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Fine{})
			}
		})
	}
	ready(t, s, 10*time.Second)
	restart(t, server, s) // the first makes what stays
	before := runtime.NumGoroutine()
	for range restarts {
		restart(t, server, s)
	}
	stop.Store(true)
	limit := before + before/20 + 1
	defer func() {
		longtest.Metric(t, "R-15", "restarts", restarts, "goroutines_before", before, "goroutines_after", runtime.NumGoroutine())
	}()
	eventually(t, 5*time.Second, "goroutines are left", func() bool { return runtime.NumGoroutine() <= limit })
	cancel()
	callers.Wait()
}

func restart(t *testing.T, server *esdbtest.Server, s *eventstore.Store) {
	t.Helper()
	server.Stop(t)
	eventually(t, 2*time.Second, "the loss is not seen", func() bool { return s.State() != nil })
	server.Start(t)
	ready(t, s, 10*time.Second)
}

func TestCloseWithCallsWaitingPanicsNobody(t *testing.T) {
	for _, up := range []bool{false, true} {
		server := esdbtest.New(t)
		if up {
			server.Start(t)
		}
		s, err := eventstore.Open(eventstore.Config{Address: server.Address(), Patience: time.Minute}, storetest.Catalog)
		if err != nil {
			t.Fatal(err)
		}
		if up {
			ready(t, s, 10*time.Second)
		}
		var callers sync.WaitGroup
		for range 32 {
			callers.Go(func() {
				for {
					_, err := s.Append(t.Context(), storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Fine{})
					if errors.Is(err, eventstore.ErrClosed) {
						return
					}
				}
			})
			callers.Go(func() {
				for _, err := range s.Follow(t.Context(), 0, false) {
					if err != nil && !errors.Is(err, eventstore.ErrClosed) {
						t.Error(err)
					}
				}
			})
		}
		time.Sleep(50 * time.Millisecond) // of work
		begun := time.Now()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if took := time.Since(begun); took > time.Second {
			t.Errorf("close took %s", took)
		}
		callers.Wait()
	}
}

func ready(t testing.TB, s *eventstore.Store, limit time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	if err := s.Ready(ctx); err != nil {
		t.Fatal(err)
	}
}

// inTime fails the test when f returns later than it may.
func inTime(t *testing.T, limit time.Duration, f func(context.Context)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	begun := time.Now()
	f(ctx)
	if took := time.Since(begun); took > limit+grace {
		t.Errorf("returned after %s, allowed were %s", took, limit)
	}
}
