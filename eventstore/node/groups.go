package node

import (
	"context"
	"errors"
	"math"
	"time"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/node/persistent"
)

// groups is the PersistentSubscriptions service.
type groups struct {
	api.UnimplementedPersistentSubscriptionsServer
	*streams
	service *persistent.Service
}

// Create makes a group. Clients of before 21.10 name the stream and the start in
// fields of their own.
func (s *groups) Create(ctx context.Context, q *api.CreateReq) (*api.CreateResp, error) {
	if !s.mayManage(ctx) {
		return nil, accessDenied(ctx)
	}
	o := q.GetOptions()
	key := persistent.Key{Group: o.GetGroupName()}
	var start persistent.Where
	var filter *persistent.Filter
	var err error
	switch t := o.GetStreamOption().(type) {
	case *api.CreateReq_Options_All:
		key.Stream, start = persistent.All, startInAll(t.All)
		filter, err = groupFilter(t.All.GetFilter())
	case *api.CreateReq_Options_Stream:
		key.Stream, start = string(t.Stream.GetStreamIdentifier().GetStreamName()), startInStream(t.Stream)
	default:
		//lint:ignore SA1019 old clients send it
		key.Stream = string(o.GetStreamIdentifier().GetStreamName())
		//lint:ignore SA1019 old clients send it
		start = startAt(o.GetSettings().GetRevision())
	}
	if err == nil {
		err = s.service.Create(ctx, key, start, filter, settingsOf(o.GetSettings()))
	}
	return &api.CreateResp{}, groupStatus(ctx, key, err)
}

// Update gives a group other settings.
func (s *groups) Update(ctx context.Context, q *api.UpdateReq) (*api.UpdateResp, error) {
	if !s.mayManage(ctx) {
		return nil, accessDenied(ctx)
	}
	o := q.GetOptions()
	key := persistent.Key{Group: o.GetGroupName()}
	switch t := o.GetStreamOption().(type) {
	case *api.UpdateReq_Options_All:
		key.Stream = persistent.All
	case *api.UpdateReq_Options_Stream:
		key.Stream = string(t.Stream.GetStreamIdentifier().GetStreamName())
	default:
		//lint:ignore SA1019 old clients send it
		key.Stream = string(o.GetStreamIdentifier().GetStreamName())
	}
	return &api.UpdateResp{}, groupStatus(ctx, key, s.service.Update(ctx, key, updatedSettings(o.GetSettings())))
}

// Delete ends a group.
func (s *groups) Delete(ctx context.Context, q *api.DeleteReq) (*api.DeleteResp, error) {
	if !s.mayManage(ctx) {
		return nil, accessDenied(ctx)
	}
	key := keyOf(q.GetOptions())
	return &api.DeleteResp{}, groupStatus(ctx, key, s.service.Delete(ctx, key))
}

// ReplayParked tries again what a group has set aside.
func (s *groups) ReplayParked(ctx context.Context, q *api.ReplayParkedReq) (*api.ReplayParkedResp, error) {
	if !s.mayManage(ctx) {
		return nil, accessDenied(ctx)
	}
	key, stopAt := keyOf(q.GetOptions()), q.GetOptions().GetStopAt()
	if stopAt < 0 {
		return nil, status.Error(codes.InvalidArgument, "stop_at must not be negative")
	}
	return &api.ReplayParkedResp{}, groupStatus(ctx, key, s.service.ReplayParked(ctx, key, stopAt))
}

// RestartSubsystem stops all groups and starts them again.
func (s *groups) RestartSubsystem(ctx context.Context, _ *shared.Empty) (*shared.Empty, error) {
	if !s.mayManage(ctx) {
		return nil, accessDenied(ctx)
	}
	return empty, statusOf(ctx, "", s.service.Restart())
}

// ofGroup is what the requests that name a group have in common.
type ofGroup interface {
	GetStreamIdentifier() *shared.StreamIdentifier
	GetGroupName() string
}

func keyOf(o ofGroup) persistent.Key {
	if id := o.GetStreamIdentifier(); id != nil {
		return persistent.Key{Stream: string(id.GetStreamName()), Group: o.GetGroupName()}
	}
	return persistent.Key{Stream: persistent.All, Group: o.GetGroupName()}
}

func startAt(revision uint64) persistent.Where {
	if revision == math.MaxUint64 {
		return persistent.Where{End: true}
	}
	return persistent.Where{From: int64(min(revision, math.MaxInt64))}
}

func startInStream(o *api.CreateReq_StreamOptions) persistent.Where {
	switch r := o.GetRevisionOption().(type) {
	case *api.CreateReq_StreamOptions_Revision:
		return startAt(r.Revision)
	case *api.CreateReq_StreamOptions_End:
		return persistent.Where{End: true}
	}
	return persistent.Where{}
}

