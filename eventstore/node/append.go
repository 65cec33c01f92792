package node

import (
	"context"
	"errors"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"nucleo/eventstore/node/eventlog"
)

// maxAppend is EventStoreDB's default limit for the events of one append, in bytes.
const maxAppend = 1 << 20

// maxDrain ends a call that goes on sending after it was refused, in events.
const maxDrain = 1 << 16

var empty = &shared.Empty{}

// streams is the Streams service over a log.
type streams struct {
	api.UnimplementedStreamsServer
	log      *eventlog.Log
	now      func() time.Time
	secured  bool
	stopping <-chan struct{}
}

func (s *streams) Append(call api.Streams_AppendServer) error {
	ctx := call.Context()
	first, err := call.Recv()
	if err != nil {
		return err
	}
	o := first.GetOptions()
	stream := string(o.GetStreamIdentifier().GetStreamName())
	events, refusal, err := receive(call)
	switch {
	case err != nil:
		return err
	case o == nil:
		return status.Error(codes.InvalidArgument, "the first message must hold the options")
	case refusal != nil:
		return refusal
	}
	expected, ok := expectedOf(o)
	if !ok {
		return status.Error(codes.InvalidArgument, "the expected revision is missing")
	}
	if !s.mayWrite(ctx, stream) {
		return accessDenied(ctx)
	}
	result, err := s.log.Append(ctx, stream, expected, events)
	var wrong *eventlog.WrongVersionError
	if errors.As(err, &wrong) {
		return call.SendAndClose(&api.AppendResp{Result: &api.AppendResp_WrongExpectedVersion_{WrongExpectedVersion: wrongExpected(o, wrong.Current)}})
	}
	if err != nil {
		return statusOf(ctx, stream, err)
	}
	return call.SendAndClose(&api.AppendResp{Result: &api.AppendResp_Success_{Success: success(result)}})
}

// receive reads a request to its end even when it must be refused: a client that
// is answered early loses the answer.
func receive(call api.Streams_AppendServer) (events []eventlog.Proposed, refusal, err error) {
	ctx, size := call.Context(), 0
	for n := 0; n < maxDrain; n++ {
		m, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return events, refusal, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if refusal != nil {
			continue
		}
		p, bytes, err := propose(m.GetProposedMessage())
		if err != nil {
			refusal = missingMetadata(ctx)
			continue
		}
		if size += bytes; size > maxAppend {
			events, refusal = nil, tooLarge(ctx)
			continue
		}
		events = append(events, p)
	}
	return nil, tooLarge(ctx), nil
}

func missingMetadata(ctx context.Context) error {
	return refuse(ctx, codes.InvalidArgument, "Required Metadata Property 'type' or 'content-type' is missing",
		"missing-required-metadata-property", "required-metadata-properties", "type,content-type")
}

func tooLarge(ctx context.Context) error {
	limit := strconv.Itoa(maxAppend)
	return refuse(ctx, codes.InvalidArgument, "Maximum Append Size of "+limit+" Exceeded.",
		"maximum-append-size-exceeded", "maximum-append-size", limit)
}

// revisionOf reads a wire revision: 2^64-1 means none.
func revisionOf(v uint64) int64 {
	if v == math.MaxUint64 {
		return eventlog.NoStream
	}
	return int64(min(v, math.MaxInt64))
}

func expectedOf(o *api.AppendReq_Options) (int64, bool) {
	switch e := o.GetExpectedStreamRevision().(type) {
	case *api.AppendReq_Options_Revision:
		return revisionOf(e.Revision), true
	case *api.AppendReq_Options_NoStream:
		return eventlog.NoStream, true
	case *api.AppendReq_Options_Any:
		return eventlog.Any, true
	case *api.AppendReq_Options_StreamExists:
		return eventlog.StreamExists, true
	}
	return 0, false
}

func success(r eventlog.Result) *api.AppendResp_Success {
	out := &api.AppendResp_Success{
		CurrentRevisionOption: &api.AppendResp_Success_NoStream{NoStream: empty},
		PositionOption:        &api.AppendResp_Success_NoPosition{NoPosition: empty},
	}
	if r.Revision >= 0 {
		out.CurrentRevisionOption = &api.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(r.Revision)}
	}
	if r.Position > 0 {
		p := uint64(r.Position)
		out.PositionOption = &api.AppendResp_Success_Position{Position: &api.AppendResp_Position{CommitPosition: p, PreparePosition: p}}
	}
	return out
}

// wrongExpected fills both families of fields: old clients read the twins.
func wrongExpected(o *api.AppendReq_Options, current int64) *api.AppendResp_WrongExpectedVersion {
	w := &api.AppendResp_WrongExpectedVersion{
		CurrentRevisionOption:        &api.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: empty},
		CurrentRevisionOption_20_6_0: &api.AppendResp_WrongExpectedVersion_NoStream_20_6_0{NoStream_20_6_0: empty},
	}
	if current >= 0 {
		w.CurrentRevisionOption = &api.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: uint64(current)}
		w.CurrentRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_CurrentRevision_20_6_0{CurrentRevision_20_6_0: uint64(current)}
	}
	switch e := o.ExpectedStreamRevision.(type) {
	case *api.AppendReq_Options_Any:
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedAny{ExpectedAny: empty}
		w.ExpectedRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_Any_20_6_0{Any_20_6_0: empty}
	case *api.AppendReq_Options_StreamExists:
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: empty}
		w.ExpectedRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_StreamExists_20_6_0{StreamExists_20_6_0: empty}
	case *api.AppendReq_Options_NoStream:
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: empty}
		w.ExpectedRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: math.MaxUint64}
	case *api.AppendReq_Options_Revision:
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: e.Revision}
		w.ExpectedRevisionOption_20_6_0 = &api.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: e.Revision}
	}
	return w
}
