// Package keytest keeps keys in memory, for the tests of what seals.
package keytest

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"

	"github.com/google/uuid"

	"nucleo/eventstore"
	"nucleo/eventstore/sealing"
)

// Store is a key store in memory, which does what a test wants.
type Store struct {
	mu        sync.Mutex
	keys      map[uuid.UUID]sealing.Secret
	destroyed map[uuid.UUID]bool
	down      bool

	made, found int
}

// Questions are how often the store was asked to make keys, and to find some.
func (s *Store) Questions() (made, found int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.made, s.found
}

// Keys are the keys of a new store.
func Keys() *eventstore.Keys { return eventstore.NewKeys(New()) }

// New makes an empty store.
func New() *Store {
	return &Store{keys: map[uuid.UUID]sealing.Secret{}, destroyed: map[uuid.UUID]bool{}}
}

// ErrDown is what a store answers that is down.
var ErrDown = errors.New("the key store of this test is down")

// Down makes the store answer nothing, or answer again.
func (s *Store) Down(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

// Destroy destroys keys, of which the log is said to speak.
func (s *Store) Destroy(ids ...uuid.UUID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.keys, id)
		s.destroyed[id] = true
	}
}

// Lose takes keys away that nobody destroyed.
func (s *Store) Lose(ids ...uuid.UUID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.keys, id)
	}
}

// Make implements eventstore.KeyStore.
func (s *Store) Make(_ context.Context, n int) ([]sealing.Key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made++; s.down {
		return nil, ErrDown
	}
	keys := make([]sealing.Key, n)
	for i := range keys {
		keys[i].ID = uuid.New()
		_, _ = rand.Read(keys[i].Secret[:])
		s.keys[keys[i].ID] = keys[i].Secret
	}
	return keys, nil
}

// Find implements eventstore.KeyStore.
func (s *Store) Find(_ context.Context, ids []uuid.UUID) (there []sealing.Key, destroyed []uuid.UUID, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.found++; s.down {
		return nil, nil, ErrDown
	}
	for _, id := range ids {
		if secret, has := s.keys[id]; has {
			there = append(there, sealing.Key{ID: id, Secret: secret})
		} else if s.destroyed[id] {
			destroyed = append(destroyed, id)
		}
	}
	return there, destroyed, nil
}
