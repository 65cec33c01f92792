package node

import (
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/node/persistent"
)

// defaultWindow is how many events a filter looks at when the client names no
// number: with it, checkpoints come every 32 events times the multiplier.
const defaultWindow = 32

// filter picks events of $all. The zero filter takes every one and yields no
// checkpoints.
type filter struct {
	match    func(*eventlog.Event) bool
	interval int // considered events between two checkpoints, 0 for none
}

func (f filter) takes(e *eventlog.Event) bool { return f.match == nil || f.match(e) }

func filterOf(o *api.ReadReq_Options_FilterOptions) (filter, error) {
	if o == nil {
		return filter{}, nil
	}
	window := defaultWindow
	if m := o.GetMax(); m > 0 {
		window = int(m)
	}
	if o.GetCheckpointIntervalMultiplier() == 0 {
		return filter{}, status.Error(codes.InvalidArgument, "the checkpoint interval multiplier must be greater than 0")
	}
	f := filter{interval: window * int(o.GetCheckpointIntervalMultiplier())}
	var by persistent.Filter
	switch t := o.GetFilter().(type) {
	case *api.ReadReq_Options_FilterOptions_EventType:
		by = persistent.Filter{Regex: t.EventType.GetRegex(), Prefixes: t.EventType.GetPrefix()}
	case *api.ReadReq_Options_FilterOptions_StreamIdentifier:
		by = persistent.Filter{Streams: true, Regex: t.StreamIdentifier.GetRegex(), Prefixes: t.StreamIdentifier.GetPrefix()}
	default:
		return f, status.Error(codes.InvalidArgument, "the filter names neither event types nor streams")
	}
	var err error
	if f.match, err = by.Matcher(); err != nil {
		return f, status.Error(codes.InvalidArgument, err.Error())
	}
	return f, nil
}
