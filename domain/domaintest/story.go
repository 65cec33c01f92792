package domaintest

import (
	"encoding/json"
	"errors"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
)

// Story is an aggregate that lives through commands. After each one it checks
// what must hold of every command.
type Story[S any, E domain.Event] struct {
	Decider domain.Decider[S, E]
	Catalog domain.Catalog
	Events  []E
	State   S
	prima   S // before the last command that changed something
}

// failer is what a story needs of a test, or of a try of package rapid.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Ask puts a command to the state, and grows the state by the answer. What is
// not a refusal must be no error; a refusal comes without events; the command
// asked again yields nothing, or the same refusal; and what happened, written
// down and read again from the first event, gives the same state. A state that
// others grew from keeps to itself: the command is put to the one before too.
func (s *Story[S, E]) Ask(t failer, cmd domain.Command[S, E]) ([]E, error) {
	t.Helper()
	got, err := cmd.Decide(s.State)
	if refusal := (*domain.Error)(nil); err != nil && (!errors.As(err, &refusal) || len(got) > 0) {
		t.Fatalf("%T: %d events, and %v", cmd, len(got), err)
	}
	if other, err := cmd.Decide(s.prima); err == nil {
		s.Decider.Fold(s.prima, other...)
	}
	if len(got) > 0 {
		s.prima = s.State
	}
	s.Events = append(s.Events, got...)
	s.State = s.Decider.Fold(s.State, got...)
	again, errAgain := cmd.Decide(s.State)
	if len(again) > 0 || err != nil && !errors.Is(errAgain, err) || err == nil && errAgain != nil {
		t.Fatalf("%+v: %+v, %v; asked again: %+v, %v", cmd, got, err, again, errAgain)
	}
	if diff := cmp.Diff(s.replayed(t), s.State); diff != "" {
		t.Fatalf("after %+v the state is not what its events say (-replayed +grown)\n%s", cmd, diff)
	}
	return got, err
}

// replayed is the state that the events give after they were stored.
func (s *Story[S, E]) replayed(t failer) (state S) {
	for _, e := range s.Events {
		stored, err := json.Marshal(e)
		if err != nil {
			t.Fatalf("%T: %v", e, err)
		}
		read, err := s.Catalog.Decode(e.EventType(), stored)
		if err != nil {
			t.Fatalf("%v", err)
		}
		state = s.Decider.Evolve(state, read.(E))
	}
	return state
}
