package node_test

import (
	"context"
	"fmt"
	"math"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"nucleo/eventstore/node"
)

func dial(t testing.TB, n *node.Node) api.StreamsClient {
	t.Helper()
	conn, err := grpc.NewClient(n.Address(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return api.NewStreamsClient(conn)
}

func options(stream string) *api.AppendReq {
	return &api.AppendReq{Content: &api.AppendReq_Options_{Options: &api.AppendReq_Options{
		StreamIdentifier:       &shared.StreamIdentifier{StreamName: []byte(stream)},
		ExpectedStreamRevision: &api.AppendReq_Options_Any{Any: &shared.Empty{}}}}}
}

func message(change func(*api.AppendReq_ProposedMessage)) *api.AppendReq {
	m := &api.AppendReq_ProposedMessage{
		Id:       &shared.UUID{Value: &shared.UUID_String_{String_: uuid.NewString()}},
		Metadata: map[string]string{"type": "t", "content-type": "application/json"}, Data: []byte(`{}`)}
	if change != nil {
		change(m)
	}
	return &api.AppendReq{Content: &api.AppendReq_ProposedMessage_{ProposedMessage: m}}
}

// send appends by hand and returns the code and the trailers.
func send(t *testing.T, c api.StreamsClient, messages ...*api.AppendReq) (codes.Code, metadata.MD) {
	t.Helper()
	call, err := c.Append(within(t, 10*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		if err := call.Send(m); err != nil {
			t.Fatal("the node answered before it read the request:", err)
		}
	}
	_, err = call.CloseAndRecv()
	return status.Code(err), call.Trailer()
}

func TestMalformedAppendsAreRefusedInFull(t *testing.T) {
	n := start(t)
	c := dial(t, n)
	large := func(m *api.AppendReq_ProposedMessage) { m.Data = make([]byte, 300<<10) }
	for name, q := range map[string]struct {
		messages  []*api.AppendReq
		code      codes.Code
		exception string
	}{
		"empty stream name":  {[]*api.AppendReq{options(""), message(nil)}, codes.InvalidArgument, ""},
		"reserved name":      {[]*api.AppendReq{options("$$"), message(nil)}, codes.InvalidArgument, ""},
		"$all":               {[]*api.AppendReq{options("$all"), message(nil)}, codes.PermissionDenied, "access-denied"},
		"name not UTF-8":     {[]*api.AppendReq{options("a\xff"), message(nil)}, codes.InvalidArgument, ""},
		"very long name":     {[]*api.AppendReq{options(strings.Repeat("x", 5000)), message(nil)}, codes.InvalidArgument, ""},
		"no options":         {[]*api.AppendReq{message(nil), message(nil)}, codes.InvalidArgument, ""},
		"options twice":      {[]*api.AppendReq{options("s"), options("s")}, codes.InvalidArgument, "missing-required-metadata-property"},
		"zero id":            {[]*api.AppendReq{options("s"), message(func(m *api.AppendReq_ProposedMessage) { m.Id.Value = &shared.UUID_String_{String_: uuid.Nil.String()} })}, codes.InvalidArgument, ""},
		"no id":              {[]*api.AppendReq{options("s"), message(func(m *api.AppendReq_ProposedMessage) { m.Id = nil })}, codes.InvalidArgument, ""},
		"id that is no uuid": {[]*api.AppendReq{options("s"), message(func(m *api.AppendReq_ProposedMessage) { m.Id.Value = &shared.UUID_String_{String_: "?"} })}, codes.InvalidArgument, ""},
		"empty type":         {[]*api.AppendReq{options("s"), message(func(m *api.AppendReq_ProposedMessage) { m.Metadata["type"] = "" })}, codes.InvalidArgument, ""},
		"no type":            {[]*api.AppendReq{options("s"), message(func(m *api.AppendReq_ProposedMessage) { delete(m.Metadata, "type") })}, codes.InvalidArgument, "missing-required-metadata-property"},
		"no content type":    {[]*api.AppendReq{options("s"), message(func(m *api.AppendReq_ProposedMessage) { delete(m.Metadata, "content-type") }), message(nil)}, codes.InvalidArgument, "missing-required-metadata-property"},
		"over 1 MiB":         {[]*api.AppendReq{options("s"), message(large), message(large), message(large), message(large), message(large)}, codes.InvalidArgument, "maximum-append-size-exceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			code, trailer := send(t, c, q.messages...)
			exception := strings.Join(trailer.Get("exception"), "")
			if d := cmp.Diff([]any{q.code, q.exception}, []any{code, exception}); d != "" {
				t.Error(d)
			}
		})
	}
	if last, _ := n.Log().Last(); last != 0 {
		t.Errorf("something was written, up to %d", last)
	}
}

func TestALargeAppendIsRefusedWithoutLosingTheAnswer(t *testing.T) {
	c := connect(t, start(t).Address())
	for range 50 {
		batch := events(30)
		for i := range batch {
			batch[i].Data = make([]byte, 60<<10)
		}
		_, err := c.AppendToStream(within(t, 10*time.Second), "s", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, batch...)
		if err == nil || !strings.Contains(fmt.Sprint(err), "Maximum Append Size") {
			t.Fatal(err)
		}
	}
	one := event("t")
	one.Data = make([]byte, 1<<20-2-len(one.Metadata))
	appendTo(t, c, "s", one)
}

func readBy(t *testing.T, c api.StreamsClient, o *api.ReadReq_Options) (kinds []string, code codes.Code) {
	t.Helper()
	call, err := c.Read(within(t, 10*time.Second), &api.ReadReq{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	for {
		m, err := call.Recv()
		if err != nil {
			if code = status.Code(err); err.Error() == "EOF" {
				code = codes.OK
			}
			return kinds, code
		}
		kinds = append(kinds, strings.TrimPrefix(fmt.Sprintf("%T", m.Content), "*streams.ReadResp_"))
	}
}

func TestReadsByHand(t *testing.T) {
	n := start(t)
	c := dial(t, n)
	send(t, c, options("s"), message(nil), message(nil))
	stream := func(from uint64, compatibility uint32) *api.ReadReq_Options {
		return &api.ReadReq_Options{
			StreamOption: &api.ReadReq_Options_Stream{Stream: &api.ReadReq_Options_StreamOptions{
				StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte("s")},
				RevisionOption:   &api.ReadReq_Options_StreamOptions_Revision{Revision: from}}},
			CountOption:   &api.ReadReq_Options_Count{Count: 10},
			FilterOption:  &api.ReadReq_Options_NoFilter{NoFilter: &shared.Empty{}},
			UuidOption:    &api.ReadReq_Options_UUIDOption{Content: &api.ReadReq_Options_UUIDOption_String_{String_: &shared.Empty{}}},
			ControlOption: &api.ReadReq_Options_ControlOption{Compatibility: compatibility}}
	}
	noIDs, noStream, emptyName := stream(0, 0), stream(0, 0), stream(0, 0)
	noIDs.UuidOption, noStream.StreamOption = nil, nil
	emptyName.GetStream().StreamIdentifier = nil
	backwards := &api.ReadReq_Options{StreamOption: &api.ReadReq_Options_All{All: &api.ReadReq_Options_AllOptions{
		AllOption: &api.ReadReq_Options_AllOptions_Position{Position: &api.ReadReq_Options_Position{CommitPosition: 1, PreparePosition: 2}}}}, UuidOption: stream(0, 0).UuidOption}
	for name, q := range map[string]struct {
		o     *api.ReadReq_Options
		kinds []string
		code  codes.Code
	}{
		"compatibility 0":         {stream(0, 0), []string{"Event", "Event"}, codes.OK},
		"compatibility 1":         {stream(0, 1), []string{"Event", "Event", "LastStreamPosition"}, codes.OK},
		"compatibility 1, beyond": {stream(9, 1), []string{"FirstStreamPosition", "LastStreamPosition"}, codes.OK},
		"compatibility 1, at end": {stream(2, 1), []string{"LastStreamPosition"}, codes.OK},
		"the largest revision":    {stream(math.MaxUint64, 0), nil, codes.OK},
		"no uuid option":          {noIDs, nil, codes.InvalidArgument},
		"no stream":               {noStream, nil, codes.InvalidArgument},
		"empty name":              {emptyName, nil, codes.InvalidArgument},
		"commit before prepare":   {backwards, nil, codes.InvalidArgument},
		"nothing at all":          {nil, nil, codes.InvalidArgument},
	} {
		kinds, code := readBy(t, c, q.o)
		if d := cmp.Diff([]any{q.kinds, q.code}, []any{kinds, code}); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestEventsCarryWhatClientsNeed(t *testing.T) {
	n := start(t)
	c := dial(t, n)
	send(t, c, options("s"), message(func(m *api.AppendReq_ProposedMessage) {
		m.Metadata["content-type"] = "application/octet-stream"
		m.Id.Value = &shared.UUID_String_{String_: "00112233-4455-6677-8899-aabbccddeeff"}
	}))
	call, err := c.Read(within(t, 10*time.Second), &api.ReadReq{Options: &api.ReadReq_Options{
		StreamOption: &api.ReadReq_Options_All{All: &api.ReadReq_Options_AllOptions{AllOption: &api.ReadReq_Options_AllOptions_Start{Start: &shared.Empty{}}}},
		CountOption:  &api.ReadReq_Options_Count{Count: 1},
		UuidOption:   &api.ReadReq_Options_UUIDOption{Content: &api.ReadReq_Options_UUIDOption_Structured{Structured: &shared.Empty{}}}}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := call.Recv()
	if err != nil {
		t.Fatal(err)
	}
	e := m.GetEvent().GetEvent()
	if got := e.GetId().GetStructured(); got.GetMostSignificantBits() != 0x0011223344556677 || got.GetLeastSignificantBits() != -0x7766554433221101 {
		t.Errorf("id %+v", got)
	}
	created := e.Metadata["created"]
	delete(e.Metadata, "created")
	if d := cmp.Diff(map[string]string{"type": "t", "content-type": "application/octet-stream"}, e.Metadata); d != "" || len(created) < 17 {
		t.Errorf("metadata %s, created %q", d, created)
	}
}

// FuzzAppend sends whatever: the node must answer something and stay alive.
func FuzzAppend(f *testing.F) {
	f.Add([]byte("s"), "t", "application/json", []byte(`{}`), uint64(0), "00112233-4455-6677-8899-aabbccddeeff")
	f.Add([]byte("$$s"), "$metadata", "application/json", []byte(`{"$tb":9223372036854775807}`), uint64(math.MaxUint64), "x")
	n := start(f)
	c := dial(f, n)
	f.Fuzz(func(t *testing.T, stream []byte, kind, content string, data []byte, revision uint64, id string) {
		call, err := c.Append(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		o := options("")
		o.GetOptions().StreamIdentifier.StreamName = stream
		o.GetOptions().ExpectedStreamRevision = &api.AppendReq_Options_Revision{Revision: revision}
		_ = call.Send(o)
		_ = call.Send(message(func(m *api.AppendReq_ProposedMessage) {
			m.Metadata = map[string]string{"type": kind, "content-type": content}
			m.Data, m.Id.Value = data, &shared.UUID_String_{String_: id}
		}))
		_, err = call.CloseAndRecv()
		if code := status.Code(err); code == codes.Unavailable {
			t.Fatal(err)
		}
	})
}

func TestGarbageOnTheWireHarmsNobody(t *testing.T) {
	n := start(t, func(cfg *node.Config) { cfg.Listen = "127.0.0.1:0" })
	for _, garbage := range []string{"GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff", strings.Repeat("\x00", 100)} {
		conn, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", n.Address())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Write([]byte(garbage))
		conn.Close()
	}
	appendTo(t, connect(t, n.Address()), "s", event("t"))
}
