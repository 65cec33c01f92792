package eventstore_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/esdbtest"
	"nucleo/eventstore/storetest"
	"nucleo/internal/longtest"
)

// F-32: the server wrote, and its answer never came.
func TestALostAnswerHasExactlyOneEffect(t *testing.T) {
	from, to := longtest.Seeds(t, 60, 5000)
	cuts := int(to - from)
	proxy := esdbtest.NewProxy(t, esdbtest.Start(t).Path)
	s := openWith(t, eventstore.Config{Address: proxy.Address(), Alone: true})
	ready(t, s, 10*time.Second)
	stream, at := storetest.Stream(), domain.Head{}
	for i := range cuts {
		proxy.CutAfter((int(from) + i) * 7 % 150)
		a, err := s.Append(t.Context(), stream, at, storetest.Meta(), storetest.Nota{Numero: 2 * i}, storetest.Nota{Numero: 2*i + 1})
		if err != nil {
			t.Fatal(err)
		}
		at = a.Head
	}
	got := storetest.Read(t, s, stream)
	if len(got) != 2*cuts {
		t.Fatalf("%d events of %d commands", len(got), cuts)
	}
	for i, r := range got {
		if r.Event != (storetest.Nota{Numero: i}) {
			t.Fatalf("event %d is %v", i, r.Event)
		}
	}
	if diff := cmp.Diff(at, got[len(got)-1].Head()); diff != "" {
		t.Error(diff)
	}
	if proxy.Cuts() < cuts/3 {
		t.Errorf("only %d answers were cut", proxy.Cuts())
	}
	longtest.Metric(t, "R-11", "appends", cuts, "cut", proxy.Cuts(), "lost", 0, "twice", 0)
}

func TestAFollowerMissesNothingWhenItsConnectionIsCut(t *testing.T) {
	proxy := esdbtest.NewProxy(t, esdbtest.Start(t).Path)
	s := connect(t, proxy.Address())
	stream, at := storetest.Stream(), domain.Head{}
	for i := range 300 {
		at = storetest.Put(t, s, stream, at, storetest.Meta(), storetest.Nota{Numero: i}).Head
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	next := uint64(1)
	for e, err := range s.Follow(ctx, 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Version != next {
			t.Fatalf("event %d instead of %d", e.Version, next)
		}
		if next++; next > 300 {
			break
		}
		if next%50 == 0 {
			proxy.CutAfter(2000)
		}
	}
	if next != 301 {
		t.Errorf("followed to %d", next-1)
	}
}

func TestASilentServerIsGivenUpInTime(t *testing.T) {
	proxy := esdbtest.NewProxy(t, esdbtest.Start(t).Path)
	s := openWith(t, eventstore.Config{Address: proxy.Address(), Patience: 200 * time.Millisecond})
	ready(t, s, 10*time.Second)
	proxy.Freeze(true)
	inTime(t, 600*time.Millisecond, func(ctx context.Context) {
		_, err := s.Append(ctx, storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Fine{})
		if !errors.Is(err, domain.ErrEsitoIncerto) {
			t.Errorf("append: %v", err)
		}
	})
	eventually(t, 5*time.Second, "the breaker stays closed", func() bool { return s.State() != nil })
	inTime(t, 600*time.Millisecond, func(ctx context.Context) {
		_, err := s.Append(ctx, storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Fine{})
		if !errors.Is(err, domain.ErrNonDisponibile) {
			t.Errorf("append: %v", err)
		}
	})
	proxy.Freeze(false)
	ready(t, s, 5*time.Second)
	storetest.Put(t, s, storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Fine{})
}
