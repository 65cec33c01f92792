package persistent

import (
	"encoding/json"
	"hash/fnv"

	"nucleo/eventstore/node/eventlog"
)

// chooser picks the consumer of a message among those that are there. wait says
// that the message must stay, though others may pass it.
type chooser interface {
	pick(consumers []*Consumer, m *message) (c *Consumer, wait bool)
}

func (s Strategy) chooser() chooser {
	switch s {
	case DispatchToSingle:
		return single{}
	case Pinned:
		return pinned{sourceOf}
	case PinnedByCorrelation:
		return pinned{correlationOf}
	}
	return &turns{}
}

type single struct{}

func (single) pick(consumers []*Consumer, _ *message) (*Consumer, bool) {
	for _, c := range consumers {
		if c.free() > 0 {
			return c, false
		}
	}
	return nil, false
}

// turns goes round.
type turns struct{ next int }

func (t *turns) pick(consumers []*Consumer, _ *message) (*Consumer, bool) {
	for range consumers {
		c := consumers[t.next%len(consumers)]
		t.next++
		if c.free() > 0 {
			return c, false
		}
	}
	return nil, false
}

// pinned gives all messages of one key to the consumer with the greatest hash of
// both: when one comes or goes, only its own keys change hands.
type pinned struct{ keyOf func(*message) string }

func (p pinned) pick(consumers []*Consumer, m *message) (*Consumer, bool) {
	var best *Consumer
	var highest uint64
	key := p.keyOf(m)
	for _, c := range consumers {
		h := fnv.New64a()
		_, _ = h.Write([]byte(key))
		_, _ = h.Write(c.id[:])
		if n := mixed(h.Sum64()); best == nil || n > highest {
			best, highest = c, n
		}
	}
	if best == nil || best.free() > 0 {
		return best, false
	}
	return nil, true
}

// mixed spreads a sum over all bits, for FNV leaves the high ones alike.
func mixed(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// sourceOf is the stream in which an event was first written: that of a link is
// the stream it points to.
func sourceOf(m *message) string {
	if m.event.Type == eventlog.TypeLink {
		if stream, _, ok := eventlog.ParseLink(m.event.Data); ok {
			return stream
		}
	}
	return m.event.Stream
}

func correlationOf(m *message) string {
	var meta struct {
		ID string `json:"$correlationId"`
	}
	if json.Unmarshal(m.event.Metadata, &meta) == nil && meta.ID != "" {
		return meta.ID
	}
	return sourceOf(m)
}
