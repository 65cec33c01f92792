package catalogo_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/internal/catalogo"
	"nucleo/projections/correlazioni"
)

// Whatever an aggregate does can be the cause of what another did: the index of
// actions reads all streams but those of who looks, and of the seals.
func TestTheIndexOfActionsReadsWhateverCausesSomething(t *testing.T) {
	want := slices.DeleteFunc(slices.Clone(catalogo.Eventi.Categories()), func(c string) bool { return c == "accesso" || c == "sistema" })
	got := slices.Clone(correlazioni.Projection.Categories)
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-aggregates +read)\n%s", diff)
	}
}
