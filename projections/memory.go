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
// used for longest, until the bound is kept or nothing more can be forgotten:
// rows of a log that wait to be written cannot, nor can those of other models.
func (b *memory) trim(models []*model) {
	for _, m := range models {
		b.count(m)
	}
	for idle := 0; b.full() && idle < 2; idle++ { // rows are aged once, and then forgotten
		biggest := models[0]
		for _, m := range models {
			if m.counted > biggest.counted {
				biggest = m
			}
		}
		before := biggest.counted
		biggest.age()
		b.count(biggest)
		if biggest.counted < before {
			idle = -1
		}
	}
}
