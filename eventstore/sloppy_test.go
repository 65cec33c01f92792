package eventstore_test

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"

	features "github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/esdbtest"
	"nucleo/eventstore/node"
	"nucleo/eventstore/storetest"
)

// sloppy is a server that answers what it is told to.
type sloppy struct {
	api.UnimplementedStreamsServer
	features.UnimplementedServerFeaturesServer
	read    func(*api.ReadReq, api.Streams_ReadServer) error
	append  func(api.Streams_AppendServer) error
	appends atomic.Int64
}

func (s *sloppy) GetSupportedMethods(context.Context, *shared.Empty) (*features.SupportedMethods, error) {
	return &features.SupportedMethods{EventStoreServerVersion: "24.10.0"}, nil
}

func (s *sloppy) Read(q *api.ReadReq, out api.Streams_ReadServer) error {
	name := q.GetOptions().GetStream().GetStreamIdentifier()
	if string(name.GetStreamName()) == "nucleo-probe" || s.read == nil {
		return out.Send(&api.ReadResp{Content: &api.ReadResp_StreamNotFound_{StreamNotFound: &api.ReadResp_StreamNotFound{StreamIdentifier: name}}})
	}
	return s.read(q, out)
}

func (s *sloppy) Append(in api.Streams_AppendServer) error {
	s.appends.Add(1)
	for {
		if _, err := in.Recv(); err != nil {
			return s.append(in)
		}
	}
}

func (s *sloppy) open(t *testing.T) *eventstore.Store {
	t.Helper()
	path := esdbtest.Socket(t)
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	g := grpc.NewServer()
	api.RegisterStreamsServer(g, s)
	features.RegisterServerFeaturesServer(g, s)
	served := make(chan error, 1)
	go func() { served <- g.Serve(listener) }()
	t.Cleanup(func() { g.Stop(); <-served })
	store := connect(t, "unix:"+path)
	ready(t, store, 10*time.Second)
	return store
}

// F-35: the client panics on what it does not expect.
func TestAPanicOfTheClientIsAnError(t *testing.T) {
	s := (&sloppy{read: func(_ *api.ReadReq, out api.Streams_ReadServer) error {
		return out.Send(&api.ReadResp{Content: &api.ReadResp_CaughtUp_{CaughtUp: &api.ReadResp_CaughtUp{}}})
	}}).open(t)
	inTime(t, 2*time.Second, func(ctx context.Context) {
		var failed error
		for _, err := range s.Read(ctx, storetest.Stream()) {
			failed = errors.Join(failed, err)
		}
		if !errors.Is(failed, domain.ErrNonDisponibile) {
			t.Errorf("read: %v", failed)
		}
	})
	ready(t, s, 10*time.Second)
}

func TestAnAppendThatFailsIsSortedByWhatItLeftBehind(t *testing.T) {
	for name, c := range map[string]struct {
		code     codes.Code
		trailers []string
		want     error
		sent     int64
	}{
		"no rights":             {codes.PermissionDenied, []string{"exception", "access-denied"}, domain.ErrNonDisponibile, 1},
		"a wrong password":      {codes.Unauthenticated, nil, domain.ErrNonDisponibile, 1},
		"a server that is busy": {codes.Aborted, nil, domain.ErrEsitoIncerto, 5},
		"an unknown failure":    {codes.Internal, nil, domain.ErrEsitoIncerto, 5},
		"a follower without a leader": {codes.NotFound,
			[]string{"exception", "not-leader"}, domain.ErrEsitoIncerto, 5},
	} {
		t.Run(name, func(t *testing.T) {
			server := &sloppy{append: func(in api.Streams_AppendServer) error {
				if c.trailers != nil {
					in.SetTrailer(metadata.Pairs(c.trailers...))
				}
				return status.Error(c.code, "no")
			}}
			s := server.open(t)
			_, err := s.Append(t.Context(), storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Fine{})
			if !errors.Is(err, c.want) || server.appends.Load() != c.sent {
				t.Errorf("%v after %d tries, want %v after %d", err, server.appends.Load(), c.want, c.sent)
			}
		})
	}
}

// F-34: the client turns to the leader, and the call is to be made again.
func TestAFollowerIsLeftForItsLeader(t *testing.T) {
	leader, err := node.Start(t.Context(), node.Config{Dir: t.TempDir(), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	host, port, err := net.SplitHostPort(leader.Address())
	if err != nil {
		t.Fatal(err)
	}
	s := (&sloppy{append: func(in api.Streams_AppendServer) error {
		in.SetTrailer(metadata.Pairs("exception", "not-leader", "leader-endpoint-host", host, "leader-endpoint-port", port))
		return status.Error(codes.NotFound, "not the leader")
	}}).open(t)
	t.Cleanup(func() {
		if err := leader.Stop(); err != nil {
			t.Error(err)
		}
	})
	stream := storetest.Stream()
	storetest.Put(t, s, stream, domain.Head{}, storetest.Meta(), storetest.Fine{})
	if got := storetest.Read(t, s, stream); len(got) != 1 {
		t.Errorf("%d events", len(got))
	}
}

func TestAServerThatForgotWhatItWroteIsNotBelieved(t *testing.T) {
	s := (&sloppy{append: func(in api.Streams_AppendServer) error {
		return in.SendAndClose(&api.AppendResp{Result: &api.AppendResp_Success_{Success: &api.AppendResp_Success{
			CurrentRevisionOption: &api.AppendResp_Success_CurrentRevision{CurrentRevision: 0},
			PositionOption:        &api.AppendResp_Success_Position{Position: &api.AppendResp_Position{CommitPosition: 7, PreparePosition: 7}},
		}}})
	}}).open(t)
	if _, err := s.Append(t.Context(), storetest.Stream(), domain.Head{}, storetest.Meta(), storetest.Fine{}); err == nil {
		t.Error("an event that is not there was reported as written")
	}
}

func TestOpenRefusesWhatCannotWork(t *testing.T) {
	for name, c := range map[string]eventstore.Config{
		"no server":           {},
		"two servers":         {URL: "esdb://a", Address: "unix:/b"},
		"no URL":              {URL: "http://user:geheim@a"},
		"a password in clear": {URL: "esdb://localhost?tls=false", User: "admin", Password: "geheim"},
	} {
		if s, err := eventstore.Open(c, storetest.Catalog); err == nil {
			_ = s.Close()
			t.Errorf("%s was opened", name)
		}
	}
}
