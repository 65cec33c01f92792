package node_test

import (
	"context"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// FuzzRead sends requests of reads and subscriptions of any form: the node
// answers something and stays alive.
func FuzzRead(f *testing.F) {
	stream := &api.ReadReq_Options_Stream{Stream: &api.ReadReq_Options_StreamOptions{
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte("s")}, RevisionOption: &api.ReadReq_Options_StreamOptions_Revision{Revision: 1 << 63}}}
	all := &api.ReadReq_Options_All{All: &api.ReadReq_Options_AllOptions{AllOption: &api.ReadReq_Options_AllOptions_Start{}}}
	uuids := &api.ReadReq_Options_UUIDOption{Content: &api.ReadReq_Options_UUIDOption_String_{}}
	for _, o := range []*api.ReadReq_Options{
		{StreamOption: stream, CountOption: &api.ReadReq_Options_Count{Count: 3}, UuidOption: uuids},
		{StreamOption: all, CountOption: &api.ReadReq_Options_Count{Count: 1 << 62}, ReadDirection: api.ReadReq_Options_Backwards, UuidOption: uuids},
		{StreamOption: all, CountOption: &api.ReadReq_Options_Subscription{}, UuidOption: uuids, FilterOption: &api.ReadReq_Options_Filter{Filter: &api.ReadReq_Options_FilterOptions{
			Filter: &api.ReadReq_Options_FilterOptions_StreamIdentifier{StreamIdentifier: &api.ReadReq_Options_FilterOptions_Expression{Regex: "(a*)*$"}}}}},
		{},
	} {
		b, err := proto.Marshal(&api.ReadReq{Options: o})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	n := start(f)
	appendTo(f, connect(f, n.Address()), "s", event("t"))
	c := dial(f, n)
	f.Fuzz(func(t *testing.T, b []byte) {
		var q api.ReadReq
		if proto.Unmarshal(b, &q) != nil {
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		call, err := c.Read(ctx, &q)
		for err == nil {
			_, err = call.Recv()
		}
		if status.Code(err) == codes.Unavailable {
			t.Fatal(err)
		}
	})
}
