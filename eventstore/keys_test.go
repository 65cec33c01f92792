package eventstore_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/keytest"
	"nucleo/eventstore/memory"
	"nucleo/eventstore/sealing"
	"nucleo/eventstore/storetest"
)

// sealedStream is a stream of n notes in a store that seals.
func sealedStream(t *testing.T, s eventstore.Log, n int) (stream string, kids []uuid.UUID) {
	t.Helper()
	stream = storetest.Stream()
	at := domain.Head{}
	for i := range n {
		at = storetest.Put(t, s, stream, at, storetest.Meta(), storetest.Nota{Testo: "vive sola", Numero: i}).Head
	}
	for e, err := range s.Stored(t.Context(), stream) {
		if err != nil || strings.Contains(string(e.Data), "vive") {
			t.Fatalf("%s %v", e.Data, err)
		}
		parsed, _, err := sealing.Parse(e.Data)
		if err != nil {
			t.Fatal(err)
		}
		kids = append(kids, parsed.Refs()[0].Key)
	}
	return stream, kids
}

// notes are the texts of a stream, and why it cannot be read further.
func notes(t *testing.T, s eventstore.Log, stream string) (texts []string, failed error) {
	t.Helper()
	for r, err := range s.Read(t.Context(), stream) {
		if err != nil {
			return texts, err
		}
		texts = append(texts, r.Event.(storetest.Nota).Testo)
	}
	return texts, nil
}

func TestADestroyedKeyReadsCancellato(t *testing.T) {
	store := keytest.New()
	s := memory.Sealed(storetest.Catalog, eventstore.NewKeys(store))
	stream, kids := sealedStream(t, s, 3)
	store.Destroy(kids[1])
	s = s.With(eventstore.NewKeys(store))
	for range 2 { // also where nothing was at hand
		texts, err := notes(t, s, stream)
		if err != nil || strings.Join(texts, ",") != "vive sola,[cancellato],vive sola" {
			t.Error(texts, err)
		}
	}
	if err := eventstore.VerifyChain(s.Stored(t.Context(), stream)); err != nil {
		t.Error(err)
	}
}

// What was read of late is forgotten when it is told so, not before.
func TestADestroyedKeyIsForgotten(t *testing.T) {
	store := keytest.New()
	keys := eventstore.NewKeys(store)
	s := memory.Sealed(storetest.Catalog, keys)
	stream, kids := sealedStream(t, s, 1)
	if texts, err := notes(t, s, stream); err != nil || texts[0] != "vive sola" {
		t.Fatal(texts, err)
	}
	store.Destroy(kids...)
	if texts, _ := notes(t, s, stream); texts[0] != "vive sola" {
		t.Fatal("it was not at hand")
	}
	keys.Forget(kids...)
	if texts, err := notes(t, s, stream); err != nil || texts[0] != sealing.Cancellato {
		t.Error(texts, err)
	}
}

func TestAKeyThatWasLostIsNoErasure(t *testing.T) {
	store := keytest.New()
	s := memory.Sealed(storetest.Catalog, eventstore.NewKeys(store))
	stream, kids := sealedStream(t, s, 2)
	store.Lose(kids[1])
	s = s.With(eventstore.NewKeys(store))
	texts, err := notes(t, s, stream)
	if len(texts) != 1 || err == nil || !strings.Contains(err.Error(), "nobody destroyed it") {
		t.Error(texts, err)
	}
}

