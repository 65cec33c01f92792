// Package domaintest tells the rules of an aggregate as scenarios: given what
// happened, when somebody asks, then this follows.
package domaintest

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
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
	// Repeats marks a command that yields events every time it is asked.
	Repeats bool
}

// Run checks the scenarios. It also asks each command a second time: unless it
// Repeats, the answer must be no further event.
func Run[S any, E domain.Event](t *testing.T, d domain.Decider[S, E], scenarios ...Scenario[S, E]) {
	t.Helper()
	for _, sc := range scenarios {
		t.Run(sc.Name, func(t *testing.T) {
			var zero S
			got, err := sc.When.Decide(d.Fold(zero, sc.Given...))
			if !errors.Is(err, sc.Err) {
				t.Fatalf("err = %v, want %v", err, sc.Err)
			}
			if diff := cmp.Diff(sc.Then, got); len(got)+len(sc.Then) > 0 && diff != "" {
				t.Fatalf("events (-want +got)\n%s", diff)
			}
			if again, _ := sc.When.Decide(d.Fold(d.Fold(zero, sc.Given...), got...)); len(again) > 0 && !sc.Repeats {
				t.Errorf("asked again, it yields %+v", again)
			}
		})
	}
}

// Golden holds every entry of a list to its file testdata/events/NAME.json:
// the file must decode, and a present event must encode to the same bytes. A
// file, once written, is never changed: events are stored for ever.
func Golden(t *testing.T, entries []domain.Entry) {
	t.Helper()
	catalog := domain.NewCatalog(domain.Aggregate{Entries: entries})
	for _, entry := range entries {
		t.Run(entry.Type, func(t *testing.T) {
			stored, err := os.ReadFile(filepath.Join("testdata", "events", entry.Type+".json"))
			if err != nil {
				t.Fatal(err)
			}
			event, err := catalog.Decode(entry.Type, stored)
			if err != nil {
				t.Fatal(err)
			}
			if event.EventType() != entry.Type {
				return // an old shape, lifted
			}
			again, err := json.Marshal(event)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(again, bytes.TrimSpace(stored)) {
				t.Errorf("encodes as\n%s\nstored as\n%s", again, stored)
			}
		})
	}
}
