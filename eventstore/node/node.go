package node

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	groupsapi "github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	features "github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"

	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/node/persistent"
	"nucleo/internal/durable"
)

// Config says where the node keeps its events and who may call it.
type Config struct {
	Dir    string        // made with mode 0700 when missing
	Listen string        // "HOST:PORT", "unix:PATH", or "" for the socket node.sock in Dir
	TLS    *tls.Config   // nil: no encryption
	Users  Users         // nil: no credentials are asked for
	Scrub  eventlog.Pace // how gently the log is looked through

	Keep     func(log *eventlog.Log, stream string) bool // a scavenge removes nothing of these streams; nil: of all what it can
	Scavenge time.Duration                               // a scavenge begins so long after the last one; 0: when somebody asks
	Log      *slog.Logger
	Now      func() time.Time
}

// FileName is the name of the event log inside the directory.
const FileName = "events.db"

// Node is a running server.
type Node struct {
	log      *eventlog.Log
	groups   *persistent.Service
	server   *grpc.Server
	listener net.Listener
	cleanup  func() error
	stopping chan struct{}
	served   chan error
	kept     sync.WaitGroup // who keeps the log in order

	scavenges *scavenges
	stop      sync.Once
	stopped   error
}

// Start opens the event log and serves it. A directory that another process uses
// is refused with eventlog.ErrLocked. ctx bounds the start only.
func Start(ctx context.Context, cfg Config) (*Node, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := durable.MakeDir(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("directory of the node: %w", err)
	}
	log, err := eventlog.Open(filepath.Join(cfg.Dir, FileName), eventlog.Options{Now: cfg.Now, Log: cfg.Log})
	if err != nil {
		return nil, err
	}
	n := &Node{log: log, stopping: make(chan struct{}), served: make(chan error, 1)}
	n.scavenges = &scavenges{events: log, now: cfg.Now, log: cfg.Log}
	if cfg.Keep != nil {
		n.scavenges.keep = func(stream string) bool { return cfg.Keep(log, stream) }
	}
	if n.groups, err = persistent.Open(log, cfg.Log, cfg.Now); err == nil {
		err = n.serve(cfg)
	}
	if err != nil {
		n.groups.Close()
		return nil, errors.Join(fmt.Errorf("start the node: %w", err), log.Close())
	}
	n.keep(cfg)
	return n, nil
}

func (n *Node) serve(cfg Config) (err error) {
	var guard *gate
	if cfg.Users != nil {
		if guard, err = newGate(cfg.Users); err != nil {
			return err
		}
	}
	if n.listener, n.cleanup, err = listen(cfg.Dir, cfg.Listen, cfg.Log); err != nil {
		return err
	}
	n.server = grpc.NewServer(serverOptions(cfg.TLS, guard)...)
	info := &about{id: uuid.New(), address: n.listener.Addr(), now: cfg.Now}
	log := &streams{log: n.log, now: cfg.Now, secured: guard != nil, stopping: n.stopping}
	api.RegisterStreamsServer(n.server, log)
	groupsapi.RegisterPersistentSubscriptionsServer(n.server, &groups{streams: log, service: n.groups})
	features.RegisterServerFeaturesServer(n.server, info)
	gossip.RegisterGossipServer(n.server, info)
	n.server.RegisterService(&operationsDesc, &operations{log, n.scavenges})
	go func() { n.served <- n.server.Serve(n.listener) }()
	return nil
}

// serverOptions keep the limits that a real server has. Clients ping every ten
// seconds also when idle: grpc-go's own policy would cut them off after a minute.
func serverOptions(encryption *tls.Config, guard *gate) []grpc.ServerOption {
	const maxMessage = 17 << 20
	options := []grpc.ServerOption{
		grpc.NumStreamWorkers(32), // a goroutine a call would grow its stack each time
		grpc.MaxRecvMsgSize(maxMessage),
		grpc.MaxSendMsgSize(maxMessage),
		grpc.MaxConcurrentStreams(100),
		grpc.MaxHeaderListSize(64 << 10),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: 10 * time.Second, Timeout: 10 * time.Second}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}),
	}
	if guard != nil {
		options = append(options, grpc.UnaryInterceptor(guard.unary), grpc.StreamInterceptor(guard.stream))
	}
	if encryption != nil {
		options = append(options, grpc.Creds(credentials.NewTLS(encryption)))
	}
	return options
}

// Address is where clients connect, as esdb.Configuration.Address takes it.
func (n *Node) Address() string {
	if n.listener.Addr().Network() == "unix" {
		return "unix:" + n.listener.Addr().String()
	}
	return n.listener.Addr().String()
}

// Log is the event log that the node serves.
func (n *Node) Log() *eventlog.Log { return n.log }

// Scavenge begins to remove what no read of a stream gives any more, as
// ScavengeStream tells; started is false where that is going on, by this id.
func (n *Node) Scavenge() (id string, started bool) { return n.scavenges.Start() }

// Failed yields the error of a commit that failed; the process must end then.
func (n *Node) Failed() <-chan error { return n.log.Failed() }

// stopWithin is how long calls under way may take to end.
const stopWithin = 10 * time.Second

// Stop ends subscriptions, lets appends finish and closes the log.
func (n *Node) Stop() error {
	n.stop.Do(func() {
		close(n.stopping)
		n.groups.Close()
		late := time.AfterFunc(stopWithin, n.server.Stop)
		n.server.GracefulStop()
		late.Stop()
		served := <-n.served
		if errors.Is(served, grpc.ErrServerStopped) { // before it had begun
			served = nil
		}
		n.scavenges.Close()
		n.kept.Wait()
		n.stopped = errors.Join(served, n.log.Close(), n.cleanup())
	})
	return n.stopped
}
