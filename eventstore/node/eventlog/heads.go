package eventlog

import "container/list"

// head is what the rules need to know of a stream.
type head struct {
	last     int64 // NoStream, or Tombstone
	position int64 // of the last event
	meta     *Metadata
}

// heads keeps the heads of the streams used last. It is guarded by Log.mu; what
// stands in it is committed.
type heads struct {
	size int
	puts int // ever
	at   map[string]*list.Element
	used *list.List // of namedHead, newest first
}

type namedHead struct {
	stream string
	head   head
}

func newHeads(size int) *heads {
	return &heads{size: size, at: map[string]*list.Element{}, used: list.New()}
}

// peek does not count as use, so that readers need a shared lock only.
func (h *heads) peek(stream string) (head, bool) {
	el, ok := h.at[stream]
	if !ok {
		return head{}, false
	}
	return el.Value.(*namedHead).head, true
}

func (h *heads) put(stream string, to head) {
	h.puts++
	if el, ok := h.at[stream]; ok {
		el.Value.(*namedHead).head = to
		h.used.MoveToFront(el)
		return
	}
	h.at[stream] = h.used.PushFront(&namedHead{stream, to})
	if h.used.Len() > h.size {
		oldest := h.used.Back()
		h.used.Remove(oldest)
		delete(h.at, oldest.Value.(*namedHead).stream)
	}
}
