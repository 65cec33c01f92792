package node_test

import (
	"context"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// batches opens a call for appends in batches, below the official client, which
// never makes one.
func batches(t *testing.T, address string) (call api.Streams_BatchAppendClient, streams api.StreamsClient) {
	t.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	streams = api.NewStreamsClient(conn)
	if call, err = streams.BatchAppend(within(t, 20*time.Second)); err != nil {
		t.Fatal(err)
	}
	return call, streams
}

func textID(id uuid.UUID) *shared.UUID {
	return &shared.UUID{Value: &shared.UUID_String_{String_: id.String()}}
}

// part is a message of a batch; options are those of its first.
func part(id uuid.UUID, options *api.BatchAppendReq_Options, final bool, events int) *api.BatchAppendReq {
	q := &api.BatchAppendReq{CorrelationId: textID(id), Options: options, IsFinal: final}
	for range events {
		q.ProposedMessages = append(q.ProposedMessages, &api.BatchAppendReq_ProposedMessage{
			Id: textID(uuid.New()), Metadata: map[string]string{"type": "t", "content-type": "application/json"}, Data: []byte("{}"),
		})
	}
	return q
}

func atStart(stream string) *api.BatchAppendReq_Options {
	return &api.BatchAppendReq_Options{
		StreamIdentifier:       &shared.StreamIdentifier{StreamName: []byte(stream)},
		ExpectedStreamPosition: &api.BatchAppendReq_Options_NoStream{NoStream: &emptypb.Empty{}},
	}
}

func TestBatchesComeInPartsAndAreAnsweredByName(t *testing.T) {
	n := start(t)
	call, _ := batches(t, n.Address())
	send := func(q *api.BatchAppendReq) {
		t.Helper()
		if err := call.Send(q); err != nil {
			t.Fatal(err)
		}
	}
	a, b, c := uuid.New(), uuid.New(), uuid.New()
	send(part(a, atStart("a"), false, 2))
	send(part(b, atStart("b"), false, 1))
	send(part(a, nil, false, 3))
	send(part(b, nil, true, 0)) // whole before a, which began first
	send(part(a, nil, true, 1))
	send(part(c, atStart("a"), true, 1)) // a is there by now
	for _, want := range []struct {
		id       uuid.UUID
		revision uint64
	}{{b, 0}, {a, 5}} {
		r, err := call.Recv()
		if err != nil {
			t.Fatal(err)
		}
		if r.GetCorrelationId().GetString_() != want.id.String() || r.GetSuccess() == nil || r.GetSuccess().GetCurrentRevision() != want.revision ||
			r.GetSuccess().GetPosition().GetCommitPosition() == 0 || r.GetNoStream() == nil {
			t.Errorf("got %v, want revision %d of %s", r, want.revision, want.id)
		}
	}
	r, err := call.Recv()
	if err != nil {
		t.Fatal(err)
	}
	var wrong shared.WrongExpectedVersion
	if e := r.GetError(); r.GetCorrelationId().GetString_() != c.String() || codes.Code(e.GetCode()) != codes.AlreadyExists ||
		len(e.GetDetails()) != 1 || e.GetDetails()[0].UnmarshalTo(&wrong) != nil || wrong.GetCurrentStreamRevision() != 5 || wrong.GetExpectedNoStream() == nil {
		t.Errorf("the third: %v", r)
	}
	if got, err := read(t, connect(t, n.Address()), "a", esdb.ReadStreamOptions{}, 100); err != nil || len(got) != 6 {
		t.Errorf("the stream has %v, %v", got, err)
	}
}

func TestABatchThatCannotBeIsRefusedAndTheNextIsNot(t *testing.T) {
	n := start(t)
	c := connect(t, n.Address())
	appendTo(t, c, "gone", event("t"))
	tombstone(t, c, "gone")
	call, _ := batches(t, n.Address())
	big := part(uuid.New(), atStart("big"), true, 1)
	big.ProposedMessages[0].Data = make([]byte, 2<<20)
	untyped := part(uuid.New(), atStart("untyped"), true, 1)
	delete(untyped.ProposedMessages[0].Metadata, "type")
	expired := part(uuid.New(), atStart("late"), true, 1)
	expired.Options.DeadlineOption = &api.BatchAppendReq_Options_Deadline_21_10_0{Deadline_21_10_0: timestamppb.New(time.Unix(1, 0))}
	soon := part(uuid.New(), atStart("soon"), true, 1)
	soon.Options.DeadlineOption = &api.BatchAppendReq_Options_Deadline{Deadline: durationpb.New(10 * time.Second)}
	unversioned := part(uuid.New(), &api.BatchAppendReq_Options{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte("x")}}, true, 1)
	for _, c := range []struct {
		q    *api.BatchAppendReq
		code codes.Code
	}{
		{big, codes.InvalidArgument},
		{untyped, codes.InvalidArgument},
		{part(uuid.New(), atStart("gone"), true, 1), codes.NotFound},
		{expired, codes.DeadlineExceeded},
		{unversioned, codes.InvalidArgument},
		{part(uuid.New(), atStart("$all"), true, 1), codes.PermissionDenied},
		{part(uuid.New(), atStart(""), true, 1), codes.InvalidArgument},
		{soon, codes.OK},
	} {
		if err := call.Send(c.q); err != nil {
			t.Fatal(err)
		}
		r, err := call.Recv()
		if err != nil {
			t.Fatal(err)
		}
		if got := codes.Code(r.GetError().GetCode()); got != c.code || (c.code == codes.OK) != (r.GetSuccess() != nil) {
			t.Errorf("%s: %v, want %v", c.q.Options.StreamIdentifier.StreamName, r, c.code)
		}
	}
}

// A batch that never becomes whole appends nothing, and one call cannot hold
// batches without end.
func TestUnfinishedBatchesAppendNothing(t *testing.T) {
	n := start(t)
	call, streams := batches(t, n.Address())
	if err := call.Send(part(uuid.New(), atStart("half"), false, 3)); err != nil {
		t.Fatal(err)
	}
	if err := call.CloseSend(); err != nil {
		t.Fatal(err)
	}
	if r, err := call.Recv(); err == nil {
		t.Errorf("answered %v", r)
	}
	if got, err := read(t, connect(t, n.Address()), "half", esdb.ReadStreamOptions{}, 10); codeOf(err) != esdb.ErrorCodeResourceNotFound {
		t.Errorf("half a batch is there: %v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(within(t, 20*time.Second))
	defer cancel()
	endless, err := streams.BatchAppend(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for range 5000 {
		if err := endless.Send(part(uuid.New(), atStart("half"), false, 0)); err != nil {
			return // it was ended while we were still sending
		}
	}
	if _, err := endless.Recv(); err == nil {
		t.Error("five thousand open batches are taken")
	}
}

func tombstone(t *testing.T, c *esdb.Client, stream string) {
	t.Helper()
	if _, err := c.TombstoneStream(within(t, 10*time.Second), stream, esdb.TombstoneStreamOptions{}); err != nil {
		t.Fatal(err)
	}
}
