package eventlog

import (
	"github.com/google/uuid"
)

// group is what one transaction will store: the log as it will be once the
// transaction stands, seen over the log as it is.
type group struct {
	log     *Log
	rows    []Event
	heads   map[string]*head
	ids     map[uuid.UUID]place
	next    int64 // position of the next event
	created int64
}

func (l *Log) newGroup(requests int) *group {
	now := max(l.created, l.opts.Now().UnixNano()/100)
	return &group{
		log: l, rows: make([]Event, 0, requests), heads: make(map[string]*head, requests), ids: make(map[uuid.UUID]place, requests),
		next: l.next, created: now,
	}
}

// head returns a copy that the group may change.
func (g *group) head(stream string) (*head, error) {
	if h, ok := g.heads[stream]; ok {
		return h, nil
	}
	g.log.mu.RLock()
	h, ok := g.log.heads.peek(stream)
	g.log.mu.RUnlock()
	if !ok {
		var err error
		if h, err = g.log.loadHead(g.log.decider, stream); err != nil {
			return nil, err
		}
	}
	g.heads[stream] = &h
	return &h, nil
}

// current is the last revision of a stream; a metastream shares the tombstone of
// its stream.
func (g *group) current(stream string) (int64, error) {
	if isMetastream(stream) {
		base, err := g.head(stream[2:])
		if err != nil {
			return 0, err
		}
		if base.last == Tombstone {
			return Tombstone, nil
		}
	}
	h, err := g.head(stream)
	if err != nil {
		return 0, err
	}
	return h.last, nil
}

// put adds an event after the last one of the stream.
func (g *group) put(stream string, p Proposed) (*Event, error) {
	h, err := g.head(stream)
	if err != nil {
		return nil, err
	}
	return g.add(stream, h, h.last+1, p)
}

func (g *group) add(stream string, h *head, revision int64, p Proposed) (*Event, error) {
	g.rows = append(g.rows, Event{
		Position: g.next, Stream: stream, Revision: revision, ID: p.ID, Type: p.Type,
		JSON: p.JSON, Data: nonNil(p.Data), Metadata: nonNil(p.Metadata), Created: g.created,
	})
	e := &g.rows[len(g.rows)-1]
	g.next += e.size()
	h.last, h.position = revision, e.Position
	if _, known := g.ids[e.ID]; !known {
		g.ids[e.ID] = place{stream, revision, e.Position}
	}
	if isMetastream(stream) {
		base, err := g.head(stream[2:])
		if err != nil {
			return nil, err
		}
		if !isMetastream(stream[2:]) {
			meta := parseMetadata(e)
			base.meta = &meta
		}
	}
	return e, nil
}

func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// known looks an id up in the bounded cache of ids.
func (g *group) known(id uuid.UUID) (place, bool) {
	if p, ok := g.log.ids.find(id); ok {
		return p, true
	}
	p, ok := g.ids[id]
	return p, ok
}

// holds reports whether the event at a revision of a stream has this id, and
// where it stands. Unlike known it never forgets.
func (g *group) holds(stream string, revision int64, id uuid.UUID) (int64, bool, error) {
	if p, ok := g.known(id); ok && p.stream == stream && p.revision == revision {
		return p.position, true, nil
	}
	for i := range g.rows {
		if e := &g.rows[i]; e.Revision == revision && e.Stream == stream {
			return e.Position, e.ID == id, nil
		}
	}
	stored, position, ok, err := g.log.idAt(g.log.decider, stream, revision)
	return position, ok && stored == id, err
}
