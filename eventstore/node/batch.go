package node

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	rpc "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/emptypb"

	"nucleo/eventstore/node/eventlog"
)

// Bounds of what one call may have begun and not ended: batches, and their bytes.
const (
	maxBatches    = 1024
	maxBatchBytes = 32 << 20
)

// batch is an append that comes in parts.
type batch struct {
	id      *shared.UUID
	options *api.BatchAppendReq_Options
	until   time.Time // zero: no deadline
	events  []eventlog.Proposed
	size    int
	refusal *rpc.Status
}

// BatchAppend serves many appends in one call. Those of one call are carried out
// one after the other, in the order in which they became whole.
func (s *streams) BatchAppend(call api.Streams_BatchAppendServer) error {
	open, held := map[uuid.UUID]*batch{}, 0
	for {
		m, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		id := parseID(m.GetCorrelationId())
		b := open[id]
		if b == nil {
			if len(open) >= maxBatches {
				return status.Error(codes.ResourceExhausted, "too many batches are open")
			}
			b = &batch{id: m.GetCorrelationId(), options: m.GetOptions()}
			b.until = s.deadlineOf(b.options)
			open[id] = b
		}
		held -= b.size
		b.add(m.GetProposedMessages())
		if held += b.size; held > maxBatchBytes {
			return status.Error(codes.ResourceExhausted, "the open batches are too large")
		}
		if !m.GetIsFinal() {
			continue
		}
		delete(open, id)
		held -= b.size
		answer, err := s.appendBatch(call.Context(), b)
		if err != nil {
			return err
		}
		if err := call.Send(answer); err != nil {
			return err
		}
	}
}

func (s *streams) deadlineOf(o *api.BatchAppendReq_Options) time.Time {
	switch d := o.GetDeadlineOption().(type) {
	case *api.BatchAppendReq_Options_Deadline:
		return s.now().Add(d.Deadline.AsDuration())
	case *api.BatchAppendReq_Options_Deadline_21_10_0:
		return d.Deadline_21_10_0.AsTime()
	}
	return time.Time{}
}

// add takes a part. What must be refused is kept no longer.
func (b *batch) add(part []*api.BatchAppendReq_ProposedMessage) {
	for _, m := range part {
		if b.refusal != nil {
			return
		}
		p, bytes, err := propose(m)
		if err != nil {
			b.refuse(codes.InvalidArgument, "Required Metadata Property 'type' or 'content-type' is missing",
				&shared.BadRequest{Message: "type and content-type are required"})
			return
		}
		if b.size += bytes; b.size > maxAppend {
			b.refuse(codes.InvalidArgument, "Maximum Append Size Exceeded", &shared.MaximumAppendSizeExceeded{MaxAppendSize: maxAppend})
			return
		}
		b.events = append(b.events, p)
	}
}

func (b *batch) refuse(code codes.Code, message string, detail proto.Message) {
	b.events, b.size = nil, 0
	b.refusal = &rpc.Status{Code: int32(code), Message: message}
	if any, err := anypb.New(detail); err == nil {
		b.refusal.Details = []*anypb.Any{any}
	}
}

// appendBatch carries out a batch that is whole. Its error ends the call.
func (s *streams) appendBatch(ctx context.Context, b *batch) (*api.BatchAppendResp, error) {
	stream := string(b.options.GetStreamIdentifier().GetStreamName())
	expected, ok := batchExpected(b.options)
	if !ok && b.refusal == nil {
		b.refuse(codes.InvalidArgument, "the expected stream position is missing", &shared.BadRequest{Message: "expected_stream_position is required"})
	}
	if b.refusal == nil && !s.mayWrite(ctx, stream) {
		b.refuse(codes.PermissionDenied, "Access Denied", &shared.AccessDenied{})
	}
	answer := b.answer()
	if b.refusal == nil {
		if !b.until.IsZero() {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, b.until)
			defer cancel()
		}
		result, err := s.log.Append(ctx, stream, expected, b.events)
		if err == nil {
			answer.Result = batchSuccess(result)
			return answer, nil
		}
		if err := b.failed(ctx, stream, err); err != nil {
			return nil, err
		}
	}
	answer.Result = &api.BatchAppendResp_Error{Error: b.refusal}
	return answer, nil
}

