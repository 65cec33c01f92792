package node_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/go-cmp/cmp"
)

// heard is what a subscription said, in order.
type heard struct {
	positions   []uint64
	streams     []string
	checkpoints []uint64
	caughtUp    int
}

// listen hears a subscription until enough says so.
func listen(t *testing.T, sub *esdb.Subscription, enough func(*heard) bool) *heard {
	t.Helper()
	h := &heard{}
	for !enough(h) {
		e := sub.Recv()
		switch {
		case e.SubscriptionDropped != nil:
			t.Fatalf("dropped after %d events: %v", len(h.positions), e.SubscriptionDropped.Error)
		case e.EventAppeared != nil:
			h.positions = append(h.positions, e.EventAppeared.OriginalEvent().Position.Commit)
			h.streams = append(h.streams, e.EventAppeared.OriginalEvent().StreamID)
		case e.CheckPointReached != nil:
			h.checkpoints = append(h.checkpoints, e.CheckPointReached.Commit)
		case e.CaughtUp != nil:
			h.caughtUp++
		}
	}
	return h
}

func toAll(t *testing.T, c *esdb.Client, o esdb.SubscribeToAllOptions) *esdb.Subscription {
	t.Helper()
	sub, err := c.SubscribeToAll(within(t, 20*time.Second), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sub.Close() })
	return sub
}

