package eventstore_test

import (
	"context"
	"errors"
	"iter"
	"testing"

	"nucleo/domain"
	"nucleo/eventstore"
)

// kept is a log that is only read.
type kept struct {
	eventstore.Log
	all []eventstore.Stored
}

func (k kept) All(context.Context, uint64, bool) iter.Seq2[eventstore.Stored, error] {
	return each(k.all)
}

func (k kept) Stored(_ context.Context, stream string) iter.Seq2[eventstore.Stored, error] {
	var own []eventstore.Stored
	for _, e := range k.all {
		if e.Stream == stream {
			own = append(own, e)
		}
	}
	return each(own)
}

func interleaved(t *testing.T) (all []eventstore.Stored) {
	t.Helper()
	a, b := chain(t, "prova-a", domain.Head{}, 3), chain(t, "prova-b", domain.Head{}, 3)
	for i := range a {
		all = append(all, a[i], b[i])
	}
	return all
}

func TestVerifyLogFollowsInterleavedStreams(t *testing.T) {
	if streams, err := eventstore.VerifyLog(t.Context(), kept{all: interleaved(t)}, never); streams != 2 || err != nil {
		t.Fatal(streams, err)
	}
}

func TestVerifyLogNamesTheBrokenEvent(t *testing.T) {
	log := interleaved(t)
	log[3].Data = []byte(`{"testo":"altro","numero":7}`)
	_, err := eventstore.VerifyLog(t.Context(), kept{all: log}, never)
	var broken *eventstore.BrokenChain
	if !errors.As(err, &broken) || *broken != (eventstore.BrokenChain{Stream: "prova-b", Version: 2, Damage: eventstore.EditedData}) {
		t.Fatal(err)
	}
}

func never(eventstore.Stored) string { return "" }

// Of a stream that has ended, what is left need not be all of it, but it is what
// was written. Of the others nothing may be missing.
func TestVerifyLogMissesNothingOfAStreamThatHasEnded(t *testing.T) {
	fine := chain(t, "prova-fine", domain.Head{}, 1)[0]
	ended := func(e eventstore.Stored) string {
		if e.Stream == fine.Stream {
			return "prova-b"
		}
		return ""
	}
	for about, c := range map[string]struct {
		togli func([]eventstore.Stored) []eventstore.Stored
		want  *eventstore.BrokenChain
	}{
		"nothing is missing": {func(l []eventstore.Stored) []eventstore.Stored { return l }, nil},
		"all but the last":   {func(l []eventstore.Stored) []eventstore.Stored { return []eventstore.Stored{l[0], l[2], l[4], l[5]} }, nil},
		"one in the middle": {func(l []eventstore.Stored) []eventstore.Stored {
			return []eventstore.Stored{l[0], l[1], l[2], l[4], l[5]}
		}, nil},
		"all of it": {func(l []eventstore.Stored) []eventstore.Stored { return []eventstore.Stored{l[0], l[2], l[4]} }, nil},
		"what is left was written": {func(l []eventstore.Stored) []eventstore.Stored {
			l[5].Data = []byte(`{}`)
			return []eventstore.Stored{l[0], l[2], l[4], l[5]}
		}, &eventstore.BrokenChain{Stream: "prova-b", Version: 1, Damage: eventstore.Missing}},
		"one of the stream beside": {func(l []eventstore.Stored) []eventstore.Stored { return l[1:] }, &eventstore.BrokenChain{Stream: "prova-a", Version: 1, Damage: eventstore.Missing}},
	} {
		_, err := eventstore.VerifyLog(t.Context(), kept{all: append(c.togli(interleaved(t)), fine)}, ended)
		var broken *eventstore.BrokenChain
		if errors.As(err, &broken) != (c.want != nil) || c.want != nil && *broken != *c.want {
			t.Errorf("%s: %v", about, err)
		}
	}
}