// While the key store is down nothing reads as erased, and nothing is appended
// that would need a key; what is at hand goes on, and all comes back by itself.
func TestWithoutTheKeyStoreNothingIsErased(t *testing.T) {
	store := keytest.New()
	full := memory.Sealed(storetest.Catalog, eventstore.NewKeys(store))
	stream, _ := sealedStream(t, full, 2)
	s := full.With(eventstore.NewKeys(store)) // another process
	store.Down(true)
	if texts, err := notes(t, s, stream); len(texts) > 0 || !errors.Is(err, domain.ErrNonDisponibile) {
		t.Error(texts, err)
	}
	if _, err := s.Append(t.Context(), storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Nota{Testo: "x"}); !errors.Is(err, domain.ErrNonDisponibile) {
		t.Error(err)
	}
	if _, err := s.Append(t.Context(), storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Fine{}); err != nil {
		t.Error("it holds nothing personal:", err)
	}
	if _, err := full.Append(t.Context(), storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Nota{Testo: "x"}); err != nil {
		t.Error("keys were in store:", err)
	}
	store.Down(false)
	if texts, err := notes(t, s, stream); len(texts) != 2 || err != nil {
		t.Error(texts, err)
	}
}

// A consumer is given nothing while keys cannot be had, and then everything.
func TestAConsumerWaitsForTheKeyStore(t *testing.T) {
	store := keytest.New()
	full := memory.Sealed(storetest.Catalog, eventstore.NewKeys(store))
	sealedStream(t, full, 3)
	s := full.With(eventstore.NewKeys(store))
	store.Down(true)
	seen := &testi{}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- eventstore.ConsumeBy(ctx, eventstore.Delivery{Delay: time.Millisecond}, s, storetest.Catalog, slog.New(slog.DiscardHandler), eventstore.Consumer(seen))
	}()
	asked := func() int { _, found := store.Questions(); return found }
	eventually(t, 5*time.Second, "it is asked in vain", func() bool { return asked() > 2 })
	if got := seen.all(); got != "" {
		t.Error(got)
	}
	store.Down(false)
	eventually(t, 5*time.Second, "all have come", func() bool { return seen.all() == "vive sola,vive sola,vive sola," })
	stop()
	<-done
}

// testi keeps the texts that it is given.
type testi struct {
	mu    sync.Mutex
	texts string
}

func (c *testi) Name() string                                   { return "testi" }
func (c *testi) Position(context.Context) (uint64, bool, error) { return 0, false, nil }
func (c *testi) Handle(_ context.Context, batch []domain.Recorded) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range batch {
		c.texts += r.Event.(storetest.Nota).Testo + ","
	}
	return nil
}

func (c *testi) all() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.texts
}

// A batch asks for its keys at most once, and not at all when it has them.
func TestABatchAsksForItsKeysOnce(t *testing.T) {
	store := keytest.New()
	full := memory.Sealed(storetest.Catalog, eventstore.NewKeys(store))
	sealedStream(t, full, 500)
	if made, _ := store.Questions(); made != 3 { // what is kept in store, and what was taken
		t.Errorf("keys were made %d times", made)
	}
	keys := eventstore.NewKeys(store)
	for round, want := range []int{2, 2} {
		n := 0
		for batch, err := range eventstore.Batches(t.Context(), storetest.Catalog, keys, full.All(t.Context(), 0, false), 250) {
			if err != nil {
				t.Fatal(err)
			}
			n += len(batch)
		}
		if _, found := store.Questions(); found != want || n != 500 {
			t.Errorf("round %d: %d events, asked %d times", round, n, found)
		}
	}
}

// Many who append at once share the keys in store, and each takes another.
func TestManyTakeNewKeysAtOnce(t *testing.T) {
	store := keytest.New()
	s := memory.Sealed(storetest.Catalog, eventstore.NewKeys(store))
	var running sync.WaitGroup
	for range 16 {
		running.Go(func() {
			for range 200 {
				if _, err := s.Append(t.Context(), storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Nota{Testo: "x"}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	running.Wait()
	kids := map[uuid.UUID]bool{}
	for e := range s.All(t.Context(), 0, false) {
		parsed, _, _ := sealing.Parse(e.Data)
		kids[parsed.Refs()[0].Key] = true
	}
	if len(kids) != 16*200 {
		t.Errorf("%d keys for %d documents", len(kids), 16*200)
	}
}
