package eventstore_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/esdbtest"
	"nucleo/eventstore/node"
	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/storetest"
)

// besideOf starts a node, and a store that reads beside its protocol.
func besideOf(t *testing.T) (*node.Node, eventstore.Beside) {
	t.Helper()
	n, err := node.Start(t.Context(), node.Config{Dir: t.TempDir(), Listen: "unix:" + esdbtest.Socket(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Stop(); err != nil {
			t.Error(err)
		}
	})
	return n, eventstore.Beside{Store: openWith(t, eventstore.Config{Address: n.Address(), Alone: true}), Log: n.Log()}
}

func TestReadingBesideTheProtocolKeepsThePromisesOfAStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) eventstore.Log {
		_, beside := besideOf(t)
		return beside
	})
}

// What is read of a stream from the file is what the protocol says, whatever
// became of the stream.
func TestStreamsReadBesideTheProtocolAreTheSame(t *testing.T) {
	n, beside := besideOf(t)
	misto(t, beside.Store, n.Log())
	streams := map[string]bool{"prova-mai": true, "prova-3": true}
	for _, e := range tutti(t, beside.Store, 0, false) {
		streams[e.Stream] = true
	}
	letti := 0
	for stream := range streams {
		want, wanted := letto(t, beside.Store, stream)
		got, err := letto(t, beside, stream)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || (wanted == nil) != (err == nil) {
			t.Errorf("%s: %v, by the protocol %v (-protocol +file)\n%s", stream, err, wanted, diff)
		}
		letti += len(got)
	}
	if letti < 300 {
		t.Errorf("only %d events", letti)
	}
	if _, err := letto(t, beside, "prova-3"); !errors.Is(err, domain.ErrNonDisponibile) {
		t.Errorf("a stream that was ended for ever: %v", err)
	}
}

func TestNoStreamIsReadBesideAProtocolThatHasEnded(t *testing.T) {
	n, beside := besideOf(t)
	stream := storetest.Stream()
	storetest.Put(t, beside, stream, domain.Head{}, storetest.Meta(), storetest.Nota{}, storetest.Fine{})
	for _, err := range beside.Stored(t.Context(), stream) {
		if err != nil {
			t.Fatal(err)
		}
		break // whoever wants no more gets no more
	}
	other := openWith(t, eventstore.Config{Address: n.Address()})
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := letto(t, eventstore.Beside{Store: other, Log: n.Log()}, stream); !errors.Is(err, eventstore.ErrClosed) {
		t.Errorf("the store was closed: %v", err)
	}
	if err := n.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := letto(t, beside, stream); !errors.Is(err, domain.ErrNonDisponibile) {
		t.Errorf("the node was stopped: %v", err)
	}
}

func letto(t *testing.T, log eventstore.Log, stream string) (all []eventstore.Stored, err error) {
	t.Helper()
	for e, err := range log.Stored(t.Context(), stream) {
		if err != nil {
			return all, err
		}
		all = append(all, e)
	}
	return all, nil
}

// What is read from the file is what the protocol says, whatever lies in the log.
func TestTheLogReadBesideTheProtocolIsTheSame(t *testing.T) {
	n, beside := besideOf(t)
	store := beside.Store
	if got := tutti(t, beside, 0, false); len(got) != 0 {
		t.Errorf("an empty log holds %d events", len(got))
	}
	misto(t, store, n.Log())
	want := tutti(t, store, 0, false)
	if len(want) < 300 {
		t.Fatalf("only %d events", len(want))
	}
	if diff := cmp.Diff(want, tutti(t, beside, 0, false), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-protocol +file)\n%s", diff)
	}
	for _, k := range []int{0, 1, len(want) / 2, len(want) - 2, len(want) - 1} {
		if diff := cmp.Diff(want[k+1:], tutti(t, beside, want[k].Position, true), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("after event %d (-protocol +file)\n%s", k, diff)
		}
		var seguiti []eventstore.Stored
		for e, err := range beside.Follow(t.Context(), want[k].Position, true) {
			if err != nil {
				t.Fatal(err)
			}
			if len(seguiti) == 0 { // comes when the reading of the file has begun: by the protocol
				dove, err := store.Append(t.Context(), storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Fine{})
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, tutti(t, store, dove.Position-1, true)...)
			}
			if seguiti = append(seguiti, e); len(seguiti) == len(want)-k-1 {
				break
			}
		}
		if diff := cmp.Diff(want[k+1:], seguiti, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("followed after event %d (-protocol +file)\n%s", k, diff)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	letti := 0
	for _, err := range beside.All(ctx, 0, false) {
		if err != nil {
			break
		}
		if letti++; letti == 10 {
			stop()
		}
	}
	stop()
	if letti == len(want) {
		t.Error("reading went on after it was stopped")
	}
}

// misto fills a log with what it may hold: our streams and others', events that
// are not JSON, streams that were deleted, begun again, cut or ended for ever.
func misto(t *testing.T, store *eventstore.Store, log *eventlog.Log) {
	t.Helper()
	caso := rand.New(rand.NewPCG(7, 7))
	teste := map[string]domain.Head{}
	for k := range 400 {
		stream := fmt.Sprintf("prova-%d", caso.IntN(12))
		switch caso.IntN(12) {
		case 0:
			altro := eventlog.Proposed{ID: uuid.New(), Type: "Altro", JSON: k%2 == 0, Data: []byte(`{"x":1}`)}
			if _, err := log.Append(t.Context(), fmt.Sprintf("altra-%d", k%3), eventlog.Any, []eventlog.Proposed{altro}); err != nil {
				t.Fatal(err)
			}
		case 1:
			if _, err := log.Append(t.Context(), fmt.Sprintf("prova-binaria-%d", k%3), eventlog.Any, []eventlog.Proposed{{ID: uuid.New(), Type: "ProvaNota", Data: []byte{0, 1}, Metadata: []byte{2}}}); err != nil {
				t.Fatal(err)
			}
		case 2:
			if _, err := log.Delete(t.Context(), fmt.Sprintf("prova-binaria-%d", k%3), eventlog.Any); err != nil && k > 100 {
				t.Log(err)
			}
		default:
			dove, err := store.Append(t.Context(), stream, teste[stream], storetest.Meta(), storetest.Nota{Numero: k}, storetest.Fine{})
			if err != nil {
				t.Fatal(err)
			}
			teste[stream] = dove.Head
		}
	}
	if _, err := log.Tombstone(t.Context(), "prova-3", eventlog.Any); err != nil {
		t.Fatal(err)
	}
}

func tutti(t *testing.T, log interface {
	All(context.Context, uint64, bool) iter.Seq2[eventstore.Stored, error]
}, after uint64, resumed bool) (all []eventstore.Stored) {
	t.Helper()
	for e, err := range log.All(t.Context(), after, resumed) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}
