package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"nucleo/eventstore/node"
	"nucleo/eventstore/node/eventlog"
)

const (
	payload   = 300 // bytes of data of one event of T1–T3
	perStream = 20  // events of a stream
	rounds    = 5
)

// appends measures durable appends with version check (T1–T3).
func appends(ctx context.Context, b *bench) (err error) {
	r, err := openRaw(filepath.Join(b.dir, "raw"), payload+100)
	if err != nil {
		return err
	}
	log, err := eventlog.Open(filepath.Join(b.dir, "log.db"), eventlog.Options{})
	if err != nil {
		return errors.Join(err, r.close())
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	n, err := node.Start(ctx, node.Config{Dir: filepath.Join(b.dir, "append")})
	if err != nil {
		return errors.Join(err, r.close())
	}
	defer func() { err = errors.Join(err, n.Stop()) }()
	client, err := dial(n.Address())
	if err != nil {
		return errors.Join(err, r.close())
	}
	defer func() { err = errors.Join(err, client.Close()) }()

	var inLog, inNode atomic.Int64
	took := time.Duration(b.pick(500, 200)) * time.Millisecond
	subjects := []subject{
		{"raw, 32 clients", appending(32, took, intoRaw(r), nil)},
		{"log in process, 32 clients", appending(32, took, intoLog(log), &inLog)},
		{"client and gRPC, 32 clients", appending(32, took, intoNode(client), &inNode)},
		{"raw, 1 client", appending(1, took, intoRaw(r), nil)},
		{"log in process, 1 client", appending(1, took, intoLog(log), &inLog)},
		{"client and gRPC, 1 client", appending(1, took, intoNode(client), &inNode)},
	}
	peers, err := b.peers(ctx, took)
	if err != nil {
		return errors.Join(err, r.close())
	}
	for _, p := range peers {
		subjects = append(subjects, p.subject)
	}
	got, err := b.interleave(ctx, 2*b.rounds()+1, subjects...)
	if err = errors.Join(err, verified(ctx, peers...), r.close()); err != nil {
		return err
	}
	if err := errors.Join(counted(ctx, log, inLog.Load()), counted(ctx, n.Log(), inNode.Load())); err != nil {
		return err
	}
	events := fmt.Sprintf(", %s events read back", thousands(float64(inLog.Load()+inNode.Load())))
	raw32, raw1 := got["raw, 32 clients"], got["raw, 1 client"]
	inProcess, overWire := got["log in process, 32 clients"], got["client and gRPC, 32 clients"]
	b.table.ratio("T1", "durable append with version check, 32 clients, node's log in process"+events, inProcess, peers[0].name, got[peers[0].name], 20)
	b.table.ratio("T1", "the same, official client and gRPC", overWire, peers[0].name, got[peers[0].name], 8)
	for _, p := range peers[1:] {
		b.table.ratio("T1", "the same, official client and gRPC", overWire, p.name, got[p.name], 0)
	}
	b.table.ratio("T1", "the same, official client and gRPC", overWire, "raw limit, 32 clients", raw32, 0)
	b.table.ratio("T1", "the same, 1 client", got["client and gRPC, 1 client"], "raw limit, 1 client", raw1, 0)
	b.table.ratio("T2", "durable append with version check, 32 clients, node's log in process", got["log in process, 32 clients"], "raw limit, 32 clients", raw32, 0.6)
	b.table.ratio("T3", "the same, 1 client", got["log in process, 1 client"], "raw limit, 1 client", raw1, 0.8)
	return nil
}

// dial makes an official client of a node.
func dial(address string) (*esdb.Client, error) {
	config, err := esdb.ParseConnectionString("esdb://localhost?tls=false")
	if err != nil {
		return nil, err
	}
	config.Address = address
	config.Logger = nil
	return esdb.NewClient(config)
}

// appendTo appends one event to a stream whose last event has a revision, -1
// for none.
type appendTo func(ctx context.Context, stream string, revision int64) error

func intoRaw(r *raw) appendTo {
	data := make([]byte, r.entry)
	return func(context.Context, string, int64) error { return r.append(data) }
}

func intoLog(log *eventlog.Log) appendTo {
	data := make([]byte, payload)
	return func(ctx context.Context, stream string, revision int64) error {
		_, err := log.Append(ctx, stream, revision, []eventlog.Proposed{{ID: uuid.New(), Type: "CasoAssegnato", JSON: true, Data: data}})
		return err
	}
}

func intoNode(c *esdb.Client) appendTo {
	data := make([]byte, payload)
	return func(ctx context.Context, stream string, revision int64) error {
		options := esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}
		if revision >= 0 {
			options.ExpectedRevision = esdb.Revision(uint64(revision))
		}
		_, err := c.AppendToStream(ctx, stream, options, esdb.EventData{EventID: uuid.New(), EventType: "CasoAssegnato", ContentType: esdb.ContentTypeJson, Data: data})
		return err
	}
}

// appending is a round: clients that append for a while, each to streams of
// its own. Those that succeeded are added to counter.
func appending(clients int, d time.Duration, add appendTo, counter *atomic.Int64) func(context.Context) (float64, error) {
	return func(ctx context.Context) (float64, error) {
		n, took, err := together(ctx, clients, d, inStreams(add))
		if counter != nil {
			counter.Add(int64(n))
		}
		return rate(n, took), err
	}
}

// inStreams is a client that appends to streams of its own, one after the other.
func inStreams(add appendTo) func(int) func(context.Context) error {
	return func(int) func(context.Context) error {
		stream, revision := "caso-"+uuid.NewString(), int64(-1)
		return func(ctx context.Context) error {
			if revision == perStream-1 {
				stream, revision = "caso-"+uuid.NewString(), -1
			}
			err := add(ctx, stream, revision)
			revision++
			return err
		}
	}
}

// together lets clients repeat calls side by side, for a while or until one
// fails.
func together(ctx context.Context, clients int, d time.Duration, client func(int) func(context.Context) error) (n int, took time.Duration, err error) {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var done atomic.Int64
	var all sync.WaitGroup
	begun := time.Now()
	for c := range clients {
		call := client(c)
		all.Go(func() {
			for time.Since(begun) < d && ctx.Err() == nil {
				if err := call(ctx); err != nil {
					fail(err)
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	return int(done.Load()), time.Since(begun), context.Cause(ctx)
}

// counted reads a log from end to end, and holds the events against those that
// were appended and the revisions of each stream against an unbroken row.
func counted(ctx context.Context, log *eventlog.Log, want int64) error {
	var n int64
	next := map[string]int64{}
	for e, err := range log.ReadAll(ctx, 0, eventlog.Forwards, 1<<62) {
		if err != nil {
			return err
		}
		if e.Revision != next[e.Stream] {
			return fmt.Errorf("%s goes from revision %d to %d", e.Stream, next[e.Stream]-1, e.Revision)
		}
		next[e.Stream]++
		n++
	}
	if n != want {
		return fmt.Errorf("%d events were appended, and %d are there", want, n)
	}
	return nil
}
