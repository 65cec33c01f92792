package eventstore_test

import (
	"log/slog"
	"os"
	"testing"
	"time"

	"nucleo/eventstore"
	"nucleo/eventstore/esdbtest"
	"nucleo/eventstore/keytest"
	"nucleo/eventstore/storetest"
)

func TestStoreKeepsThePromisesOfAStore(t *testing.T) {
	for name, config := range map[string]eventstore.Config{"not alone": {}, "alone": {Alone: true}, "sealing": {Alone: true, Keys: keytest.Keys()}} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) eventstore.Log {
				config.Address = esdbtest.Start(t).Address()
				return openWith(t, config)
			})
		})
	}
}

func TestStoreKeepsItsPromisesOnARealServer(t *testing.T) {
	url := os.Getenv("NUCLEO_TEST_ESDB")
	if url == "" {
		t.Skip("NUCLEO_TEST_ESDB names no server")
	}
	storetest.Run(t, func(t *testing.T) eventstore.Log { return openWith(t, eventstore.Config{URL: url}) })
}

func connect(t testing.TB, address string) *eventstore.Store {
	t.Helper()
	return openWith(t, eventstore.Config{Address: address})
}

func openWith(t testing.TB, config eventstore.Config) *eventstore.Store {
	t.Helper()
	if testing.Verbose() {
		config.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	s, err := eventstore.Open(config, storetest.Catalog)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// eventually waits for a condition.
func eventually(t testing.TB, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(limit)
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("after %s: %s", limit, what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