func TestASubscriptionMissesNothingWhileOthersAppend(t *testing.T) {
	c := connect(t, start(t).Address())
	const writers, each = 8, 100
	appendTo(t, c, "before", events(300)...)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for range each {
				_, err := c.AppendToStream(context.Background(), fmt.Sprintf("w%d", w), esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, event("t"))
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	var subs sync.WaitGroup
	results := make([]*heard, 4)
	for i := range results {
		sub := toAll(t, c, esdb.SubscribeToAllOptions{From: esdb.Start{}})
		subs.Go(func() {
			results[i] = listen(t, sub, func(h *heard) bool { return len(h.positions) == 300+writers*each })
		})
	}
	all.Wait()
	subs.Wait()
	want := positionsOf(readAll(t, c, esdb.ReadAllOptions{From: esdb.Start{}}, 10_000))
	for i, h := range results {
		if d := cmp.Diff(want, h.positions); d != "" {
			t.Errorf("subscription %d: %s", i, d)
		}
		if h.caughtUp == 0 {
			t.Errorf("subscription %d never caught up", i)
		}
	}
}

func TestSubscriptionsStartWhereTheyAreTold(t *testing.T) {
	c := connect(t, start(t).Address())
	appendTo(t, c, "s", events(5)...)
	log := positionsOf(readAll(t, c, esdb.ReadAllOptions{From: esdb.Start{}}, 100))
	after := toAll(t, c, esdb.SubscribeToAllOptions{From: esdb.Position{Commit: log[2], Prepare: log[2]}})
	end := toAll(t, c, esdb.SubscribeToAllOptions{From: esdb.End{}})
	listen(t, end, func(h *heard) bool { return h.caughtUp == 1 })
	stream, err := c.SubscribeToStream(within(t, 10*time.Second), "s", esdb.SubscribeToStreamOptions{From: esdb.Revision(3)})
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	missing, err := c.SubscribeToStream(within(t, 10*time.Second), "later", esdb.SubscribeToStreamOptions{From: esdb.Start{}})
	if err != nil {
		t.Fatal(err)
	}
	defer missing.Close()
	appendTo(t, c, "later", event("t"))
	appendTo(t, c, "s", event("t"))
	log = positionsOf(readAll(t, c, esdb.ReadAllOptions{From: esdb.Start{}}, 100))
	for name, s := range map[string]struct {
		sub  *esdb.Subscription
		want []uint64
	}{
		"$all after a position":   {after, log[3:]},
		"$all from the end":       {end, log[5:]},
		"stream after a revision": {stream, []uint64{log[4], log[6]}},
		"stream not yet written":  {missing, log[5:6]},
	} {
		got := listen(t, s.sub, func(h *heard) bool { return len(h.positions) == len(s.want) })
		if d := cmp.Diff(s.want, got.positions); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestFilteredSubscriptionsPassAndMarkTheirWay(t *testing.T) {
	c := connect(t, start(t).Address())
	for i := range 40 {
		appendTo(t, c, fmt.Sprintf("caso-%d", i), event("CasoRicevuto"))
		appendTo(t, c, fmt.Sprintf("operatore-%d", i), event("OperatoreAccreditato"))
	}
	log := positionsOf(readAll(t, c, esdb.ReadAllOptions{From: esdb.Start{}}, 1000))
	for name, f := range map[string]*esdb.SubscriptionFilter{
		"stream prefix": {Type: esdb.StreamFilterType, Prefixes: []string{"x", "caso-"}},
		"stream regex":  {Type: esdb.StreamFilterType, Regex: "^caso-"},
		"type prefix":   {Type: esdb.EventFilterType, Prefixes: []string{"Caso"}},
		"type regex":    {Type: esdb.EventFilterType, Regex: "Ricev.to$"},
	} {
		t.Run(name, func(t *testing.T) {
			sub := toAll(t, c, esdb.SubscribeToAllOptions{From: esdb.Start{}, Filter: f, CheckpointInterval: 1, MaxSearchWindow: 16})
			h := listen(t, sub, func(h *heard) bool { return h.caughtUp == 1 })
			want := []uint64{}
			for i := 0; i < len(log); i += 2 {
				want = append(want, log[i])
			}
			if d := cmp.Diff(want, h.positions); d != "" {
				t.Error(d)
			}
			// every 16 considered events, and none twice: 80 is a multiple of 16
			marks := []uint64{log[15], log[31], log[47], log[63], log[79]}
			if d := cmp.Diff(marks, h.checkpoints); d != "" {
				t.Error("checkpoints", d)
			}
		})
	}
	sub, err := c.SubscribeToAll(within(t, 5*time.Second), esdb.SubscribeToAllOptions{From: esdb.Start{}, CheckpointInterval: 1,
		Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Regex: "(?!x)y"}})
	if err == nil {
		sub.Close()
		t.Error("a look-ahead was taken")
	}
}

func TestALiveFilteredSubscriptionGetsCheckpointsForWhatItSkips(t *testing.T) {
	c := connect(t, start(t).Address())
	sub := toAll(t, c, esdb.SubscribeToAllOptions{From: esdb.Start{}, CheckpointInterval: 1, MaxSearchWindow: 4,
		Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"none"}}})
	listen(t, sub, func(h *heard) bool { return h.caughtUp == 1 })
	for range 8 {
		appendTo(t, c, "s", event("t"))
	}
	h := listen(t, sub, func(h *heard) bool { return len(h.checkpoints) == 2 })
	log := positionsOf(readAll(t, c, esdb.ReadAllOptions{From: esdb.Start{}}, 100))
	if d := cmp.Diff([]uint64{log[3], log[7]}, h.checkpoints); d != "" {
		t.Error(d)
	}
}

func TestASubscriberFarBehindIsToldAgainThatItCaughtUp(t *testing.T) {
	c := connect(t, start(t).Address())
	sub := toAll(t, c, esdb.SubscribeToAllOptions{From: esdb.Start{}})
	listen(t, sub, func(h *heard) bool { return h.caughtUp == 1 })
	appendTo(t, c, "s", events(100)...)
	h := listen(t, sub, func(h *heard) bool { return h.caughtUp == 1 })
	if len(h.positions) != 100 {
		t.Errorf("caught up after %d events", len(h.positions))
	}
}

