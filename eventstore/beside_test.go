package eventstore_test

import (
	"context"
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

// What is read from the file is what the protocol says, whatever lies in the log.
func TestTheLogReadBesideTheProtocolIsTheSame(t *testing.T) {
	n, err := node.Start(t.Context(), node.Config{Dir: t.TempDir(), Listen: "unix:" + esdbtest.Socket(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Stop(); err != nil {
			t.Error(err)
		}
	})
	store := connect(t, n.Address())
	beside := eventstore.Beside{Store: store, Log: n.Log()}
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