func startInAll(o *api.CreateReq_AllOptions) persistent.Where {
	switch p := o.GetAllOption().(type) {
	case *api.CreateReq_AllOptions_Position:
		return startAt(p.Position.GetCommitPosition())
	case *api.CreateReq_AllOptions_End:
		return persistent.Where{End: true}
	}
	return persistent.Where{}
}

func groupFilter(o *api.CreateReq_AllOptions_FilterOptions) (*persistent.Filter, error) {
	switch f := o.GetFilter().(type) {
	case *api.CreateReq_AllOptions_FilterOptions_EventType:
		return &persistent.Filter{Regex: f.EventType.GetRegex(), Prefixes: f.EventType.GetPrefix()}, nil
	case *api.CreateReq_AllOptions_FilterOptions_StreamIdentifier:
		return &persistent.Filter{Streams: true, Regex: f.StreamIdentifier.GetRegex(), Prefixes: f.StreamIdentifier.GetPrefix()}, nil
	}
	if o != nil {
		return nil, &persistent.InvalidError{Reason: "the filter names neither event types nor streams"}
	}
	return nil, nil
}

// counts are what the settings of a new group and of a changed one have in common.
type counts interface {
	GetResolveLinks() bool
	GetExtraStatistics() bool
	GetMaxRetryCount() int32
	GetMinCheckpointCount() int32
	GetMaxCheckpointCount() int32
	GetMaxSubscriberCount() int32
	GetLiveBufferSize() int32
	GetReadBatchSize() int32
	GetHistoryBufferSize() int32
	GetMessageTimeoutMs() int32
	GetMessageTimeoutTicks() int64
	GetCheckpointAfterMs() int32
	GetCheckpointAfterTicks() int64
}

// settingsOf names no strategy in words when the client knows only numbers.
func settingsOf(s *api.CreateReq_Settings) persistent.Settings {
	out := commonSettings(s)
	out.Strategy = persistent.Strategy(s.GetConsumerStrategy())
	if out.Strategy == "" {
		//lint:ignore SA1019 old clients send it
		out.Strategy = persistent.Strategy(s.GetNamedConsumerStrategy().String())
	}
	return out
}

func updatedSettings(s *api.UpdateReq_Settings) persistent.Settings {
	out := commonSettings(s)
	out.Strategy = persistent.Strategy(s.GetNamedConsumerStrategy().String())
	return out
}

func commonSettings(s counts) persistent.Settings {
	return persistent.Settings{
		ResolveLinks: s.GetResolveLinks(), ExtraStatistics: s.GetExtraStatistics(), MaxRetryCount: s.GetMaxRetryCount(),
		MinCheckpoint: s.GetMinCheckpointCount(), MaxCheckpoint: s.GetMaxCheckpointCount(), MaxSubscribers: s.GetMaxSubscriberCount(),
		LiveBuffer: s.GetLiveBufferSize(), ReadBatch: s.GetReadBatchSize(), HistoryBuffer: s.GetHistoryBufferSize(),
		MessageTimeout:  durationOf(s.GetMessageTimeoutMs(), s.GetMessageTimeoutTicks()),
		CheckpointAfter: durationOf(s.GetCheckpointAfterMs(), s.GetCheckpointAfterTicks()),
	}
}

// durationOf reads a time of which one form is set: milliseconds, or ticks of
// 100 nanoseconds.
func durationOf(ms int32, ticks int64) time.Duration {
	const most = int64(math.MaxInt64) / 100
	return time.Duration(ms)*time.Millisecond + time.Duration(min(max(ticks, -1), most)*100)
}

// groupStatus turns an error about a group into the status that clients know.
func groupStatus(ctx context.Context, key persistent.Key, err error) error {
	var invalid *persistent.InvalidError
	what := "Subscription group " + key.Group + " on stream " + key.Stream
	about := []string{"stream-name", key.Stream, "group-name", key.Group}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, persistent.ErrNotFound):
		return refuse(ctx, codes.NotFound, what+" does not exist.", "persistent-subscription-does-not-exist", about...)
	case errors.Is(err, persistent.ErrExists):
		return refuse(ctx, codes.AlreadyExists, what+" exists.", "persistent-subscription-exists", about...)
	case errors.Is(err, persistent.ErrDropped):
		return refuse(ctx, codes.Canceled, what+" was dropped.", "persistent-subscription-dropped", about...)
	case errors.Is(err, persistent.ErrFull):
		return refuse(ctx, codes.FailedPrecondition, "Maximum subscriptions reached for "+what+".", "maximum-subscribers-reached", about...)
	case errors.As(err, &invalid):
		return refuse(ctx, codes.InvalidArgument, err.Error(), "persistent-subscription-failed", append(about, "reason", invalid.Reason)...)
	case errors.Is(err, persistent.ErrStopped), errors.Is(err, eventlog.ErrClosed):
		return errStopping
	}
	return statusOf(ctx, key.Stream, err)
}
