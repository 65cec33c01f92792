// Package storetest holds every event store to the same promises.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/eventstore"
)

// Run checks a store whose catalogue is Catalog. The log may hold other
// streams, and others may write to it meanwhile.
func Run(t *testing.T, open func(*testing.T) eventstore.Log) {
	for name, test := range map[string]func(*testing.T, eventstore.Log){
		"a stream that does not exist is empty":                empty,
		"what was appended is read":                            appended,
		"an append goes on where the last one ended":           continued,
		"an append at another version is refused":              stale,
		"a command is stored once and keeps its first answer":  once,
		"a command that comes twice at once has one answer":    atOnce,
		"a command that grew is refused":                       grew,
		"events of one append come all or none":                allOrNone,
		"only one of many writers wins each version":           contended,
		"time never goes back in a stream":                     monotone,
		"what is too large is refused":                         tooLarge,
		"an event of an unknown type stops the write side":     unknownType,
		"nothing appended is nothing written":                  nothing,
		"a head made up is refused":                            madeUp,
		"the chain of what was appended holds":                 chainHolds,
		"All reads to the end and stops":                       all,
		"All resumes after a position":                         resumes,
		"Follow goes from the past to the present without gap": follows,
		"Follow ends with its context":                         ends,
		"End is the position of the last event":                end,
		"a context that has ended stops a call":                ended,
		"what was deleted is read no more":                     deleted,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func empty(t *testing.T, s eventstore.Log) {
	if got := Read(t, s, Stream()); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func appended(t *testing.T, s eventstore.Log) {
	stream, meta := Stream(), Meta()
	a := Put(t, s, stream, domain.Head{}, meta, Nota{"perché <no>", 1}, Fine{})
	got := Read(t, s, stream)
	if len(got) != 2 {
		t.Fatalf("read %d events", len(got))
	}
	first, last := meta, meta
	first.Self = got[0].Meta.Self
	last.Prev, last.Self = first.Self, got[1].Meta.Self
	want := []domain.Recorded{
		{Type: "ProvaNota", Version: 1, Meta: first, Event: Nota{"perché <no>", 1}},
		{Type: "ProvaFine", Version: 2, Meta: last, Event: Fine{}},
	}
	for i := range want {
		want[i].ID, want[i].Stream = eventstore.EventID(meta.Comando, stream, i), stream
		want[i].Subject, want[i].Position = domain.Subject(stream), got[i].Position
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(domain.Appended{Head: got[1].Head(), Position: got[1].Position}, a); diff != "" {
		t.Error(diff)
	}
	if first.Self == (domain.Digest{}) || got[0].Position >= got[1].Position {
		t.Error("no digest, or positions do not grow")
	}
}

func continued(t *testing.T, s eventstore.Log) {
	stream := Stream()
	at := domain.Head{}
	for i := range 5 {
		a := Put(t, s, stream, at, Meta(), Nota{Numero: i})
		if a.Head.Version != uint64(i)+1 {
			t.Fatalf("version %d after %d appends", a.Head.Version, i+1)
		}
		at = a.Head
	}
	for i, r := range Read(t, s, stream) {
		if r.Event != (Nota{Numero: i}) {
			t.Errorf("event %d is %v", i, r.Event)
		}
	}
}

func stale(t *testing.T, s eventstore.Log) {
	stream := Stream()
	one := Put(t, s, stream, domain.Head{}, Meta(), Fine{})
	two := Put(t, s, stream, one.Head, Meta(), Fine{})
	beyond := two.Head
	beyond.Version += 3
	for _, at := range []domain.Head{{}, one.Head, beyond} {
		_, err := s.Append(t.Context(), stream, at, Meta(), Fine{})
		if !errors.Is(err, domain.ErrStale) {
			t.Errorf("at %d: %v", at.Version, err)
		}
	}
	if got := Read(t, s, stream); len(got) != 2 {
		t.Errorf("%d events", len(got))
	}
}

func once(t *testing.T, s eventstore.Log) {
	stream, meta := Stream(), Meta()
	first := Put(t, s, stream, domain.Head{}, meta, Nota{"prima", 1}, Fine{})
	meta.Istante = meta.Istante.Add(time.Hour)
	again := Put(t, s, stream, domain.Head{}, meta, Nota{"seconda", 2}, Fine{})
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error("the answer is not that of what is stored:", diff)
	}
	Put(t, s, stream, first.Head, Meta(), Fine{})
	if diff := cmp.Diff(first, Put(t, s, stream, domain.Head{}, meta, Nota{}, Fine{})); diff != "" {
		t.Error("after the stream moved on:", diff)
	}
	if got := Read(t, s, stream); len(got) != 3 || got[0].Event != (Nota{"prima", 1}) {
		t.Errorf("stored %v", got)
	}
}

// atOnce makes the two differ, as two replicas would by their clocks.
func atOnce(t *testing.T, s eventstore.Log) {
	stream, at := Stream(), domain.Head{}
	for i := range 30 {
		meta, answers := Meta(), make([]domain.Appended, 3)
		var callers sync.WaitGroup
		for j := range answers {
			callers.Go(func() {
				mine := meta
				mine.Istante = mine.Istante.Add(time.Duration(i*10+j) * time.Second)
				a, err := s.Append(t.Context(), stream, at, mine, Nota{Numero: i})
				if err != nil {
					t.Error(err)
				}
				answers[j] = a
			})
		}
		callers.Wait()
		stored := Read(t, s, stream)
		want := domain.Appended{Head: stored[i].Head(), Position: stored[i].Position}
		if diff := cmp.Diff([]domain.Appended{want, want, want}, answers); diff != "" {
			t.Fatal(diff)
		}
		at = want.Head
	}
}

func grew(t *testing.T, s eventstore.Log) {
	stream, meta := Stream(), Meta()
	Put(t, s, stream, domain.Head{}, meta, Fine{})
	if _, err := s.Append(t.Context(), stream, domain.Head{}, meta, Fine{}, Fine{}); !errors.Is(err, domain.ErrStale) {
		t.Error(err)
	}
}

func allOrNone(t *testing.T, s eventstore.Log) {
	stream := Stream()
	var many []domain.Event
	for i := range 200 {
		many = append(many, Nota{Numero: i})
	}
	a := Put(t, s, stream, domain.Head{}, Meta(), many...)
	if got := Read(t, s, stream); len(got) != 200 || a.Head.Version != 200 || got[199].Event != (Nota{Numero: 199}) {
		t.Errorf("%d events, version %d", len(got), a.Head.Version)
	}
	if _, err := s.Append(t.Context(), stream, domain.Head{}, Meta(), many...); !errors.Is(err, domain.ErrStale) {
		t.Error(err)
	}
	if got := Read(t, s, stream); len(got) != 200 {
		t.Errorf("%d events after a refusal", len(got))
	}
}

func contended(t *testing.T, s eventstore.Log) {
	stream, at := Stream(), domain.Head{}
	for range 10 {
		var writers sync.WaitGroup
		won := make(chan domain.Head, 8)
		for range 8 {
			writers.Go(func() {
				a, err := s.Append(t.Context(), stream, at, Meta(), Fine{})
				if err == nil {
					won <- a.Head
				} else if !errors.Is(err, domain.ErrStale) {
					t.Error(err)
				}
			})
		}
		writers.Wait()
		if len(won) != 1 {
			t.Fatalf("%d writers won version %d", len(won), at.Version+1)
		}
		at = <-won
	}
	if err := eventstore.VerifyChain(s.Stored(t.Context(), stream)); err != nil {
		t.Error(err)
	}
}

func monotone(t *testing.T, s eventstore.Log) {
	stream, late, early := Stream(), Meta(), Meta()
	late.Istante = Alle.Add(time.Hour + 789*time.Nanosecond).In(time.FixedZone("CEST", 7200))
	a := Put(t, s, stream, domain.Head{}, late, Fine{})
	Put(t, s, stream, a.Head, early, Fine{})
	for _, r := range Read(t, s, stream) {
		if r.Meta.Istante != Alle.Add(time.Hour) {
			t.Errorf("event %d happened at %s", r.Version, r.Meta.Istante)
		}
	}
}

func tooLarge(t *testing.T, s eventstore.Log) {
	stream := Stream()
	half := Nota{Testo: strings.Repeat("a", 390_000)} // sealed they take a third more
	if _, err := s.Append(t.Context(), stream, domain.Head{}, Meta(), half, half, half); !errors.Is(err, domain.ErrTroppoGrande) {
		t.Error(err)
	}
	a := Put(t, s, stream, domain.Head{}, Meta(), half, half)
	meta := Meta()
	two := func(n int) []domain.Event {
		nota := Nota{Testo: strings.Repeat("a", n)}
		return []domain.Event{nota, nota}
	}
	above := 390_000 + sort.Search(eventstore.MaxAppend, func(n int) bool {
		_, err := s.Keys().Encode(t.Context(), stream, a.Head, meta, two(390_000+n)...)
		return err != nil
	})
	if _, err := s.Append(t.Context(), stream, a.Head, meta, two(above)...); !errors.Is(err, domain.ErrTroppoGrande) {
		t.Error("just above:", err)
	}
	Put(t, s, stream, a.Head, meta, two(above-1)...)
}

func unknownType(t *testing.T, s eventstore.Log) {
	stream := Stream()
	a := Put(t, s, stream, domain.Head{}, Meta(), Ignoto{"segreto"})
	var failed error
	for _, err := range s.Read(t.Context(), stream) {
		failed = errors.Join(failed, err)
	}
	if failed == nil || strings.Contains(failed.Error(), "segreto") {
		t.Errorf("read: %v", failed)
	}
	for e, err := range s.All(t.Context(), a.Position-1, true) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Stream != stream {
			continue
		}
		if r := e.Recorded(Catalog); eventstore.Unreadable(r) == nil || r.Head() != a.Head {
			t.Errorf("recorded as %v", r)
		}
	}
}

func nothing(t *testing.T, s eventstore.Log) {
	stream := Stream()
	if a := Put(t, s, stream, domain.Head{}, Meta()); a != (domain.Appended{}) {
		t.Error(a)
	}
	if len(Read(t, s, stream)) != 0 {
		t.Error("something was written")
	}
}

func madeUp(t *testing.T, s eventstore.Log) {
	stream := Stream()
	Put(t, s, stream, domain.Head{}, Meta(), Fine{})
	if _, err := s.Append(t.Context(), stream, domain.Head{Version: 1}, Meta(), Fine{}); err == nil {
		t.Error("a head without a digest would break the chain")
	}
	if _, err := s.Append(t.Context(), stream, domain.Head{}, domain.Meta{}, Fine{}); err == nil {
		t.Error("metadata without a command would give the same ids to all")
	}
}

func chainHolds(t *testing.T, s eventstore.Log) {
	stream, at := Stream(), domain.Head{}
	for i := range 4 {
		at = Put(t, s, stream, at, Meta(), Nota{Numero: i}, Fine{}).Head
	}
	if err := eventstore.VerifyChain(s.Stored(t.Context(), stream)); err != nil {
		t.Error(err)
	}
}

func all(t *testing.T, s eventstore.Log) {
	before, err := s.End(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a, b := Stream(), Stream()
	one := Put(t, s, a, domain.Head{}, Meta(), Fine{}, Fine{})
	Put(t, s, "altro-"+uuid.NewString(), domain.Head{}, Meta(), Fine{})
	Put(t, s, b, domain.Head{}, Meta(), Fine{})
	Put(t, s, a, one.Head, Meta(), Fine{})
	got := names(t, s.All(t.Context(), before, true), a, b)
	if diff := cmp.Diff([]string{a + " 1", a + " 2", b + " 1", a + " 3"}, got); diff != "" {
		t.Error(diff)
	}
	if before == 0 {
		if diff := cmp.Diff(got, names(t, s.All(t.Context(), 0, false), a, b)); diff != "" {
			t.Error("from the first:", diff)
		}
	}
}

func resumes(t *testing.T, s eventstore.Log) {
	stream := Stream()
	one := Put(t, s, stream, domain.Head{}, Meta(), Fine{})
	Put(t, s, stream, one.Head, Meta(), Fine{}, Fine{})
	got := names(t, s.All(t.Context(), one.Position, true), stream)
	if diff := cmp.Diff([]string{stream + " 2", stream + " 3"}, got); diff != "" {
		t.Error(diff)
	}
	last, err := s.End(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range s.All(t.Context(), last, true) {
		if err != nil || e.Position <= last {
			t.Errorf("after the end: %v, %v", e.Position, err)
		}
	}
}

// follows has writers at work before and after the past ends.
func follows(t *testing.T, s eventstore.Log) {
	const writers, each = 4, 60
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	var streams []string
	var running sync.WaitGroup
	defer running.Wait()
	for range writers {
		stream := Stream()
		streams = append(streams, stream)
		running.Go(func() {
			at := domain.Head{}
			for range each {
				a, err := s.Append(ctx, stream, at, Meta(), Fine{})
				if err != nil {
					t.Error(err)
					return
				}
				at = a.Head
			}
		})
	}
	seen, total, last := map[string]uint64{}, 0, uint64(0)
	for _, stream := range streams {
		seen[stream] = 0
	}
	for e, err := range s.Follow(ctx, 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Position <= last {
			t.Fatalf("position %d after %d", e.Position, last)
		}
		last = e.Position
		version, mine := seen[e.Stream]
		if !mine {
			continue
		}
		if e.Version != version+1 {
			t.Fatalf("%s: event %d after %d", e.Stream, e.Version, version)
		}
		seen[e.Stream]++
		if total++; total == writers*each {
			return
		}
	}
	t.Errorf("saw %d of %d events", total, writers*each)
}

func ends(t *testing.T, s eventstore.Log) {
	Put(t, s, Stream(), domain.Head{}, Meta(), Fine{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, err := range s.Follow(ctx, 0, false) {
		if err != nil {
			t.Error(err)
		}
		cancel()
	}
}

func end(t *testing.T, s eventstore.Log) {
	a := Put(t, s, Stream(), domain.Head{}, Meta(), Fine{}, Fine{})
	Put(t, s, "altro-"+uuid.NewString(), domain.Head{}, Meta(), Fine{})
	if got, err := s.End(t.Context()); err != nil || got < a.Position {
		t.Errorf("end %d (%v), the last event is at %d", got, err, a.Position)
	}
}

func deleted(t *testing.T, s eventstore.Log) {
	stream, beside := Stream(), Stream()
	a := Put(t, s, stream, domain.Head{}, Meta(), Nota{"a", 1}, Fine{})
	Put(t, s, beside, domain.Head{}, Meta(), Fine{})
	if err := s.Delete(t.Context(), stream, domain.Head{Version: 1}); !errors.Is(err, domain.ErrStale) {
		t.Errorf("it was deleted at another version: %v", err)
	}
	if got := Read(t, s, stream); len(got) != 2 {
		t.Errorf("got %v", got)
	}
	for range 2 {
		if err := s.Delete(t.Context(), stream, a.Head); err != nil {
			t.Fatal(err)
		}
		if got := Read(t, s, stream); len(got) != 0 {
			t.Errorf("got %v", got)
		}
	}
	if got := Read(t, s, beside); len(got) != 1 {
		t.Errorf("the stream beside it holds %v", got)
	}
	if err := s.Delete(t.Context(), Stream(), domain.Head{Version: 1}); err != nil {
		t.Errorf("what never was: %v", err)
	}
}

func ended(t *testing.T, s eventstore.Log) {
	ctx, cancel := context.WithCancel(t.Context())
	stream := Stream()
	Put(t, s, stream, domain.Head{}, Meta(), Fine{})
	cancel()
	if _, err := s.Append(ctx, stream, domain.Head{}, Meta(), Fine{}); err == nil {
		t.Error("append went on")
	}
	var failed error
	for _, err := range s.Read(ctx, stream) {
		failed = errors.Join(failed, err)
	}
	if failed == nil {
		t.Error("read went on")
	}
}

// Put appends, or fails the test.
func Put(t testing.TB, s eventstore.Log, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) domain.Appended {
	t.Helper()
	a, err := s.Append(t.Context(), stream, at, meta, events...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Read reads a stream whole, or fails the test.
func Read(t testing.TB, s eventstore.Log, stream string) (recorded []domain.Recorded) {
	t.Helper()
	for r, err := range s.Read(t.Context(), stream) {
		if err != nil {
			t.Fatal(err)
		}
		recorded = append(recorded, r)
	}
	return recorded
}

// names lists the events of some streams.
func names(t *testing.T, log iter.Seq2[eventstore.Stored, error], streams ...string) (found []string) {
	t.Helper()
	for e, err := range log {
		if err != nil {
			t.Fatal(err)
		}
		for _, stream := range streams {
			if e.Stream == stream {
				found = append(found, fmt.Sprint(stream, " ", e.Version))
			}
		}
		if strings.HasPrefix(e.Stream, "altro-") {
			t.Errorf("%s is of no category of the catalogue", e.Stream)
		}
	}
	return found
}
