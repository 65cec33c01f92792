package node

import (
	"errors"
	"math"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/node/persistent"
)

// reading is one Read call: what was asked and where the answer goes.
type reading struct {
	*streams
	call    api.Streams_ReadServer
	options *api.ReadReq_Options
	textIDs bool
}

// Read serves single reads and subscriptions, of a stream or of $all.
func (s *streams) Read(q *api.ReadReq, call api.Streams_ReadServer) error {
	// Wait for the client's half-close: when the answer ends before it, grpc-go
	// resets the call and some clients lose the answer.
	_ = call.RecvMsg(new(api.ReadReq))
	o := q.GetOptions()
	if o.GetUuidOption() == nil {
		return status.Error(codes.InvalidArgument, "uuid_option is required")
	}
	r := &reading{streams: s, call: call, options: o, textIDs: o.GetUuidOption().GetString_() != nil}
	_, subscribe := o.GetCountOption().(*api.ReadReq_Options_Subscription)
	switch t := o.GetStreamOption().(type) {
	case *api.ReadReq_Options_Stream:
		return r.stream(t.Stream, subscribe)
	case *api.ReadReq_Options_All:
		return r.all(t.All, subscribe)
	}
	return status.Error(codes.InvalidArgument, "neither a stream nor $all is named")
}

func (r *reading) stream(q *api.ReadReq_Options_StreamOptions, subscribe bool) error {
	ctx, name := r.call.Context(), string(q.GetStreamIdentifier().GetStreamName())
	if name == "" || name == "$$" {
		return status.Error(codes.InvalidArgument, "the stream name is empty")
	}
	if !r.mayRead(ctx, name) {
		return accessDenied(ctx)
	}
	do := r.readStream
	if subscribe {
		do = r.subscribeStream
	}
	return statusOf(ctx, name, do(q, name))
}

func (r *reading) all(q *api.ReadReq_Options_AllOptions, subscribe bool) error {
	ctx := r.call.Context()
	if !r.mayRead(ctx, "$all") {
		return accessDenied(ctx)
	}
	if p := q.GetPosition(); p != nil && p.CommitPosition < p.PreparePosition {
		return status.Error(codes.InvalidArgument, "the commit position is less than the prepare position")
	}
	f, err := filterOf(r.options.GetFilter())
	if err != nil {
		return err
	}
	if subscribe {
		return statusOf(ctx, "$all", r.subscribeAll(q, f))
	}
	return statusOf(ctx, "$all", r.readAll(q, f))
}

func (r *reading) direction() eventlog.Direction {
	return eventlog.Direction(r.options.GetReadDirection() == api.ReadReq_Options_Backwards)
}

func (r *reading) readStream(q *api.ReadReq_Options_StreamOptions, name string) error {
	ctx := r.call.Context()
	state, err := r.log.Stream(ctx, name)
	if errors.Is(err, eventlog.ErrStreamNotFound) {
		return r.call.Send(&api.ReadResp{Content: &api.ReadResp_StreamNotFound_{
			StreamNotFound: &api.ReadResp_StreamNotFound{StreamIdentifier: q.GetStreamIdentifier()}}})
	}
	if err != nil {
		return err
	}
	from, sent := r.startOf(q), uint64(0)
	for e, err := range r.log.ReadStream(ctx, name, from, r.direction(), r.options.GetCount()) {
		if err != nil {
			return err
		}
		if err := r.send(&e); err != nil {
			return err
		}
		sent++
	}
	return r.sendBounds(state, from, sent)
}

// sendBounds tells newer clients where a stream begins and ends; the older ones
// would panic.
func (r *reading) sendBounds(state eventlog.State, from int64, sent uint64) error {
	if r.options.GetControlOption().GetCompatibility() < 1 {
		return nil
	}
	next := state.Last + 1
	if sent == 0 && r.direction() == eventlog.Forwards && from != next {
		err := r.call.Send(&api.ReadResp{Content: &api.ReadResp_FirstStreamPosition{FirstStreamPosition: uint64(next)}})
		if err != nil {
			return err
		}
	}
	return r.call.Send(&api.ReadResp{Content: &api.ReadResp_LastStreamPosition{LastStreamPosition: uint64(state.Last)}})
}

func (r *reading) startOf(q *api.ReadReq_Options_StreamOptions) int64 {
	switch o := q.GetRevisionOption().(type) {
	case *api.ReadReq_Options_StreamOptions_Revision:
		return int64(min(o.Revision, math.MaxInt64))
	case *api.ReadReq_Options_StreamOptions_End:
		return eventlog.End
	}
	return 0
}

func (r *reading) readAll(q *api.ReadReq_Options_AllOptions, f filter) error {
	from := int64(0)
	switch o := q.GetAllOption().(type) {
	case *api.ReadReq_Options_AllOptions_Position:
		from = int64(min(o.Position.GetCommitPosition(), math.MaxInt64))
	case *api.ReadReq_Options_AllOptions_End:
		from = eventlog.End
	}
	left := r.options.GetCount()
	last, _ := r.log.Last()
	for left > 0 {
		width := uint64(pageSize)
		if f.match == nil {
			width = min(width, left)
		}
		page, err := r.log.Page(r.call.Context(), from, last, r.direction(), int(width))
		if err != nil || len(page) == 0 {
			return err
		}
		for i := range page {
			e := &page[i]
			from = e.Position
			if r.direction() == eventlog.Forwards {
				from++
			}
			if left == 0 || persistent.Hidden(e.Stream) || !f.takes(e) {
				continue
			}
			if err := r.send(e); err != nil {
				return err
			}
			left--
		}
	}
	return nil
}

func (r *reading) send(e *eventlog.Event) error {
	out := &api.ReadResp_ReadEvent{Position: &api.ReadResp_ReadEvent_CommitPosition{CommitPosition: uint64(e.Position)}}
	if r.options.GetResolveLinks() && e.Type == eventlog.TypeLink {
		target, err := r.target(r.call.Context(), e)
		if err != nil {
			return err
		}
		out.Link = record(e, r.textIDs)
		if target != nil {
			out.Event = record(target, r.textIDs)
		}
	} else {
		out.Event = record(e, r.textIDs)
	}
	return r.call.Send(&api.ReadResp{Content: &api.ReadResp_Event{Event: out}})
}
