package persistent

import (
	"context"
	"fmt"
)

// Info is what a group says of itself.
type Info struct {
	Key
	Settings
	Start       string // as the protocol writes it
	Behind      bool   // more is written than was read
	PerSecond   int32
	Total       int64
	Fresh       int64  // since somebody last looked
	Checkpoint  string // empty before the first
	LastKnown   string // the last event of the source, empty when there is none
	Ahead       int
	Retrying    int
	InFlight    int
	Outstanding int
	Parked      int64
	Connections []Connection
}

// Connection is a consumer of a group.
type Connection struct {
	About
	PerSecond    int32
	Total        int64
	Fresh        int64
	Slots        int
	InFlight     int
	Measurements []Measurement
}

func (g *group) info() Info {
	now := g.now()
	i := Info{
		Key: g.key, Settings: g.settings, Start: g.startText(), Behind: g.behind,
		PerSecond: g.meter.perSecond(now), Total: g.meter.total, Fresh: g.meter.fresh(),
		Ahead: len(g.ahead), Retrying: len(g.retries), InFlight: len(g.flights), Outstanding: len(g.progress.open), Parked: g.parked,
	}
	if g.marked {
		i.Checkpoint = fmt.Sprint(g.place(g.checkpoint))
	}
	if at, ok := g.lastOfSource(); ok {
		i.LastKnown = fmt.Sprint(g.place(at))
	}
	for _, c := range g.consumers {
		i.Connections = append(i.Connections, Connection{
			About: c.about, PerSecond: c.meter.perSecond(now), Total: c.meter.total, Fresh: c.meter.fresh(),
			Slots: c.free(), InFlight: len(c.held), Measurements: c.meter.measurements(),
		})
	}
	return i
}

func (g *group) lastOfSource() (at int64, ok bool) {
	if g.key.Stream == All {
		at, _ = g.log.Last()
		return at, at > 0
	}
	s, err := g.log.Stream(g.ctx, g.key.Stream)
	return s.Last, err == nil
}

func (g *group) startText() string {
	at := g.start.From
	if g.start.End {
		at = -1
	}
	return fmt.Sprint(g.place(at))
}

// Info tells about one group.
func (s *Service) Info(ctx context.Context, key Key) (i Info, err error) {
	g, err := s.find(key)
	if err != nil {
		return i, err
	}
	err = g.do(ctx, func() { i = g.info() })
	return i, err
}

// List tells about the groups of a stream, or about all of them when it is empty.
func (s *Service) List(ctx context.Context, stream string) (list []Info, err error) {
	for _, g := range s.running(stream) {
		err := g.do(ctx, func() { list = append(list, g.info()) })
		if err != nil && ctx.Err() != nil {
			return nil, err
		}
	}
	return list, nil
}
