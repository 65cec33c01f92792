// Package domaintest tells the rules of an aggregate as scenarios: given what
// happened, when somebody asks, then this follows. It holds stored events to
// their golden files too.
package domaintest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
)

// Scenario is one rule told as an example. No Then and no Err means that the
// command changes nothing.
type Scenario[S any, E domain.Event] struct {
	Name  string
	Given []E
	When  domain.Command[S, E]
	Then  []E
	Err   error
	// Field is the field of the request that the refusal must name, if any.
	Field string
	// Repeats marks a command that yields events every time it is asked.
	Repeats bool
}

// Run checks the scenarios. It also asks each command again of the same state,
// which must change neither, and of the state that follows: unless it Repeats,
// the answer must be no further event.
func Run[S any, E domain.Event](t *testing.T, d domain.Decider[S, E], scenarios ...Scenario[S, E]) {
	t.Helper()
	for _, sc := range scenarios {
		t.Run(sc.Name, func(t *testing.T) { sc.check(t, d) })
	}
}

func (sc Scenario[S, E]) check(t *testing.T, d domain.Decider[S, E]) {
	var zero S
	state := d.Fold(zero, sc.Given...)
	got, err := sc.When.Decide(state)
	if !errors.Is(err, sc.Err) {
		t.Fatalf("err = %v, want %v", err, sc.Err)
	}
	if refusal := (*domain.Error)(nil); errors.As(err, &refusal) && refusal.Field != sc.Field {
		t.Errorf("the refusal names the field %q, want %q", refusal.Field, sc.Field)
	}
	if diff := cmp.Diff(sc.Then, got); len(got)+len(sc.Then) > 0 && diff != "" {
		t.Fatalf("events (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(d.Fold(zero, sc.Given...), state); diff != "" {
		t.Errorf("deciding changed the state\n%s", diff)
	}
	if same, _ := sc.When.Decide(state); cmp.Diff(got, same) != "" {
		t.Errorf("asked twice of one state, it answers otherwise:\n%s", cmp.Diff(got, same))
	}
	then := d.Fold(state, got...)
	if diff := cmp.Diff(d.Fold(zero, sc.Given...), state); diff != "" {
		t.Errorf("what follows changed the state before\n%s", diff)
	}
	if again, _ := sc.When.Decide(then); len(again) > 0 && !sc.Repeats {
		t.Errorf("asked again, it yields %+v", again)
	}
}
