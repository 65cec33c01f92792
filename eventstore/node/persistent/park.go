package persistent

import (
	"math"
	"time"

	"nucleo/eventstore/node/eventlog"
)

// park sets a message aside in the stream of parked events: a link to it, with the
// reason. When that cannot be written the message is tried again.
func (g *group) park(m *message, reason string) {
	meta := struct {
		Added  time.Time `json:"added"`
		Reason string    `json:"reason"`
		Number int64     `json:"subscriptionEventNumber"`
	}{g.now().UTC(), reason, m.event.Revision}
	if err := g.write(g.ctx, g.key.parkedStream(), eventlog.TypeLink, link(eventlog.Link(m.event.Stream, m.event.Revision)), meta); err != nil {
		g.logger.Warn("an event could not be parked, and is tried again", "group", g.key.Group, "stream", g.key.Stream, "error", err)
		g.giveBack(m)
		return
	}
	g.parked++
	g.finish(m)
}

// replayParked tries again what is parked, up to a revision of the stream of parked
// events (0: all of it). What is being tried already is not tried twice.
func (g *group) replayParked(stopAt int64) error {
	var again []*message
	next := g.replay.next
	for l, err := range g.log.ReadStream(g.ctx, g.key.parkedStream(), next, eventlog.Forwards, math.MaxUint64) {
		switch {
		case eventlog.Gone(err):
			return nil
		case err != nil:
			return err
		}
		if stopAt > 0 && l.Revision >= stopAt {
			break
		}
		next = l.Revision + 1
		stream, revision, ok := eventlog.ParseLink(l.Data)
		if !ok {
			continue
		}
		e, ok, err := g.log.At(g.ctx, stream, revision)
		if err != nil {
			return err
		}
		if ok { // else it was deleted since
			again = append(again, &message{event: e, replay: true})
		}
	}
	if next == g.replay.next {
		return nil
	}
	g.replay.next, g.replay.left = next, g.replay.left+len(again)
	g.retries = append(g.retries, again...)
	if g.replay.left == 0 {
		g.unpark()
	}
	return nil
}

// replayed counts one that is done.
func (g *group) replayed() {
	if g.replay.left--; g.replay.left == 0 {
		g.unpark()
	}
}

// unpark takes what was tried again out of the stream of parked events.
func (g *group) unpark() {
	truncate := struct {
		Before int64 `json:"$tb"`
	}{g.replay.next}
	if err := g.write(g.ctx, "$$"+g.key.parkedStream(), eventlog.TypeMetadata, truncate, nil); err != nil {
		g.logger.Warn("parked events that were processed stay parked", "group", g.key.Group, "stream", g.key.Stream, "error", err)
		return
	}
	g.countParked()
}

// countParked finds out how many events are parked.
func (g *group) countParked() {
	s, err := g.log.Stream(g.ctx, g.key.parkedStream())
	if err != nil {
		g.parked = 0
		return
	}
	g.parked = max(s.Last-s.First+1, 0)
}
