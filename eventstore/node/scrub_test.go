package node_test

import (
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"nucleo/eventstore/node"
	"nucleo/eventstore/node/eventlog"
)

// A node looks through its log by itself.
func TestANodeLooksThroughItsLog(t *testing.T) {
	n := start(t, func(c *node.Config) { c.Scrub = eventlog.Pace{First: time.Nanosecond, Every: time.Nanosecond} })
	c := connect(t, n.Address())
	if _, err := c.AppendToStream(t.Context(), "a", esdb.AppendToStreamOptions{}, event("t")); err != nil {
		t.Fatal(err)
	}
	last, _ := n.Log().Last()
	for end := time.Now().Add(20 * time.Second); n.Log().Scrubbed().Position < last || n.Log().Scrubbed().Whole.IsZero(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%+v, the log ends at %d", n.Log().Scrubbed(), last)
		}
	}
}
