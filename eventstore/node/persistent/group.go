package persistent

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"nucleo/eventstore/node/eventlog"
)

var (
	// ErrNotFound is the answer for a group that does not exist.
	ErrNotFound = errors.New("the subscription group does not exist")
	// ErrExists refuses to make a group that is there.
	ErrExists = errors.New("the subscription group exists")
	// ErrFull refuses a consumer when the group has as many as it may.
	ErrFull = errors.New("the maximum of subscribers is reached")
	// ErrDropped tells a consumer that its group was deleted or changed.
	ErrDropped = errors.New("the subscription was dropped")
	// ErrStopped tells a consumer that the node stops or restarts its groups.
	ErrStopped = errors.New("the subscriptions are stopped")
)

// group runs one definition. One goroutine owns all that follows after gone.
type group struct {
	definition
	*Service
	matches func(*eventlog.Event) bool
	inbox   chan func()
	stop    chan error    // why consumers are let go
	gone    chan struct{} // closed when the goroutine has ended

	consumers []*Consumer
	chooser   chooser
	progress  progress
	ahead     []*message // read, not sent
	retries   []*message // to be sent before them
	flights   map[uuid.UUID]*flight
	sent      []*flight // in the order of sending; some have landed
	behind    bool      // there is more to read than was read
	more      bool      // and there is room for it
	replay    replay

	checkpoint  int64 // the last that was written, or where the group began
	marked      bool  // a checkpoint was ever written
	unmarked    int32 // what was done since
	lastWritten time.Time
	parked      int64 // how many events are parked
	meter       meter
}

func (s *Service) newGroup(d definition) (*group, error) {
	matches, err := d.filter.Matcher()
	if err != nil {
		return nil, err
	}
	return &group{
		definition: d, Service: s, matches: matches, chooser: d.settings.Strategy.chooser(),
		inbox: make(chan func()), stop: make(chan error, 1), gone: make(chan struct{}),
		flights: map[uuid.UUID]*flight{}, meter: meter{since: s.now()}, lastWritten: s.now(),
	}, nil
}

