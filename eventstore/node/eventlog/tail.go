package eventlog

import (
	"cmp"
	"slices"
)

// entry is where one revision of a stream stands.
type entry struct {
	revision, position int64
}

// tailEntry is one line of the stream index.
type tailEntry struct {
	entry
	hash   int64
	stream string
}

func indexEntry(e *Event) tailEntry {
	return tailEntry{entry{e.Revision, e.Position}, hashOf(e.Stream), e.Stream}
}

// tail is the index of the newest events, in memory until it is in the table. It is
// guarded by Log.mu.
type tail struct {
	byStream map[string][]entry // ascending
}

func (t *tail) add(e *Event) {
	t.byStream[e.Stream] = append(t.byStream[e.Stream], entry{e.Revision, e.Position})
}

// forget leaves out the entries of a stream up to a position.
func (t *tail) forget(stream string, upTo int64) {
	list := t.byStream[stream]
	n, _ := slices.BinarySearchFunc(list, upTo+1, func(e entry, p int64) int { return cmp.Compare(e.position, p) })
	switch n {
	case 0:
	case len(list):
		delete(t.byStream, stream)
	default:
		t.byStream[stream] = slices.Clone(list[n:])
	}
}

// between returns the entries of a stream with from ≤ revision ≤ to, and the lowest
// revision that memory holds for it, if it holds any.
func (t *tail) between(stream string, from, to int64) (found []entry, lowest int64, some bool) {
	list := t.byStream[stream]
	if len(list) == 0 {
		return nil, 0, false
	}
	i, _ := slices.BinarySearchFunc(list, from, func(e entry, r int64) int { return cmp.Compare(e.revision, r) })
	j := i
	for j < len(list) && list[j].revision <= to {
		j++
	}
	return slices.Clone(list[i:j]), list[0].revision, true
}

func (t *tail) last(stream string) (entry, bool) {
	list := t.byStream[stream]
	if len(list) == 0 {
		return entry{}, false
	}
	return list[len(list)-1], true
}

// holds reports whether an event, and the one before it in its stream, are there.
func (t *tail) holds(e *Event) bool {
	list := t.byStream[e.Stream]
	i, _ := slices.BinarySearchFunc(list, e.Revision, func(e entry, r int64) int { return cmp.Compare(e.revision, r) })
	switch {
	case i == len(list) || list[i] != (entry{e.Revision, e.Position}) || i+1 < len(list) && list[i+1].revision == e.Revision:
		return false
	case e.Revision == 0 || e.Revision == Tombstone:
		return true
	}
	return i > 0 && list[i-1].revision == e.Revision-1 && list[i-1].position < e.Position
}
