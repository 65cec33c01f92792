package node_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"nucleo/eventstore/node"
)

// start runs a node of its own for the test.
func start(t testing.TB, change ...func(*node.Config)) *node.Node {
	t.Helper()
	cfg := node.Config{Dir: t.TempDir(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	for _, f := range change {
		f(&cfg)
	}
	n, err := node.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return n
}

// startIn runs a node over a directory that outlives it; the test may stop it.
func startIn(t testing.TB, dir string) *node.Node {
	return start(t, func(cfg *node.Config) { cfg.Dir = dir })
}

// connect gives the official client of a node.
func connect(t testing.TB, address string, change ...func(*esdb.Configuration)) *esdb.Client {
	t.Helper()
	cfg, err := esdb.ParseConnectionString("esdb://127.0.0.1:1?tls=false")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Address = address
	cfg.Logger = esdb.NoopLogging()
	for _, f := range change {
		f(cfg)
	}
	c, err := esdb.NewClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func within(t testing.TB, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// event is a small JSON event with an id of its own.
func event(kind string) esdb.EventData {
	return esdb.EventData{EventID: uuid.New(), EventType: kind, ContentType: esdb.ContentTypeJson, Data: []byte(`{"n":1}`), Metadata: []byte(`{}`)}
}

func events(n int) []esdb.EventData {
	out := make([]esdb.EventData, n)
	for i := range out {
		out[i] = event("t")
	}
	return out
}

func appendTo(t testing.TB, c *esdb.Client, stream string, events ...esdb.EventData) *esdb.WriteResult {
	t.Helper()
	r, err := c.AppendToStream(within(t, 10*time.Second), stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, events...)
	if err != nil {
		t.Fatalf("append to %s: %v", stream, err)
	}
	return r
}

// read returns the revisions of a stream as the client reads it.
func read(t testing.TB, c *esdb.Client, stream string, o esdb.ReadStreamOptions, count uint64) ([]uint64, error) {
	t.Helper()
	s, err := c.ReadStream(within(t, 10*time.Second), stream, o, count)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	out := []uint64{}
	for {
		e, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		out = append(out, e.OriginalEvent().EventNumber)
	}
}

func codeOf(err error) esdb.ErrorCode {
	var e *esdb.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	if err != nil {
		return esdb.ErrorCodeUnknown
	}
	return -1
}

func TestTheOfficialClientAppendsReadsAndSubscribes(t *testing.T) {
	n := start(t)
	c := connect(t, n.Address())
	sub, err := c.SubscribeToAll(within(t, 20*time.Second), esdb.SubscribeToAllOptions{From: esdb.Start{}})
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	for i := range 3 {
		if r := appendTo(t, c, "s", event("t")); r.NextExpectedVersion != uint64(i) {
			t.Fatalf("append %d ended at revision %d", i, r.NextExpectedVersion)
		}
	}
	got, err := read(t, c, "s", esdb.ReadStreamOptions{}, 100)
	if err != nil || len(got) != 3 {
		t.Fatalf("read %v, %v", got, err)
	}
	for i := 0; i < 3; {
		ev := sub.Recv()
		if ev.SubscriptionDropped != nil {
			t.Fatal(ev.SubscriptionDropped.Error)
		}
		if ev.EventAppeared != nil {
			if n := ev.EventAppeared.Event.EventNumber; n != uint64(i) {
				t.Fatalf("subscription gave %d, want %d", n, i)
			}
			i++
		}
	}
}

// Whoever starts a node may find at once that something else is amiss.
func TestANodeIsStoppedBeforeItServes(t *testing.T) {
	dir := t.TempDir()
	for range 30 {
		n, err := node.Start(t.Context(), node.Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		if err := n.Stop(); err != nil {
			t.Fatal(err)
		}
	}
}
