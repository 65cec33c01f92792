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
	if streams, err := eventstore.VerifyLog(t.Context(), kept{all: interleaved(t)}); streams != 2 || err != nil {
		t.Fatal(streams, err)
	}
}

func TestVerifyLogNamesTheBrokenEvent(t *testing.T) {
	log := interleaved(t)
	log[3].Data = []byte(`{"testo":"altro","numero":7}`)
	_, err := eventstore.VerifyLog(t.Context(), kept{all: log})
	var broken *eventstore.BrokenChain
	if !errors.As(err, &broken) || *broken != (eventstore.BrokenChain{Stream: "prova-b", Version: 2, Damage: eventstore.EditedData}) {
		t.Fatal(err)
	}
}
