package eventstore_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/esdbtest"
	"nucleo/eventstore/storetest"
)

// Steps that are appended together are stored as if each had come by itself,
// whole or not at all, and asked for again they change nothing.
func TestStepsAppendedTogetherAreWhatEachWouldHaveBeen(t *testing.T) {
	together, apart := connect(t, esdbtest.Start(t).Address()), connect(t, esdbtest.Start(t).Address())
	stream := storetest.Stream()
	steps := []eventstore.Step{
		{Meta: storetest.Meta(), Events: []domain.Event{storetest.Nota{Numero: 1}, storetest.Nota{Numero: 2}}},
		{Meta: storetest.Meta()},
		{Meta: storetest.Meta(), Events: []domain.Event{storetest.Nota{Numero: 3}, storetest.Fine{}}},
	}
	steps[2].Meta.Istante = storetest.Alle.AddDate(0, 0, -1) // a clock that went back
	var one domain.Appended
	for _, step := range steps {
		var err error
		if one, err = apart.Append(t.Context(), stream, one.Head, step.Meta, step.Events...); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		all, err := together.AppendSteps(t.Context(), stream, domain.Head{}, steps...)
		if err != nil {
			t.Fatal(err)
		}
		if all.Head != one.Head {
			t.Errorf("together the stream stands at %+v, apart at %+v", all.Head, one.Head)
		}
	}
	want, got := stored(t, apart, stream), stored(t, together, stream)
	if len(want) != 4 || !reflect.DeepEqual(got, want) {
		t.Errorf("stored together:\n%+v\napart:\n%+v", got, want)
	}
	large := []eventstore.Step{{Meta: storetest.Meta(), Events: steps[0].Events}, {Meta: storetest.Meta(), Events: []domain.Event{storetest.Nota{Testo: strings.Repeat("x", 700_000)}}}, {Meta: storetest.Meta(), Events: []domain.Event{storetest.Nota{Testo: strings.Repeat("y", 700_000)}}}}
	other := storetest.Stream()
	if _, err := together.AppendSteps(t.Context(), other, domain.Head{}, large...); !errors.Is(err, domain.ErrTroppoGrande) {
		t.Errorf("1.4 MB at once: %v", err)
	}
	if found := stored(t, together, other); len(found) != 0 {
		t.Errorf("of steps that are too large together, %d events were stored", len(found))
	}
}

// stored are the events of a stream without what their log alone decides.
func stored(t *testing.T, s *eventstore.Store, stream string) (all []eventstore.Stored) {
	t.Helper()
	for e, err := range s.Stored(t.Context(), stream) {
		if err != nil {
			t.Fatal(err)
		}
		e.Position = 0
		all = append(all, e)
	}
	return all
}
