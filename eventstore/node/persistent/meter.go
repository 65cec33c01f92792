package persistent

import (
	"math"
	"slices"
	"time"
)

// meter counts what was processed, and how long it took.
type meter struct {
	since   time.Time
	total   int64
	seen    int64           // of total, when somebody last looked
	lengths []time.Duration // of the newest, kept when they are asked for
	at      int
}

// kept is how many lengths a meter keeps.
const kept = 1000

func (m *meter) count(took time.Duration, keep bool) {
	m.total++
	switch {
	case !keep:
	case len(m.lengths) < kept:
		m.lengths = append(m.lengths, took)
	default:
		m.lengths[m.at%kept] = took
		m.at++
	}
}

// perSecond is the average since the beginning.
func (m *meter) perSecond(now time.Time) int32 {
	seconds := now.Sub(m.since).Seconds()
	if seconds <= 0 {
		return 0
	}
	return int32(min(math.Round(float64(m.total)/seconds), math.MaxInt32))
}

// fresh is what was counted since it was last asked.
func (m *meter) fresh() int64 {
	n := m.total - m.seen
	m.seen = m.total
	return n
}

// Measurement is a figure about how long a consumer took, in milliseconds.
type Measurement struct {
	Name  string
	Value int64
}

func (m *meter) measurements() []Measurement {
	if len(m.lengths) == 0 {
		return nil
	}
	l := slices.Sorted(slices.Values(m.lengths))
	var sum time.Duration
	for _, d := range l {
		sum += d
	}
	at := func(share float64) int64 {
		return l[min(int(share*float64(len(l))), len(l)-1)].Milliseconds()
	}
	return []Measurement{
		{"Mean", (sum / time.Duration(len(l))).Milliseconds()}, {"Median", at(0.5)}, {"Fastest", at(0)},
		{"Quintile 1", at(0.2)}, {"Quintile 2", at(0.4)}, {"Quintile 3", at(0.6)}, {"Quintile 4", at(0.8)}, {"Quintile 5", at(1)},
		{"90%", at(0.9)}, {"95%", at(0.95)}, {"99%", at(0.99)}, {"99.5%", at(0.995)}, {"99.9%", at(0.999)},
	}
}
