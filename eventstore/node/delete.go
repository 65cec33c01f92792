package node

import (
	"context"
	"errors"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"nucleo/eventstore/node/eventlog"
)

// Delete soft-deletes a stream.
func (s *streams) Delete(ctx context.Context, q *api.DeleteReq) (*api.DeleteResp, error) {
	expected := eventlog.Any
	switch e := q.GetOptions().GetExpectedStreamRevision().(type) {
	case *api.DeleteReq_Options_Revision:
		expected = revisionOf(e.Revision)
	case *api.DeleteReq_Options_NoStream:
		expected = eventlog.NoStream
	case *api.DeleteReq_Options_StreamExists:
		expected = eventlog.StreamExists
	}
	p, err := s.end(ctx, string(q.GetOptions().GetStreamIdentifier().GetStreamName()), expected, s.log.Delete)
	if err != nil {
		return nil, err
	}
	return &api.DeleteResp{PositionOption: &api.DeleteResp_Position_{
		Position: &api.DeleteResp_Position{CommitPosition: p, PreparePosition: p}}}, nil
}

// Tombstone ends a stream for ever.
func (s *streams) Tombstone(ctx context.Context, q *api.TombstoneReq) (*api.TombstoneResp, error) {
	expected := eventlog.Any
	switch e := q.GetOptions().GetExpectedStreamRevision().(type) {
	case *api.TombstoneReq_Options_Revision:
		expected = revisionOf(e.Revision)
	case *api.TombstoneReq_Options_NoStream:
		expected = eventlog.NoStream
	case *api.TombstoneReq_Options_StreamExists:
		expected = eventlog.StreamExists
	}
	p, err := s.end(ctx, string(q.GetOptions().GetStreamIdentifier().GetStreamName()), expected, s.log.Tombstone)
	if err != nil {
		return nil, err
	}
	return &api.TombstoneResp{PositionOption: &api.TombstoneResp_Position_{
		Position: &api.TombstoneResp_Position{CommitPosition: p, PreparePosition: p}}}, nil
}

func (s *streams) end(ctx context.Context, stream string, expected int64,
	do func(context.Context, string, int64) (eventlog.Result, error),
) (position uint64, err error) {
	if !s.mayDelete(ctx, stream) {
		return 0, accessDenied(ctx)
	}
	r, err := do(ctx, stream, expected)
	var wrong *eventlog.WrongVersionError
	if errors.As(err, &wrong) {
		return 0, wrongVersion(ctx, stream, wrong)
	}
	return uint64(r.Position), statusOf(ctx, stream, err)
}