// do has the goroutine of the group do something, and waits for it.
func (g *group) do(ctx context.Context, what func()) error {
	done := make(chan struct{})
	select {
	case g.inbox <- func() { what(); close(done) }:
		<-done
		return nil
	case <-g.gone:
		return ErrDropped
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end lets all consumers go and waits for the goroutine.
func (g *group) end(why error) {
	select {
	case g.stop <- why:
	default: // it is ending already
	}
	<-g.gone
}

func (g *group) run() {
	defer close(g.gone)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		_, changed := g.log.Last()
		g.expire()
		if err := g.fill(); err != nil {
			g.letAllGo(err)
		}
		g.dispatch()
		g.mark(false)
		if g.behind {
			changed = nil // there is enough to read as it is
		}
		timer.Reset(g.untilNext())
		select {
		case what := <-g.inbox:
			what()
		case <-changed:
		case <-timer.C:
		case why := <-g.stop:
			g.mark(true)
			g.letAllGo(why)
			return
		}
	}
}

// Bounds of what a group reads before it looks at its consumers again.
const (
	pagesAtOnce = 16
	scanWidth   = 256 // of the whole log, of which a filter may leave little
)

// fill reads ahead as there is room.
func (g *group) fill() error {
	g.behind, g.more = true, true
	for range pagesAtOnce {
		room := int(g.settings.HistoryBuffer) - len(g.ahead)
		if room <= 0 {
			g.more = false
			return nil
		}
		n, err := g.readSome(min(int(g.settings.ReadBatch), room))
		if err != nil || n == 0 {
			g.behind, g.more = false, false
			return err
		}
	}
	return nil
}

// readSome reads up to n events and says how many it looked at.
func (g *group) readSome(n int) (looked int, err error) {
	if g.key.Stream != All {
		for e, err := range g.log.ReadStream(g.ctx, g.key.Stream, g.progress.read+1, eventlog.Forwards, uint64(n)) {
			if errors.Is(err, eventlog.ErrStreamNotFound) {
				return looked, nil
			}
			if err != nil {
				return looked, err
			}
			g.take(e, e.Revision)
			looked++
		}
		return looked, nil
	}
	last, _ := g.log.Last()
	if g.filter != nil {
		n = max(n, scanWidth)
	}
	page, err := g.log.Page(g.ctx, g.progress.read+1, last, eventlog.Forwards, n)
	for _, e := range page {
		g.take(e, e.Position)
	}
	return len(page), err
}

func (g *group) take(e eventlog.Event, at int64) {
	before := g.progress.read
	g.progress.read = at
	if g.key.Stream == All && Hidden(e.Stream) {
		return
	}
	if !g.matches(&e) {
		g.unmarked++
		return
	}
	m := &message{event: e, before: before}
	g.progress.add(m)
	g.ahead = append(g.ahead, m)
}

// dispatch gives out what waits, what is tried again before what is new.
func (g *group) dispatch() {
	g.retries = g.dispatchFrom(g.retries)
	if len(g.retries) == 0 || g.anyFree() {
		g.ahead = g.dispatchFrom(g.ahead)
	}
}

func (g *group) anyFree() bool {
	return slices.ContainsFunc(g.consumers, func(c *Consumer) bool { return c.free() > 0 })
}

// dispatchFrom sends what can be sent and returns the rest.
func (g *group) dispatchFrom(queue []*message) []*message {
	if len(g.consumers) == 0 || len(queue) == 0 {
		return queue
	}
	var rest []*message
	for i, m := range queue {
		if g.flights[m.event.ID] != nil { // the same id was appended twice: one at a time
			rest = append(rest, m)
			continue
		}
		c, wait := g.chooser.pick(g.consumers, m)
		if c == nil && !wait {
			return append(rest, queue[i:]...)
		}
		if c == nil {
			rest = append(rest, m)
			continue
		}
		g.send(c, m)
	}
	return rest
}

func (g *group) send(c *Consumer, m *message) {
	f := &flight{message: m, to: c, sent: g.now()}
	if g.settings.MessageTimeout > 0 {
		f.due = f.sent.Add(g.settings.MessageTimeout)
		g.sent = append(g.sent, f)
	}
	c.held[m.event.ID], g.flights[m.event.ID] = f, f
	c.out <- Delivery{m.event, m.retries} // has room: a consumer holds no more than its slots
}

// land takes a message from the consumer that holds it.
func (g *group) land(f *flight) {
	delete(f.to.held, f.event.ID)
	delete(g.flights, f.event.ID)
	took := g.now().Sub(f.sent)
	f.to.meter.count(took, g.settings.ExtraStatistics)
	g.meter.count(took, false)
}

// expire takes back what consumers hold for too long.
func (g *group) expire() {
	now := g.now()
	for len(g.sent) > 0 {
		f := g.sent[0]
		inFlight := g.flights[f.event.ID] == f
		if inFlight && now.Before(f.due) {
			return
		}
		g.sent[0] = nil
		g.sent = g.sent[1:]
		if inFlight {
			delete(f.to.held, f.event.ID)
			delete(g.flights, f.event.ID)
			g.again(f.message, "it was not acknowledged in "+g.settings.MessageTimeout.String())
		}
	}
}

// again tries a message once more, or parks it when it was tried often enough.
func (g *group) again(m *message, reason string) {
	if m.retries >= g.settings.MaxRetryCount {
		g.park(m, reason)
		return
	}
	m.retries++
	g.retries = append(g.retries, m)
}

// giveBack tries a message again that nobody has tried to process.
func (g *group) giveBack(m *message) { g.retries = append(g.retries, m) }

// finish says that a message is done.
func (g *group) finish(m *message) {
	if m.replay {
		g.replayed()
		return
	}
	g.progress.finish(m)
	g.unmarked++
}

// letGo takes a consumer out and gives what it held to others, in the order in
// which it was sent.
func (g *group) letGo(c *Consumer, why error) {
	i := slices.Index(g.consumers, c)
	if i < 0 {
		return
	}
	g.consumers = slices.Delete(g.consumers, i, i+1)
	held := make([]*flight, 0, len(c.held))
	for id, f := range c.held {
		held = append(held, f)
		delete(g.flights, id)
	}
	clear(c.held)
	slices.SortFunc(held, func(a, b *flight) int { return int(a.event.Position - b.event.Position) })
	for _, f := range held {
		g.giveBack(f.message)
	}
	c.gone <- why
}

func (g *group) letAllGo(why error) {
	for len(g.consumers) > 0 {
		g.letGo(g.consumers[0], why)
	}
}

// untilNext is how long nothing happens by itself.
func (g *group) untilNext() time.Duration {
	if g.more {
		return 0
	}
	next, now := time.Hour, g.now()
	if len(g.sent) > 0 {
		next = min(next, g.sent[0].due.Sub(now))
	}
	if g.unmarked > 0 && g.unmarked >= g.settings.MinCheckpoint {
		next = min(next, g.lastWritten.Add(g.settings.CheckpointAfter).Sub(now))
	}
	return max(next, time.Millisecond)
}
