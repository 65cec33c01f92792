package eventlog

import (
	"cmp"
	"slices"
)

// entry is one line of the stream index.
type entry struct {
	hash, revision, position int64
}

// tail is the index of the newest events, in memory until it is flushed. It is
// guarded by Log.mu.
type tail struct {
	byStream map[string][]entry // ascending
	fresh    []tailEntry        // since the last freeze
	frozen   []tailEntry        // being flushed, sorted by hash
	flushed  int                // how many of frozen are in the table
	upTo     int64              // highest position in frozen
	most     int                // half of the events that may stand here, about
}

type tailEntry struct {
	entry
	stream string
}

func (t *tail) add(e *Event) {
	en := entry{hashOf(e.Stream), e.Revision, e.Position}
	t.byStream[e.Stream] = append(t.byStream[e.Stream], en)
	t.fresh = append(t.fresh, tailEntry{en, e.Stream})
}

// freeze starts a flush when enough has gathered and none is under way. The write
// loop alone looks at fresh and frozen.
func (t *tail) freeze() {
	if len(t.frozen) > 0 || len(t.fresh) < t.most {
		return
	}
	t.frozen, t.fresh, t.flushed = t.fresh, nil, 0
	t.upTo = t.frozen[len(t.frozen)-1].position
	slices.SortFunc(t.frozen, func(a, b tailEntry) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.revision, b.revision), cmp.Compare(a.position, b.position))
	})
}

// slice is the part of the frozen entries that the next transaction takes.
func (t *tail) slice(n int) []tailEntry {
	return t.frozen[t.flushed:min(t.flushed+n, len(t.frozen))]
}

// done notes that n more frozen entries are in the table, and forgets them all
// once none is left.
func (t *tail) done(n int) {
	if t.flushed += n; t.flushed < len(t.frozen) || len(t.frozen) == 0 {
		return
	}
	for _, f := range t.frozen {
		t.forget(f.stream)
	}
	t.frozen, t.flushed = nil, 0
}

func (t *tail) forget(stream string) {
	list := t.byStream[stream]
	n, _ := slices.BinarySearchFunc(list, t.upTo+1, func(e entry, p int64) int { return cmp.Compare(e.position, p) })
	switch n {
	case 0:
	case len(list):
		delete(t.byStream, stream)
	default:
		t.byStream[stream] = slices.Clone(list[n:])
	}
}

// between returns the entries of a stream with from ≤ revision ≤ to, and the
// lowest revision that memory holds for it (Tombstone when none).
func (t *tail) between(stream string, from, to int64) (found []entry, lowest int64) {
	list := t.byStream[stream]
	if len(list) == 0 {
		return nil, Tombstone
	}
	i, _ := slices.BinarySearchFunc(list, from, func(e entry, r int64) int { return cmp.Compare(e.revision, r) })
	j := i
	for j < len(list) && list[j].revision <= to {
		j++
	}
	return slices.Clone(list[i:j]), list[0].revision
}

func (t *tail) last(stream string) (entry, bool) {
	list := t.byStream[stream]
	if len(list) == 0 {
		return entry{}, false
	}
	return list[len(list)-1], true
}
