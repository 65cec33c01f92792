package projections

import "sync/atomic"

// memory bounds what all models keep of their rows, in bytes as they are
// estimated. The Go heap takes about twice as much.
type memory struct {
	limit int64
	used  atomic.Int64
}

// count takes note of what a model takes now.
func (b *memory) count(m *model) {
	now := m.bytes()
	b.used.Add(now - m.counted)
	m.counted = now
}

func (b *memory) full() bool { return b.used.Load() > b.limit }

// trim makes the biggest of the models forget the rows that they have not
// used for longest, until the bound is kept.
func (b *memory) trim(models []*model) {
	for _, m := range models {
		b.count(m)
	}
	for b.full() {
		biggest := models[0]
		for _, m := range models {
			if m.counted > biggest.counted {
				biggest = m
			}
		}
		if biggest.counted == 0 {
			return
		}
		biggest.age()
		b.count(biggest)
	}
}
