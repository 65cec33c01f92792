package eventlog

import (
	"slices"
	"sort"
)

// pending is what is durable in the journal and not in the table yet: groups in
// order. A value of it does not change; the log replaces its own.
//
// Who reads takes it first and asks the table then: what a group has left, the
// table has.
type pending [][]Event

// first is the position of the oldest event; there is none at End.
func (p pending) first() int64 {
	if len(p) == 0 {
		return End
	}
	return p[0][0].Position
}

// from is where the events at a position and after it begin.
func (p pending) from(position int64) (group, event int) {
	group = sort.Search(len(p), func(i int) bool { return p[i][len(p[i])-1].Position >= position })
	if group == len(p) {
		return group, 0
	}
	return group, sort.Search(len(p[group]), func(i int) bool { return p[group][i].Position >= position })
}

func (p pending) at(position int64) (*Event, bool) {
	if position < p.first() {
		return nil, false
	}
	g, i := p.from(position)
	if g == len(p) || p[g][i].Position != position {
		return nil, false
	}
	return &p[g][i], true
}

// ascend calls each with the events at a position and after it, until it is false.
func (p pending) ascend(position int64, each func(*Event) bool) {
	for g, i := p.from(position); g < len(p); g, i = g+1, 0 {
		for ; i < len(p[g]); i++ {
			if !each(&p[g][i]) {
				return
			}
		}
	}
}

// descend calls each with the events before a position, newest first, until it is
// false.
func (p pending) descend(position int64, each func(*Event) bool) {
	g, i := p.from(position)
	for {
		for i--; i >= 0; i-- {
			if !each(&p[g][i]) {
				return
			}
		}
		if g--; g < 0 {
			return
		}
		i = len(p[g])
	}
}

// some is a copy of the events of the oldest groups, about so many bytes of them.
func (p pending) some(bytes int64) (rows []Event, groups int) {
	for groups < len(p) && bytes > 0 {
		for i := range p[groups] {
			bytes -= p[groups][i].size()
		}
		rows = append(rows, p[groups]...)
		groups++
	}
	return rows, groups
}

// without leaves out the oldest groups.
func (p pending) without(groups int) pending { return slices.Clone(p[groups:]) }

// unmoved is what stands in the journal only.
func (l *Log) unmoved() pending {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.pending
}
