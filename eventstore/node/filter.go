package node

import (
	"regexp"
	"strings"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"nucleo/eventstore/node/eventlog"
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
	var err error
	switch t := o.GetFilter().(type) {
	case *api.ReadReq_Options_FilterOptions_EventType:
		f.match, err = matching(t.EventType, func(e *eventlog.Event) string { return e.Type })
	case *api.ReadReq_Options_FilterOptions_StreamIdentifier:
		f.match, err = matching(t.StreamIdentifier, func(e *eventlog.Event) string { return e.Stream })
	default:
		err = status.Error(codes.InvalidArgument, "the filter names neither event types nor streams")
	}
	return f, err
}

// matching takes what RE2 can: look-around and back-references are refused.
func matching(x *api.ReadReq_Options_FilterOptions_Expression, of func(*eventlog.Event) string) (func(*eventlog.Event) bool, error) {
	if x.GetRegex() != "" {
		re, err := regexp.Compile(x.GetRegex())
		if err != nil {
			return nil, status.Error(codes.InvalidArgument, "the regular expression is not supported: "+err.Error())
		}
		return func(e *eventlog.Event) bool { return re.MatchString(of(e)) }, nil
	}
	prefixes := x.GetPrefix()
	return func(e *eventlog.Event) bool {
		for _, p := range prefixes {
			if strings.HasPrefix(of(e), p) {
				return true
			}
		}
		return false
	}, nil
}
