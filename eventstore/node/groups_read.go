package node

import (
	"context"
	"errors"
	"io"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/node/persistent"
)

// consuming is one Read call of a group: a consumer and where its events go.
type consuming struct {
	*groups
	call    api.PersistentSubscriptions_ReadServer
	key     persistent.Key
	links   bool
	textIDs bool
	ended   chan error // what the client's side came to
}

// Read takes part in a group until the client goes or the group ends.
func (s *groups) Read(call api.PersistentSubscriptions_ReadServer) error {
	first, err := call.Recv()
	if err != nil {
		return err
	}
	ctx, o := call.Context(), first.GetOptions()
	if o == nil {
		return status.Error(codes.InvalidArgument, "the first message must hold the options")
	}
	key := keyOf(o)
	if !s.mayRead(ctx, key.Stream) {
		return accessDenied(ctx)
	}
	consumer, err := s.service.Join(ctx, key, int(o.GetBufferSize()), aboutCaller(ctx))
	if err != nil {
		return groupStatus(ctx, key, err)
	}
	defer consumer.Leave()
	c := &consuming{
		groups: s, call: call, key: key, links: consumer.ResolvesLinks(),
		textIDs: o.GetUuidOption().GetString_() != nil, ended: make(chan error, 1),
	}
	err = call.Send(&api.ReadResp{Content: &api.ReadResp_SubscriptionConfirmation_{
		SubscriptionConfirmation: &api.ReadResp_SubscriptionConfirmation{SubscriptionId: consumer.ID()}}})
	if err != nil {
		return err
	}
	go func() { c.ended <- c.listen(consumer) }()
	return c.deliver(consumer)
}

// deliver sends what the group gives to the consumer.
func (c *consuming) deliver(consumer *persistent.Consumer) error {
	ctx := c.call.Context()
	for {
		select {
		case d := <-consumer.Deliveries():
			if err := c.send(&d); err != nil {
				return statusOf(ctx, c.key.Stream, err)
			}
		case err := <-consumer.Gone():
			return groupStatus(ctx, c.key, err)
		case err := <-c.ended:
			return err
		case <-ctx.Done():
			return status.FromContextError(ctx.Err()).Err()
		}
	}
}

// listen takes the client's answers.
func (c *consuming) listen(consumer *persistent.Consumer) error {
	for {
		m, err := c.call.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := m.GetContent().(type) {
		case *api.ReadReq_Ack_:
			err = consumer.Ack(c.call.Context(), idsOf(t.Ack.GetIds())...)
		case *api.ReadReq_Nack_:
			err = consumer.Nack(c.call.Context(), answerOf(t.Nack.GetAction()), t.Nack.GetReason(), idsOf(t.Nack.GetIds())...)
		default:
			return status.Error(codes.InvalidArgument, "only the first message may hold options")
		}
		if err != nil {
			return groupStatus(c.call.Context(), c.key, err)
		}
	}
}

func answerOf(a api.ReadReq_Nack_Action) persistent.Answer {
	switch a {
	case api.ReadReq_Nack_Park:
		return persistent.Park
	case api.ReadReq_Nack_Skip:
		return persistent.Skip
	case api.ReadReq_Nack_Stop:
		return persistent.Stop
	}
	return persistent.Retry
}

func idsOf(ids []*shared.UUID) []uuid.UUID {
	out := make([]uuid.UUID, len(ids))
	for i, id := range ids {
		out[i] = parseID(id)
	}
	return out
}

func (c *consuming) send(d *persistent.Delivery) error {
	out := &api.ReadResp_ReadEvent{
		Position: &api.ReadResp_ReadEvent_CommitPosition{CommitPosition: uint64(d.Event.Position)},
		Count:    &api.ReadResp_ReadEvent_RetryCount{RetryCount: d.Retries},
	}
	if c.links && d.Event.Type == eventlog.TypeLink {
		target, err := c.target(c.call.Context(), &d.Event)
		if err != nil {
			return err
		}
		out.Link = c.record(&d.Event)
		if target != nil {
			out.Event = c.record(target)
		}
	} else {
		out.Event = c.record(&d.Event)
	}
	return c.call.Send(&api.ReadResp{Content: &api.ReadResp_Event{Event: out}})
}

// record is the same as that of a plain read, in a type of its own.
func (c *consuming) record(e *eventlog.Event) *api.ReadResp_ReadEvent_RecordedEvent {
	r := record(e, c.textIDs)
	return &api.ReadResp_ReadEvent_RecordedEvent{
		Id: r.Id, StreamIdentifier: r.StreamIdentifier, StreamRevision: r.StreamRevision, PreparePosition: r.PreparePosition,
		CommitPosition: r.CommitPosition, Metadata: r.Metadata, CustomMetadata: r.CustomMetadata, Data: r.Data,
	}
}

// aboutCaller is what is known of who calls.
func aboutCaller(ctx context.Context) (a persistent.About) {
	md, _ := metadata.FromIncomingContext(ctx)
	if names := md.Get("connection-name"); len(names) > 0 {
		a.Name = names[0]
	}
	if p, ok := peer.FromContext(ctx); ok && p.Addr != nil {
		a.From = p.Addr.String()
	}
	a.User = callerOf(ctx).Name
	return a
}
