package node_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"

	"nucleo/eventstore/node"
)

// bare lets a test send and see the bytes of a message: what the clients of other
// languages put on the wire.
type bare struct{}

func (bare) Name() string { return "proto" }
func (bare) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(v.([]byte))}, nil
}
func (bare) Unmarshal(b mem.BufferSlice, v any) error {
	*v.(*[]byte) = b.Materialize()
	return nil
}

var _ encoding.CodecV2 = bare{}

func dialNode(t *testing.T, n *node.Node) *grpc.ClientConn {
	t.Helper()
	c, err := grpc.NewClient(n.Address(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// operation calls the service Operations, and reads the id and the result of its answer.
func operation(ctx context.Context, t *testing.T, c *grpc.ClientConn, name string, request []byte) (id string, result uint64, err error) {
	t.Helper()
	var answer []byte
	if err := c.Invoke(ctx, "/event_store.client.operations.Operations/"+name, request, &answer, grpc.ForceCodecV2(bare{})); err != nil {
		return "", 0, err
	}
	for len(answer) > 0 {
		n, kind, size := protowire.ConsumeTag(answer)
		answer = answer[size:]
		switch {
		case n == 1 && kind == protowire.BytesType:
			id, size = protowire.ConsumeString(answer)
		case n == 2 && kind == protowire.VarintType:
			result, size = protowire.ConsumeVarint(answer)
		default:
			t.Fatalf("field %d of kind %d", n, kind)
		}
		answer = answer[size:]
	}
	return id, result, nil
}

func nested(field protowire.Number, inner []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, field, protowire.BytesType), inner)
}

// A client that starts a scavenge as one of EventStoreDB does finds in $scavenges how it
// ended; what is dead is gone from $all, what is alive is there.
func TestAClientScavengesTheNode(t *testing.T) {
	n := start(t)
	c := connect(t, n.Address())
	appendTo(t, c, "dead", events(40)...)
	appendTo(t, c, "alive", events(5)...)
	if _, err := c.DeleteStream(t.Context(), "dead", esdb.DeleteStreamOptions{}); err != nil {
		t.Fatal(err)
	}
	appendTo(t, c, "alive", events(1)...)
	threads := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), 1)
	id, result, err := operation(t.Context(), t, dialNode(t, n), "StartScavenge", nested(1, threads))
	if err != nil || id == "" || result != 0 {
		t.Fatalf("%q %d %v", id, result, err)
	}
	note := ended(t, c, id)
	if note.Result != "Success" || note.Events != 40 {
		t.Errorf("%+v", note)
	}
	left := map[string]int{}
	r, err := c.ReadAll(t.Context(), esdb.ReadAllOptions{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for e, err := r.Recv(); err == nil; e, err = r.Recv() {
		left[e.Event.StreamID]++
	}
	if left["dead"] != 0 || left["alive"] != 6 || left["$$dead"] != 1 {
		t.Errorf("%v", left)
	}
	if w := appendTo(t, c, "dead", events(1)...); w.NextExpectedVersion != 40 {
		t.Errorf("the stream goes on with %d", w.NextExpectedVersion)
	}
}

// ended waits until a scavenge has ended, and reads what is said of it.
func ended(t *testing.T, c *esdb.Client, id string) (note node.ScavengeNote) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		r, err := c.ReadStream(t.Context(), node.ScavengeStream, esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}}, 1)
		if err != nil {
			continue
		}
		e, err := r.Recv()
		r.Close()
		if err == nil && e.Event.EventType == node.ScavengeCompleted && json.Unmarshal(e.Event.Data, &note) == nil && note.ID == id {
			return note
		}
	}
	t.Fatal("the scavenge does not end")
	return note
}

// Only those who may administer the node scavenge it, and a scavenge that is not running
// is not stopped.
func TestWhoMayScavenge(t *testing.T) {
	encryption, pool := certificate(t)
	n := start(t, func(cfg *node.Config) { cfg.Listen, cfg.TLS, cfg.Users = "127.0.0.1:0", encryption, users(t) })
	c, err := grpc.NewClient(n.Address(), grpc.WithTransportCredentials(credentials.NewClientTLSFromCert(pool, "")))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	for user, want := range map[string]codes.Code{"": codes.PermissionDenied, "app": codes.PermissionDenied, "ops": codes.OK, "admin": codes.OK} {
		ctx := t.Context()
		if user != "" {
			ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user+":"+user+"-secret")))
		}
		if _, _, err := operation(ctx, t, c, "StartScavenge", nil); status.Code(err) != want {
			t.Errorf("%q: %v", user, err)
		}
		var trailer metadata.MD
		var answer []byte
		err = c.Invoke(ctx, "/event_store.client.operations.Operations/StopScavenge", nested(1, nested(1, []byte("nothing"))), &answer, grpc.ForceCodecV2(bare{}), grpc.Trailer(&trailer))
		if want != codes.OK && status.Code(err) != want || want == codes.OK && (status.Code(err) != codes.NotFound || fmt.Sprint(trailer.Get("exception")) != "[scavenge-not-found]" || fmt.Sprint(trailer.Get("scavenge-id")) != "[nothing]") {
			t.Errorf("%q: %v %v", user, err, trailer)
		}
	}
}