func TestATombstoneIsDeliveredAndDropsTheSubscription(t *testing.T) {
	c := connect(t, start(t).Address())
	appendTo(t, c, "s", event("t"))
	sub, err := c.SubscribeToStream(within(t, 10*time.Second), "s", esdb.SubscribeToStreamOptions{From: esdb.Start{}})
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	listen(t, sub, func(h *heard) bool { return h.caughtUp == 1 })
	if _, err := c.TombstoneStream(within(t, 5*time.Second), "s", esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Any{}}); err != nil {
		t.Fatal(err)
	}
	kinds := []string{}
	for {
		e := sub.Recv()
		if e.EventAppeared != nil {
			kinds = append(kinds, e.EventAppeared.Event.EventType)
		}
		if e.SubscriptionDropped != nil {
			break
		}
	}
	if d := cmp.Diff([]string{"$streamDeleted"}, kinds); d != "" {
		t.Error(d)
	}
	if _, err := c.SubscribeToStream(within(t, 5*time.Second), "s", esdb.SubscribeToStreamOptions{From: esdb.Start{}}); err == nil {
		t.Error("a tombstoned stream was subscribed to")
	}
}

func TestASubscriptionResumesAfterARestart(t *testing.T) {
	dir := t.TempDir()
	first := startIn(t, dir)
	c := connect(t, first.Address())
	appendTo(t, c, "s", events(3)...)
	sub := toAll(t, c, esdb.SubscribeToAllOptions{From: esdb.Start{}})
	seen := listen(t, sub, func(h *heard) bool { return len(h.positions) == 3 }).positions
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	for sub.Recv().SubscriptionDropped == nil {
	}
	c = connect(t, startIn(t, dir).Address())
	appendTo(t, c, "s", events(2)...)
	last := seen[len(seen)-1]
	sub = toAll(t, c, esdb.SubscribeToAllOptions{From: esdb.Position{Commit: last, Prepare: last}})
	seen = append(seen, listen(t, sub, func(h *heard) bool { return len(h.positions) == 2 }).positions...)
	if d := cmp.Diff(positionsOf(readAll(t, c, esdb.ReadAllOptions{From: esdb.Start{}}, 100)), seen); d != "" {
		t.Error(d)
	}
}

func TestStopLetsAppendsFinishAndAnswersForEveryOne(t *testing.T) {
	dir := t.TempDir()
	n := startIn(t, dir)
	c := connect(t, n.Address(), func(cfg *esdb.Configuration) { cfg.MaxDiscoverAttempts = 1000 })
	appendTo(t, c, "s", event("t"))
	sub := toAll(t, c, esdb.SubscribeToAllOptions{From: esdb.Start{}})
	listen(t, sub, func(h *heard) bool { return h.caughtUp == 1 })
	var all sync.WaitGroup
	var enough atomic.Bool
	acked := make([]int, 8)
	for w := range acked {
		all.Go(func() {
			for !enough.Load() {
				_, err := c.AppendToStream(context.Background(), fmt.Sprintf("w%d", w), esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, event("t"))
				if err != nil {
					return
				}
				acked[w]++
			}
		})
	}
	if err := n.Log().Wait(t.Context(), 20_000); err != nil {
		t.Fatal(err)
	}
	if err := n.Stop(); err != nil {
		t.Fatal(err)
	}
	again := startIn(t, dir) // on the same socket: the client finds it by itself
	enough.Store(true)
	all.Wait()
	c2 := connect(t, again.Address())
	for w, want := range acked {
		got, err := read(t, c2, fmt.Sprintf("w%d", w), esdb.ReadStreamOptions{}, 1_000_000)
		if err != nil || len(got) < want {
			t.Errorf("stream w%d has %d events, %d were acknowledged: %v", w, len(got), want, err)
		}
	}
}

func TestNoWakeUpIsLost(t *testing.T) {
	c := connect(t, start(t).Address())
	sub := toAll(t, c, esdb.SubscribeToAllOptions{From: esdb.Start{}})
	for round := range 300 { // appends that come one right after the other, then silence
		var all sync.WaitGroup
		for w := range 3 {
			all.Go(func() {
				o := esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}
				if _, err := c.AppendToStream(context.Background(), fmt.Sprintf("w%d", w), o, event("t")); err != nil {
					t.Error(err)
				}
			})
		}
		h := listen(t, sub, func(h *heard) bool { return len(h.positions) == 3 })
		all.Wait()
		if len(h.positions) != 3 {
			t.Fatalf("round %d: heard %d events", round, len(h.positions))
		}
	}
}
