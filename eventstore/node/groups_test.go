package node_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"nucleo/eventstore/node"
)

// settings are the client's own, changed.
func settings(change ...func(*esdb.PersistentSubscriptionSettings)) *esdb.PersistentSubscriptionSettings {
	s := esdb.SubscriptionSettingsDefault()
	for _, f := range change {
		f(&s)
	}
	return &s
}

func createGroup(t testing.TB, c *esdb.Client, stream string, o esdb.PersistentStreamSubscriptionOptions) {
	t.Helper()
	if err := c.CreatePersistentSubscription(within(t, 10*time.Second), stream, "g", o); err != nil {
		t.Fatalf("create the group: %v", err)
	}
}

func join(t testing.TB, c *esdb.Client, stream string, buffer uint32) *esdb.PersistentSubscription {
	t.Helper()
	s, err := c.SubscribeToPersistentSubscription(within(t, 30*time.Second), stream, "g", esdb.SubscribeToPersistentSubscriptionOptions{BufferSize: buffer})
	if err != nil {
		t.Fatalf("join the group: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func next(t testing.TB, s *esdb.PersistentSubscription) *esdb.EventAppeared {
	t.Helper()
	e := s.Recv()
	if e.EventAppeared == nil {
		t.Fatalf("dropped: %v", e.SubscriptionDropped.Error)
	}
	return e.EventAppeared
}

func info(t testing.TB, c *esdb.Client, stream string) *esdb.PersistentSubscriptionInfo {
	t.Helper()
	i, err := c.GetPersistentSubscriptionInfo(within(t, 10*time.Second), stream, "g", esdb.GetPersistentSubscriptionOptions{})
	if err != nil {
		t.Fatalf("about the group: %v", err)
	}
	return i
}

// until waits for a condition that a group reaches by itself.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	ctx := within(t, 20*time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("never: %s", what)
		}
	}
}

