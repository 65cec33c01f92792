package sigilli_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"nucleo/eventstore/sigilli"
)

func TestAFileOfNotesMayBreakOffAnywhereAndIsWrittenOn(t *testing.T) {
	prima, seconda := string(sigilli.RigaNota("una\n\nnota\n")), string(sigilli.RigaNota("altra\n"))
	for n := range len(seconda) {
		rotto := prima + seconda[:n]
		got, err := sigilli.LeggiNote(strings.NewReader(rotto))
		if err != nil || !slices.Equal(got.Note, []string{"una\n\nnota\n"}) || string(got.Resto) != seconda[:n] {
			t.Fatalf("%q: %q %v", rotto, got, err)
		}
		for _, ancora := range []string{rotto + "\n" + seconda, rotto + "\n" + seconda[:n/2] + "\n" + seconda} {
			got, err = sigilli.LeggiNote(strings.NewReader(ancora))
			if err != nil || !slices.Equal(got.Note, []string{"una\n\nnota\n", "altra\n"}) || len(got.Resto) > 0 {
				t.Fatalf("%q: %q %v", ancora, got, err)
			}
		}
	}
	if _, err := sigilli.LeggiNote(strings.NewReader(prima + "{\"nota\":\"al-\n" + seconda)); !errors.Is(err, sigilli.ErrRiga) {
		t.Errorf("what was put in between is not found: %v", err)
	}
}

// A line may be cut off, but not say its note in another form: then it was not this
// program that wrote it.
func TestALineOfNotesHasOneForm(t *testing.T) {
	for _, riga := range []string{
		`{"nota": "a"}`, `{"nota":"a"} `, `{"nota":"a","altro":1}`, `{"Nota":"a"}`, `{"nota":"\u0061"}`,
	} {
		if _, err := sigilli.LeggiNote(strings.NewReader(riga + "\n")); !errors.Is(err, sigilli.ErrRiga) {
			t.Errorf("%s is taken: %v", riga, err)
		}
	}
}