// failed turns an error of the log into the refusal of the batch. An error of the
// node itself ends the call, and is returned.
func (b *batch) failed(ctx context.Context, stream string, err error) error {
	var wrong *eventlog.WrongVersionError
	switch {
	case errors.As(err, &wrong):
		b.refuse(codes.AlreadyExists, "Wrong expected version", batchWrong(b.options, wrong.Current))
	case errors.Is(err, eventlog.ErrStreamDeleted):
		b.refuse(codes.NotFound, "Event stream '"+stream+"' is deleted.", &shared.StreamDeleted{StreamIdentifier: b.options.GetStreamIdentifier()})
	case errors.Is(err, eventlog.ErrInvalid):
		b.refuse(codes.InvalidArgument, err.Error(), &shared.BadRequest{Message: err.Error()})
	case errors.Is(err, context.DeadlineExceeded):
		b.refuse(codes.DeadlineExceeded, "Operation timed out", &shared.Timeout{})
	default:
		return statusOf(ctx, stream, err)
	}
	return nil
}

func batchExpected(o *api.BatchAppendReq_Options) (int64, bool) {
	switch e := o.GetExpectedStreamPosition().(type) {
	case *api.BatchAppendReq_Options_StreamPosition:
		return revisionOf(e.StreamPosition), true
	case *api.BatchAppendReq_Options_NoStream:
		return eventlog.NoStream, true
	case *api.BatchAppendReq_Options_Any:
		return eventlog.Any, true
	case *api.BatchAppendReq_Options_StreamExists:
		return eventlog.StreamExists, true
	}
	return 0, false
}

// answer repeats which batch it is about, as clients want it.
func (b *batch) answer() *api.BatchAppendResp {
	out := &api.BatchAppendResp{CorrelationId: b.id, StreamIdentifier: b.options.GetStreamIdentifier()}
	switch e := b.options.GetExpectedStreamPosition().(type) {
	case *api.BatchAppendReq_Options_StreamPosition:
		out.ExpectedStreamPosition = &api.BatchAppendResp_StreamPosition{StreamPosition: e.StreamPosition}
	case *api.BatchAppendReq_Options_NoStream:
		out.ExpectedStreamPosition = &api.BatchAppendResp_NoStream{NoStream: &emptypb.Empty{}}
	case *api.BatchAppendReq_Options_Any:
		out.ExpectedStreamPosition = &api.BatchAppendResp_Any{Any: &emptypb.Empty{}}
	case *api.BatchAppendReq_Options_StreamExists:
		out.ExpectedStreamPosition = &api.BatchAppendResp_StreamExists{StreamExists: &emptypb.Empty{}}
	}
	return out
}

func batchSuccess(r eventlog.Result) *api.BatchAppendResp_Success_ {
	out := &api.BatchAppendResp_Success{
		CurrentRevisionOption: &api.BatchAppendResp_Success_NoStream{NoStream: &emptypb.Empty{}},
		PositionOption:        &api.BatchAppendResp_Success_NoPosition{NoPosition: &emptypb.Empty{}},
	}
	if r.Revision >= 0 {
		out.CurrentRevisionOption = &api.BatchAppendResp_Success_CurrentRevision{CurrentRevision: uint64(r.Revision)}
	}
	if r.Position > 0 {
		p := uint64(r.Position)
		out.PositionOption = &api.BatchAppendResp_Success_Position{Position: &shared.AllStreamPosition{CommitPosition: p, PreparePosition: p}}
	}
	return &api.BatchAppendResp_Success_{Success: out}
}

func batchWrong(o *api.BatchAppendReq_Options, current int64) *shared.WrongExpectedVersion {
	w := &shared.WrongExpectedVersion{CurrentStreamRevisionOption: &shared.WrongExpectedVersion_CurrentNoStream{CurrentNoStream: &emptypb.Empty{}}}
	if current >= 0 {
		w.CurrentStreamRevisionOption = &shared.WrongExpectedVersion_CurrentStreamRevision{CurrentStreamRevision: uint64(current)}
	}
	switch e := o.GetExpectedStreamPosition().(type) {
	case *api.BatchAppendReq_Options_StreamPosition:
		w.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedStreamPosition{ExpectedStreamPosition: e.StreamPosition}
	case *api.BatchAppendReq_Options_NoStream:
		w.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: &emptypb.Empty{}}
	case *api.BatchAppendReq_Options_Any:
		w.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedAny{ExpectedAny: &emptypb.Empty{}}
	case *api.BatchAppendReq_Options_StreamExists:
		w.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: &emptypb.Empty{}}
	}
	return w
}
