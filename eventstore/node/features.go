package node

import (
	"context"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	features "github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/google/uuid"
	"google.golang.org/grpc/metadata"
)

// Version is the EventStoreDB version whose behaviour the node keeps. It must be
// three numbers: clients refuse to connect otherwise.
const Version = "24.10.0"

// about tells clients what the node is and can do.
type about struct {
	features.UnimplementedServerFeaturesServer
	gossip.UnimplementedGossipServer
	id      uuid.UUID
	address net.Addr
	now     func() time.Time
}

// GetSupportedMethods names what exists and nothing else: clients do without the rest.
func (a *about) GetSupportedMethods(context.Context, *shared.Empty) (*features.SupportedMethods, error) {
	const (
		service = "event_store.client.streams.streams"
		groups  = "event_store.client.persistent_subscriptions.persistentsubscriptions"
	)
	return &features.SupportedMethods{
		EventStoreServerVersion: Version,
		Methods: []*features.SupportedMethod{
			{ServiceName: service, MethodName: "append"},
			{ServiceName: service, MethodName: "read", Features: []string{"position", "events"}},
			{ServiceName: service, MethodName: "delete"},
			{ServiceName: service, MethodName: "tombstone"},
			{ServiceName: service, MethodName: "batchappend", Features: []string{"deadline_duration"}},
			{ServiceName: groups, MethodName: "create", Features: []string{"stream", "all"}},
			{ServiceName: groups, MethodName: "update", Features: []string{"stream", "all"}},
			{ServiceName: groups, MethodName: "delete", Features: []string{"stream", "all"}},
			{ServiceName: groups, MethodName: "read", Features: []string{"stream", "all"}},
			{ServiceName: groups, MethodName: "getinfo", Features: []string{"stream", "all"}},
			{ServiceName: groups, MethodName: "replayparked", Features: []string{"stream", "all"}},
			{ServiceName: groups, MethodName: "list", Features: []string{"stream", "all"}},
			{ServiceName: groups, MethodName: "restartsubsystem"},
			{ServiceName: "event_store.client.operations.operations", MethodName: "startscavenge"},
			{ServiceName: "event_store.client.operations.operations", MethodName: "stopscavenge"},
			{ServiceName: "event_store.client.gossip.gossip", MethodName: "read"},
			{ServiceName: "event_store.client.server_features.serverfeatures", MethodName: "getsupportedmethods"},
		},
	}, nil
}

// Read names this node as the leader of a cluster of one, at the address that the
// client itself called.
func (a *about) Read(ctx context.Context, _ *shared.Empty) (*gossip.ClusterInfo, error) {
	host, port := a.endpoint(ctx)
	return &gossip.ClusterInfo{Members: []*gossip.MemberInfo{{
		InstanceId:   formatID(a.id, false),
		TimeStamp:    a.now().UnixNano() / 100,
		State:        gossip.MemberInfo_Leader,
		IsAlive:      true,
		HttpEndPoint: &gossip.EndPoint{Address: host, Port: port},
	}}}, nil
}

func (a *about) endpoint(ctx context.Context) (host string, port uint32) {
	md, _ := metadata.FromIncomingContext(ctx)
	for _, address := range append(md.Get(":authority"), a.address.String()) {
		h, p, err := net.SplitHostPort(strings.TrimSpace(address))
		n, err2 := strconv.ParseUint(p, 10, 16)
		if err == nil && err2 == nil {
			return h, uint32(n)
		}
	}
	return "127.0.0.1", 0
}
