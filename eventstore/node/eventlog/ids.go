package eventlog

import "github.com/google/uuid"

// place is where an event id was first used.
type place struct {
	stream   string
	revision int64
	position int64
}

// ids remembers the newest event ids, a bounded number of them: appends with Any
// are idempotent as long as it does. The writer alone uses it.
type ids struct {
	at   map[uuid.UUID]place
	ring []uuid.UUID
	next int
}

func newIDs(size int) *ids {
	return &ids{at: make(map[uuid.UUID]place, size/4), ring: make([]uuid.UUID, 0, size)}
}

// add keeps the first use of an id, as EventStoreDB does.
func (c *ids) add(id uuid.UUID, p place) {
	if _, known := c.at[id]; known {
		return
	}
	if len(c.ring) < cap(c.ring) {
		c.ring = append(c.ring, id)
	} else {
		delete(c.at, c.ring[c.next])
		c.ring[c.next] = id
		c.next = (c.next + 1) % len(c.ring)
	}
	c.at[id] = p
}
