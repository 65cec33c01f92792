// Package memory is an event store in memory, for the tests of what stands on
// a store. It stores what the real one stores, the chain included.
package memory

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"

	"nucleo/domain"
	"nucleo/eventstore"
)

// Store keeps the whole log in a slice.
type Store struct {
	catalog domain.Catalog
	keys    *eventstore.Keys

	mu      sync.Mutex
	log     []eventstore.Stored // only grows
	streams map[string][]int    // places in log
	deleted map[string]bool
	grown   chan struct{}
}

// New makes an empty Store.
func New(catalog domain.Catalog) *Store {
	return &Store{catalog: catalog, streams: map[string][]int{}, deleted: map[string]bool{}, grown: make(chan struct{})}
}

// Sealed makes an empty Store that seals personal data by keys.
func Sealed(catalog domain.Catalog, keys *eventstore.Keys) *Store {
	s := New(catalog)
	s.keys = keys
	return s
}

// With is the store as a process with other keys in store sees it, for tests:
// what is appended through one is not seen by the other.
func (s *Store) With(keys *eventstore.Keys) *Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Store{catalog: s.catalog, keys: keys, log: slices.Clone(s.log), streams: maps.Clone(s.streams), grown: make(chan struct{})}
}

// Keys implements eventstore.Source.
func (s *Store) Keys() *eventstore.Keys { return s.keys }

// Read yields the events of a stream.
func (s *Store) Read(ctx context.Context, stream string) iter.Seq2[domain.Recorded, error] {
	return eventstore.Readable(ctx, s.Stored(ctx, stream), s.catalog, s.keys)
}

// Stored yields the events of a stream as they are stored.
func (s *Store) Stored(ctx context.Context, stream string) iter.Seq2[eventstore.Stored, error] {
	return func(yield func(eventstore.Stored, error) bool) {
		s.mu.Lock()
		log, places := s.log, s.streams[stream]
		if s.deleted[stream] {
			places = nil
		}
		s.mu.Unlock()
		for _, i := range places {
			if err := ctx.Err(); err != nil {
				yield(eventstore.Stored{}, fmt.Errorf("read %s: %w", stream, err))
				return
			}
			if !yield(log[i], nil) {
				return
			}
		}
	}
}

// Append adds events to a stream that stands at a head, with the outcomes of
// the real store but the uncertain ones.
func (s *Store) Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (domain.Appended, error) {
	if len(events) == 0 {
		return domain.Appended{Head: at}, nil
	}
	batch, err := s.keys.Encode(ctx, stream, at, meta, events...)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return domain.Appended{}, fmt.Errorf("append to %s: %w", stream, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	last, err := s.place(stream, at.Version, batch)
	if err != nil {
		return domain.Appended{}, fmt.Errorf("append to %s at %d: %w", stream, at.Version, err)
	}
	r := last.Recorded(s.catalog)
	return domain.Appended{Head: r.Head(), Position: r.Position}, nil
}

// Delete makes the events of a stream go away, if it stands at a head.
func (s *Store) Delete(ctx context.Context, stream string, at domain.Head) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	have := uint64(len(s.streams[stream]))
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("delete %s: %w", stream, ctx.Err())
	case have == 0 || s.deleted[stream]:
		return nil
	case have != at.Version:
		return fmt.Errorf("delete %s at %d: %w", stream, at.Version, domain.ErrStale)
	}
	s.deleted[stream] = true
	return nil
}

// place stores a batch, or finds it where it was stored before, and returns
// its last event.
func (s *Store) place(stream string, version uint64, batch []eventstore.Stored) (eventstore.Stored, error) {
	places := s.streams[stream]
	have := uint64(len(places))
	if version < have && have-version >= uint64(len(batch)) {
		there := places[version:][:len(batch)]
		if slices.EqualFunc(there, batch, func(i int, e eventstore.Stored) bool { return s.log[i].ID == e.ID }) {
			return s.log[there[len(there)-1]], nil
		}
	}
	if version != have {
		return eventstore.Stored{}, domain.ErrStale
	}
	for _, e := range batch {
		e.Position = uint64(len(s.log))*100 + 100
		s.streams[stream] = append(s.streams[stream], len(s.log))
		s.log = append(s.log, e)
	}
	close(s.grown)
	s.grown = make(chan struct{})
	return s.log[len(s.log)-1], nil
}

// Follow yields the events after a position, or all, and waits for more until
// ctx ends.
func (s *Store) Follow(ctx context.Context, after uint64, resumed bool) iter.Seq2[eventstore.Stored, error] {
	return func(yield func(eventstore.Stored, error) bool) {
		for from := 0; ; {
			log, grown := s.since(from)
			for _, e := range log {
				from++
				if ctx.Err() != nil || s.skips(e, after, resumed) {
					continue
				}
				if !yield(e, nil) {
					return
				}
			}
			select {
			case <-grown:
			case <-ctx.Done():
				return
			}
		}
	}
}

// All yields the events after a position, or all, up to the present end.
func (s *Store) All(ctx context.Context, after uint64, resumed bool) iter.Seq2[eventstore.Stored, error] {
	return func(yield func(eventstore.Stored, error) bool) {
		log, _ := s.since(0)
		for _, e := range log {
			if err := ctx.Err(); err != nil {
				yield(eventstore.Stored{}, err)
				return
			}
			if !s.skips(e, after, resumed) && !yield(e, nil) {
				return
			}
		}
	}
}

// End returns the position of the last event, 0 when there is none.
func (s *Store) End(context.Context) (uint64, error) {
	log, _ := s.since(0)
	for _, e := range slices.Backward(log) {
		if eventstore.Ours(s.catalog, e.Stream) {
			return e.Position, nil
		}
	}
	return 0, nil
}

func (s *Store) skips(e eventstore.Stored, after uint64, resumed bool) bool {
	return resumed && e.Position <= after || !eventstore.Ours(s.catalog, e.Stream)
}

func (s *Store) since(from int) ([]eventstore.Stored, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log[from:], s.grown
}

var _ eventstore.Log = (*Store)(nil)
