package domain

import (
	"strings"

	"github.com/google/uuid"
)

// Decider is the write side of one kind of aggregate: where its streams live
// and how its state grows. A state starts as the zero S.
type Decider[S any, E Event] struct {
	Category string
	Evolve   func(S, E) S
}

// Command is a request that a state answers with events, with nothing when it
// is already so, or with a refusal.
type Command[S any, E Event] interface {
	Decide(S) ([]E, error)
}

// Stream names the stream of one aggregate.
func (d Decider[S, E]) Stream(key string) string { return d.Category + "-" + key }

// Fold grows a state by events.
func (d Decider[S, E]) Fold(state S, events ...E) S {
	for _, e := range events {
		state = d.Evolve(state, e)
	}
	return state
}

// Key reads from the name of a stream whose it is.
func Key(stream string) string {
	_, key, _ := strings.Cut(stream, "-")
	return key
}

// Subject is the key of a stream as a UUID; zero when it is none.
func Subject(stream string) uuid.UUID {
	key := Key(stream)
	if len(key) != 36 {
		return uuid.Nil
	}
	id, err := uuid.Parse(key)
	if err != nil {
		return uuid.Nil
	}
	return id
}
