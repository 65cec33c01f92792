package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/dynamicpb"
)

// AskScavenge asks the node at an address of this machine to begin a scavenge, or joins the one
// that is going on, and tells of it until it has ended: each hears how far it is.
func AskScavenge(ctx context.Context, address string, each func(ScavengeNote)) (end ScavengeNote, err error) {
	c, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return end, fmt.Errorf("scavenge: %w", err)
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	answer := dynamicpb.NewMessage(scavengeResp)
	if err := c.Invoke(ctx, "/"+operationsService+"/StartScavenge", dynamicpb.NewMessage(startScavengeReq), answer); err != nil {
		return end, fmt.Errorf("scavenge: %w", err)
	}
	config, err := esdb.ParseConnectionString("esdb://127.0.0.1:1?tls=false")
	if err != nil {
		return end, err
	}
	config.Address, config.Logger = address, esdb.NoopLogging()
	client, err := esdb.NewClient(config)
	if err != nil {
		return end, fmt.Errorf("scavenge: %w", err)
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	return followScavenge(ctx, client, get(answer, "scavenge_id").String(), each)
}

// followScavenge reads what a node notes of a scavenge until it has ended.
func followScavenge(ctx context.Context, client *esdb.Client, id string, each func(ScavengeNote)) (n ScavengeNote, err error) {
	s, err := client.SubscribeToStream(ctx, ScavengeStream, esdb.SubscribeToStreamOptions{From: esdb.Start{}})
	if err != nil {
		return n, fmt.Errorf("scavenge: %w", err)
	}
	defer func() { _ = s.Close() }()
	for ctx.Err() == nil {
		e := s.Recv()
		if e.SubscriptionDropped != nil {
			return n, fmt.Errorf("the node does not tell any more how far the scavenge is: %w", e.SubscriptionDropped.Error)
		}
		if e.EventAppeared == nil || json.Unmarshal(e.EventAppeared.Event.Data, &n) != nil || n.ID != id {
			continue
		}
		switch e.EventAppeared.Event.EventType {
		case ScavengeProgress:
			each(n)
		case ScavengeCompleted:
			return n, nil
		}
	}
	return n, ctx.Err()
}
