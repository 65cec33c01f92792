package spedizioniere

import (
	"sync"
	"time"
)

// Misura is how the dispatcher does, since the start.
type Misura struct {
	Inviate, Respinte uint64    // segnalazioni that INPS took, and times that it refused one
	Riuscito          time.Time // the end of the last round that did all there was to do; zero for none
	Fallito           bool      // the last round did not
}

// misure is a Misura that is told of while it changes.
type misure struct {
	mu sync.Mutex
	m  Misura
}

func (m *misure) segna(cambia func(*Misura)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	cambia(&m.m)
}

// Misura is how the dispatcher does.
func (s *Spedizioniere) Misura() (m Misura) {
	s.misure.segna(func(ora *Misura) { m = *ora })
	return m
}

// giudica notes how a round ended.
func (s *Spedizioniere) giudica(err error) error {
	s.misure.segna(func(m *Misura) {
		if m.Fallito = err != nil; err == nil {
			m.Riuscito = s.Adesso()
		}
	})
	return err
}
