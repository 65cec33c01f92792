package eventlog

import "github.com/google/uuid"

// place is where an event id was first used.
type place struct {
	stream   string
	revision int64
	position int64
}

// ids remembers the newest event ids, size of them and up to as many before: appends
// with Any are idempotent as long as it does. The writer alone uses it.
type ids struct {
	size       int
	newer, old map[uuid.UUID]place
}

func newIDs(size int) *ids { return &ids{size: size, newer: map[uuid.UUID]place{}} }

func (c *ids) find(id uuid.UUID) (place, bool) {
	if p, ok := c.newer[id]; ok {
		return p, true
	}
	p, ok := c.old[id]
	return p, ok
}

// add keeps the first use of an id, as EventStoreDB does.
func (c *ids) add(id uuid.UUID, p place) {
	if _, known := c.find(id); known {
		return
	}
	if len(c.newer) >= c.size {
		c.newer, c.old = make(map[uuid.UUID]place, c.size), c.newer
	}
	c.newer[id] = p
}
