package persistent

import "nucleo/eventstore/node/eventlog"

// message is an event on its way to a consumer.
type message struct {
	event   eventlog.Event
	retries int32
	before  int64 // how far the group had read before it
	done    bool  // acknowledged, skipped or parked
	replay  bool  // it was parked, and is tried again
}

// replay are the parked events that were asked for again. Only when all are done
// are they taken out of the stream of parked ones, so that a crash loses none.
type replay struct {
	next int64 // the first revision of that stream that was not asked for
	left int
}

// progress knows up to where all that was read is done.
type progress struct {
	open []*message // not done, in the order of reading; the first is not done
	read int64      // the last that was looked at: a revision or a position
}

func (p *progress) add(m *message) { p.open = append(p.open, m) }

// finish marks a message and lets go what is done at the front.
func (p *progress) finish(m *message) {
	m.done = true
	n := 0
	for n < len(p.open) && p.open[n].done {
		p.open[n] = nil
		n++
	}
	p.open = p.open[n:]
}

// mark is the last place before which nothing is left to do.
func (p *progress) mark() int64 {
	if len(p.open) > 0 {
		return p.open[0].before
	}
	return p.read
}
