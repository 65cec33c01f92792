package node

import (
	"context"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"

	"nucleo/eventstore/node/persistent"
)

// GetInfo tells about one group.
func (s *groups) GetInfo(ctx context.Context, q *api.GetInfoReq) (*api.GetInfoResp, error) {
	key := keyOf(q.GetOptions())
	i, err := s.service.Info(ctx, key)
	if err != nil {
		return nil, groupStatus(ctx, key, err)
	}
	return &api.GetInfoResp{SubscriptionInfo: wireInfo(&i)}, nil
}

// List tells about the groups of a stream, of $all, or of everything.
func (s *groups) List(ctx context.Context, q *api.ListReq) (*api.ListResp, error) {
	stream := ""
	if one := q.GetOptions().GetListForStream(); one != nil {
		stream = persistent.All
		if id := one.GetStream(); id != nil {
			stream = string(id.GetStreamName())
		}
	}
	list, err := s.service.List(ctx, stream)
	if err == nil && stream != "" && len(list) == 0 {
		err = persistent.ErrNotFound
	}
	if err != nil {
		return nil, groupStatus(ctx, persistent.Key{Stream: stream}, err)
	}
	out := &api.ListResp{}
	for i := range list {
		out.Subscriptions = append(out.Subscriptions, wireInfo(&list[i]))
	}
	return out, nil
}

func wireInfo(i *persistent.Info) *api.SubscriptionInfo {
	state := "Live"
	if i.Behind {
		state = "Behind"
	}
	out := &api.SubscriptionInfo{
		EventSource: i.Stream, GroupName: i.Group, Status: state, AveragePerSecond: i.PerSecond, TotalItems: i.Total,
		CountSinceLastMeasurement: i.Fresh, LastCheckpointedEventPosition: i.Checkpoint, LastKnownEventPosition: i.LastKnown,
		ResolveLinkTos: i.ResolveLinks, StartFrom: i.Start, MessageTimeoutMilliseconds: int32(i.MessageTimeout.Milliseconds()),
		ExtraStatistics: i.ExtraStatistics, MaxRetryCount: i.MaxRetryCount, LiveBufferSize: i.LiveBuffer, BufferSize: i.HistoryBuffer,
		ReadBatchSize: i.ReadBatch, CheckPointAfterMilliseconds: int32(i.CheckpointAfter.Milliseconds()),
		MinCheckPointCount: i.MinCheckpoint, MaxCheckPointCount: i.MaxCheckpoint, ReadBufferCount: int32(i.Ahead),
		RetryBufferCount: int32(i.Retrying), TotalInFlightMessages: int32(i.InFlight), OutstandingMessagesCount: int32(i.Outstanding),
		NamedConsumerStrategy: string(i.Strategy), MaxSubscriberCount: i.MaxSubscribers, ParkedMessageCount: i.Parked,
	}
	for _, c := range i.Connections {
		conn := &api.SubscriptionInfo_ConnectionInfo{
			From: c.From, Username: c.User, ConnectionName: c.Name, AverageItemsPerSecond: c.PerSecond, TotalItems: c.Total,
			CountSinceLastMeasurement: c.Fresh, AvailableSlots: int32(c.Slots), InFlightMessages: int32(c.InFlight),
		}
		for _, m := range c.Measurements {
			conn.ObservedMeasurements = append(conn.ObservedMeasurements, &api.SubscriptionInfo_Measurement{Key: m.Name, Value: m.Value})
		}
		out.Connections = append(out.Connections, conn)
	}
	return out
}