func TestAGroupGoesOnAfterItsCheckpoint(t *testing.T) {
	dir := t.TempDir()
	n := startIn(t, dir)
	c := connect(t, n.Address())
	appendTo(t, c, "s", events(10)...)
	createGroup(t, c, "s", esdb.PersistentStreamSubscriptionOptions{StartFrom: esdb.Start{}})
	s := join(t, c, "s", 4)
	for i := range 6 {
		e := next(t, s)
		if got := e.Event.OriginalEvent().EventNumber; got != uint64(i) {
			t.Fatalf("event %d came, want %d", got, i)
		}
		if err := s.Ack(e.Event); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "six are done", func() bool { return info(t, c, "s").Stats.TotalItems == 6 })
	if err := n.Stop(); err != nil {
		t.Fatal(err)
	}
	again := startIn(t, dir)
	c = connect(t, again.Address())
	if i := info(t, c, "s"); i.Stats.LastCheckpointedEventRevision == nil || *i.Stats.LastCheckpointedEventRevision != 5 || *i.Stats.LastKnownEventRevision != 9 {
		t.Errorf("after the restart: %+v", i.Stats)
	}
	s = join(t, c, "s", 4)
	for i := 6; i < 10; i++ {
		e := next(t, s)
		if got := e.Event.OriginalEvent().EventNumber; got != uint64(i) {
			t.Fatalf("event %d came after the restart, want %d", got, i)
		}
		if err := s.Ack(e.Event); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatCannotBeProcessedIsTriedAgainAndThenParked(t *testing.T) {
	dir := t.TempDir()
	n := startIn(t, dir)
	c := connect(t, n.Address())
	appendTo(t, c, "s", events(2)...)
	createGroup(t, c, "s", esdb.PersistentStreamSubscriptionOptions{
		StartFrom: esdb.Start{}, Settings: settings(func(s *esdb.PersistentSubscriptionSettings) { s.MaxRetryCount = 2 }),
	})
	s := join(t, c, "s", 1)
	for want := range 3 {
		e := next(t, s)
		if e.Event.OriginalEvent().EventNumber != 0 || e.RetryCount != want {
			t.Fatalf("event %d came for the %d. time, want event 0 for the %d.", e.Event.OriginalEvent().EventNumber, e.RetryCount, want)
		}
		if err := s.Nack("no room", esdb.NackActionRetry, e.Event); err != nil {
			t.Fatal(err)
		}
	}
	e := next(t, s)
	if e.Event.OriginalEvent().EventNumber != 1 {
		t.Fatalf("event %d came after the first was parked", e.Event.OriginalEvent().EventNumber)
	}
	if err := s.Nack("nothing to do", esdb.NackActionSkip, e.Event); err != nil {
		t.Fatal(err)
	}
	if i := info(t, c, "s"); i.Stats.ParkedMessagesCount != 1 {
		t.Fatalf("parked: %d", i.Stats.ParkedMessagesCount)
	}
	if err := n.Stop(); err != nil {
		t.Fatal(err)
	}

	n = startIn(t, dir)
	c = connect(t, n.Address())
	s = join(t, c, "s", 1)
	if i := info(t, c, "s"); i.Stats.ParkedMessagesCount != 1 {
		t.Fatalf("parked after the restart: %d", i.Stats.ParkedMessagesCount)
	}
	for range 2 { // what is asked for twice comes once
		if err := c.ReplayParkedMessages(within(t, 10*time.Second), "s", "g", esdb.ReplayParkedMessagesOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if e := next(t, s); e.Event.OriginalEvent().EventNumber != 0 {
		t.Fatalf("event %d was replayed", e.Event.OriginalEvent().EventNumber)
	} else if err := s.Ack(e.Event); err != nil {
		t.Fatal(err)
	}
	until(t, "nothing is parked", func() bool { return info(t, c, "s").Stats.ParkedMessagesCount == 0 })
	if i := info(t, c, "s"); i.Stats.RetryBufferCount != 0 || i.Stats.TotalInFlightMessages != 0 {
		t.Errorf("something is left: %+v", i.Stats)
	}
}

func TestWhatIsHeldTooLongGoesToAnother(t *testing.T) {
	c := connect(t, start(t).Address())
	appendTo(t, c, "s", events(1)...)
	createGroup(t, c, "s", esdb.PersistentStreamSubscriptionOptions{
		StartFrom: esdb.Start{}, Settings: settings(func(s *esdb.PersistentSubscriptionSettings) { s.MessageTimeout = 30 }),
	})
	s := join(t, c, "s", 1)
	first := next(t, s)
	if again := next(t, s); again.Event.OriginalEvent().EventID != first.Event.OriginalEvent().EventID || again.RetryCount != 1 {
		t.Fatalf("came again as %+v", again)
	}
	if err := s.Ack(first.Event); err != nil {
		t.Fatal(err)
	}
	until(t, "it is done", func() bool { return info(t, c, "s").Stats.TotalItems == 1 })
}

func TestWhatAConsumerHeldGoesToTheOthersWhenItLeaves(t *testing.T) {
	c := connect(t, start(t).Address())
	appendTo(t, c, "s", events(3)...)
	createGroup(t, c, "s", esdb.PersistentStreamSubscriptionOptions{StartFrom: esdb.Start{}})
	first := join(t, c, "s", 3)
	for range 3 {
		next(t, first)
	}
	second := join(t, c, "s", 3)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if e := next(t, second); e.Event.OriginalEvent().EventNumber != uint64(i) || e.RetryCount != 0 {
			t.Fatalf("%d: event %d, tried %d times", i, e.Event.OriginalEvent().EventNumber, e.RetryCount)
		}
	}
}

func TestStrategiesShareEventsOut(t *testing.T) {
	c := connect(t, start(t).Address())
	streams := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}
	for _, strategy := range []esdb.ConsumerStrategy{esdb.ConsumerStrategyRoundRobin, esdb.ConsumerStrategyDispatchToSingle, esdb.ConsumerStrategyPinned} {
		t.Run(string(strategy), func(t *testing.T) {
			err := c.CreatePersistentSubscriptionToAll(within(t, 10*time.Second), string(strategy), esdb.PersistentAllSubscriptionOptions{
				StartFrom: esdb.End{}, Filter: &esdb.SubscriptionFilter{Type: esdb.EventFilterType, Prefixes: []string{"shared"}},
				Settings: settings(func(s *esdb.PersistentSubscriptionSettings) { s.ConsumerStrategyName = strategy }),
			})
			if err != nil {
				t.Fatal(err)
			}
			type got struct {
				consumer int
				stream   string
			}
			came := make(chan got)
			ctx, cancel := context.WithCancel(within(t, 30*time.Second))
			defer cancel()
			for i := range 2 {
				s, err := c.SubscribeToPersistentSubscriptionToAll(ctx, string(strategy), esdb.SubscribeToPersistentSubscriptionOptions{BufferSize: 100})
				if err != nil {
					t.Fatal(err)
				}
				go func() {
					for e := s.Recv(); e.EventAppeared != nil; e = s.Recv() {
						_ = s.Ack(e.EventAppeared.Event)
						came <- got{i, e.EventAppeared.Event.OriginalEvent().StreamID}
					}
				}()
			}
			for range 3 {
				for _, s := range streams {
					appendTo(t, c, s, event("shared"))
				}
			}
			by := map[string][]int{}
			count := [2]int{}
			for range 30 {
				g := <-came
				by[g.stream] = append(by[g.stream], g.consumer)
				count[g.consumer]++
			}
			switch strategy {
			case esdb.ConsumerStrategyDispatchToSingle:
				if count != [2]int{30, 0} {
					t.Errorf("the first got %d, the second %d", count[0], count[1])
				}
			case esdb.ConsumerStrategyRoundRobin:
				if count != [2]int{15, 15} {
					t.Errorf("the first got %d, the second %d", count[0], count[1])
				}
			case esdb.ConsumerStrategyPinned:
				for stream, who := range by {
					if len(slices.Compact(who)) != 1 {
						t.Errorf("%s went to %v", stream, who)
					}
				}
				if count[0] == 0 || count[1] == 0 {
					t.Errorf("all went to one: %v", count)
				}
			}
		})
	}
}

func TestAGroupHasAsManyConsumersAsItMay(t *testing.T) {
	c := connect(t, start(t).Address())
	createGroup(t, c, "s", esdb.PersistentStreamSubscriptionOptions{Settings: settings(func(s *esdb.PersistentSubscriptionSettings) { s.MaxSubscriberCount = 1 })})
	first := join(t, c, "s", 1)
	if _, err := c.SubscribeToPersistentSubscription(within(t, 10*time.Second), "s", "g", esdb.SubscribeToPersistentSubscriptionOptions{}); err == nil {
		t.Fatal("a second consumer was let in")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	until(t, "there is room again", func() bool { return len(info(t, c, "s").Connections) == 0 })
	join(t, c, "s", 1)
}

func TestAGroupOfEverythingDoesNotSeeItself(t *testing.T) {
	n := start(t)
	c := connect(t, n.Address())
	if err := c.CreatePersistentSubscriptionToAll(within(t, 10*time.Second), "g", esdb.PersistentAllSubscriptionOptions{
		StartFrom: esdb.End{}, Settings: settings(func(s *esdb.PersistentSubscriptionSettings) { s.CheckpointLowerBound, s.CheckpointUpperBound = 1, 1 }),
	}); err != nil {
		t.Fatal(err)
	}
	s, err := c.SubscribeToPersistentSubscriptionToAll(within(t, 20*time.Second), "g", esdb.SubscribeToPersistentSubscriptionOptions{BufferSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 5 {
		appendTo(t, c, "s", event("t"))
		for {
			e := next(t, s)
			if err := s.Nack("set aside", esdb.NackActionPark, e.Event); err != nil {
				t.Fatal(err)
			}
			if e.Event.OriginalEvent().StreamID == "s" {
				break
			}
			if e.Event.OriginalEvent().StreamID != "$persistentSubscriptionConfig" {
				t.Fatalf("the group saw %s", e.Event.OriginalEvent().StreamID)
			}
		}
	}
	all, err := c.ReadAll(within(t, 10*time.Second), esdb.ReadAllOptions{From: esdb.Start{}}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	seen := 0
	for e, err := all.Recv(); err == nil; e, err = all.Recv() {
		if id := e.OriginalEvent().StreamID; id != "s" && id != "$persistentSubscriptionConfig" {
			t.Errorf("$all shows %s", id)
		}
		seen++
	}
	if seen != 6 {
		t.Errorf("$all shows %d events, want 6", seen)
	}
}

func TestConsumersAreToldThatTheirGroupIsGone(t *testing.T) {
	c := connect(t, start(t).Address())
	createGroup(t, c, "s", esdb.PersistentStreamSubscriptionOptions{})
	for _, end := range []func() error{
		func() error {
			return c.UpdatePersistentSubscription(within(t, 10*time.Second), "s", "g", esdb.PersistentStreamSubscriptionOptions{Settings: settings()})
		},
		func() error {
			return c.RestartPersistentSubscriptionSubsystem(within(t, 10*time.Second), esdb.RestartPersistentSubscriptionSubsystemOptions{})
		},
		func() error {
			return c.DeletePersistentSubscription(within(t, 10*time.Second), "s", "g", esdb.DeletePersistentSubscriptionOptions{})
		},
	} {
		s := join(t, c, "s", 1)
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if e := s.Recv(); e.SubscriptionDropped == nil {
			t.Fatalf("%+v came", e)
		}
	}
	if _, err := c.GetPersistentSubscriptionInfo(within(t, 10*time.Second), "s", "g", esdb.GetPersistentSubscriptionOptions{}); codeOf(err) != esdb.ErrorCodeResourceNotFound {
		t.Errorf("after it was deleted: %v", err)
	}
}

func TestSettingsThatCannotBeAreRefused(t *testing.T) {
	c := connect(t, start(t).Address())
	for name, change := range map[string]func(*esdb.PersistentSubscriptionSettings){
		"negative":   func(s *esdb.PersistentSubscriptionSettings) { s.MaxRetryCount = -1 },
		"too wide":   func(s *esdb.PersistentSubscriptionSettings) { s.ReadBatchSize = 500 },
		"other time": func(s *esdb.PersistentSubscriptionSettings) { s.MessageTimeout = -1 },
	} {
		err := c.CreatePersistentSubscription(within(t, 10*time.Second), "s", name, esdb.PersistentStreamSubscriptionOptions{Settings: settings(change)})
		if err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
	list, err := c.ListAllPersistentSubscriptions(within(t, 10*time.Second), esdb.ListPersistentSubscriptionsOptions{})
	if err != nil || len(list) != 0 {
		t.Errorf("groups: %v, %v", list, err)
	}
}

func TestWhoMayConsumeAndManage(t *testing.T) {
	encryption, pool := certificate(t)
	n := start(t, func(cfg *node.Config) { cfg.Listen, cfg.TLS, cfg.Users = "127.0.0.1:0", encryption, users(t) })
	as := func(name string) *esdb.Client {
		return connect(t, n.Address(), func(cfg *esdb.Configuration) {
			cfg.DisableTLS, cfg.RootCAs, cfg.Username, cfg.Password = false, pool, name, name+"-secret"
		})
	}
	admin, ops, app := as("admin"), as("ops"), as("app")
	create := func(c *esdb.Client, group string) error {
		return c.CreatePersistentSubscription(within(t, 10*time.Second), "s", group, esdb.PersistentStreamSubscriptionOptions{})
	}
	if err := create(app, "g"); codeOf(err) != esdb.ErrorCodeAccessDenied {
		t.Errorf("an ordinary user makes a group: %v", err)
	}
	if err := errors.Join(create(ops, "g"), create(admin, "h")); err != nil {
		t.Fatal(err)
	}
	s := join(t, app, "s", 1)
	i := info(t, admin, "s")
	if len(i.Connections) != 1 || i.Connections[0].Username != "app" {
		t.Errorf("who consumes: %+v", i.Connections)
	}
	appendTo(t, admin, "s", event("t"))
	next(t, s)

	// The access list of a stream goes before the default.
	var meta esdb.StreamMetadata
	acl := esdb.Acl{}
	acl.AddReadRoles("readers")
	acl.AddWriteRoles("app")
	meta.SetAcl(acl)
	if _, err := admin.SetStreamMetadata(within(t, 10*time.Second), "closed", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, meta); err != nil {
		t.Fatal(err)
	}
	appendTo(t, app, "closed", event("t"))
	if _, err := read(t, app, "closed", esdb.ReadStreamOptions{}, 1); codeOf(err) != esdb.ErrorCodeAccessDenied {
		t.Errorf("a user whom the list does not name reads: %v", err)
	}
	if got, err := read(t, as("reader"), "closed", esdb.ReadStreamOptions{}, 1); err != nil || len(got) != 1 {
		t.Errorf("a user of the group that may read: %v, %v", got, err)
	}
	if _, err := as("reader").AppendToStream(within(t, 10*time.Second), "closed", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, event("t")); codeOf(err) != esdb.ErrorCodeAccessDenied {
		t.Errorf("a reader writes: %v", err)
	}
}
