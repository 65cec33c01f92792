package node_test

import (
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"

	"nucleo/eventstore/node/eventlog"
)

func TestASlowSubscriberCostsNoMemory(t *testing.T) {
	n := start(t)
	c := dial(t, n)
	for range 5 { // subscribers that never read
		call, err := c.Read(within(t, time.Minute), &api.ReadReq{Options: &api.ReadReq_Options{
			StreamOption: &api.ReadReq_Options_All{All: &api.ReadReq_Options_AllOptions{AllOption: &api.ReadReq_Options_AllOptions_Start{Start: &shared.Empty{}}}},
			CountOption:  &api.ReadReq_Options_Subscription{Subscription: &api.ReadReq_Options_SubscriptionOptions{}},
			UuidOption:   &api.ReadReq_Options_UUIDOption{Content: &api.ReadReq_Options_UUIDOption_Structured{Structured: &shared.Empty{}}}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := call.Recv(); err != nil { // the confirmation
			t.Fatal(err)
		}
	}
	before := heap()
	const total = 64 << 20
	batch := make([]eventlog.Proposed, 8)
	for range total / (8 * 100 << 10) {
		for i := range batch {
			batch[i] = eventlog.Proposed{ID: uuid.New(), Type: "t", Data: make([]byte, 100<<10)}
		}
		if _, err := n.Log().Append(t.Context(), "s", eventlog.Any, batch); err != nil {
			t.Fatal(err)
		}
	}
	// a page of 2 MiB and a window of the transport for each, far from 5 × 64 MiB
	if grown := heap() - before; grown > 40<<20 {
		t.Fatalf("the heap grew by %d MiB", grown>>20)
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// The client pings every ten seconds; grpc-go's own policy would close the
// connection after a minute.
func TestAnIdleSubscriptionStaysOpen(t *testing.T) {
	if os.Getenv("NUCLEO_LONG") != "1" {
		t.Skip("takes 75 s; NUCLEO_LONG=1 runs it")
	}
	c := connect(t, start(t).Address())
	sub, err := c.SubscribeToAll(within(t, 2*time.Minute), esdb.SubscribeToAllOptions{From: esdb.Start{}})
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	listen(t, sub, func(h *heard) bool { return h.caughtUp == 1 })
	<-time.After(75 * time.Second)
	appendTo(t, c, "s", event("t"))
	listen(t, sub, func(h *heard) bool { return len(h.positions) == 1 })
}
