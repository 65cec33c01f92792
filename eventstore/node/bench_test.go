package node_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"nucleo/eventstore/node"
	"nucleo/eventstore/node/eventlog"
)

const payload = 300 // bytes of data of one event

// callers runs b.N calls on n goroutines, each with streams of its own.
func callers(b *testing.B, n int, call func(ctx context.Context, stream string, revision int64) error) {
	b.Helper()
	var done atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	for range n {
		all.Go(func() {
			stream, revision := "caso-"+uuid.NewString(), int64(-1)
			for done.Add(1) <= int64(b.N) {
				if err := call(context.Background(), stream, revision); err != nil {
					b.Error(err)
					return
				}
				if revision++; revision == 20 {
					stream, revision = "caso-"+uuid.NewString(), -1
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
}

func BenchmarkAppend(b *testing.B) {
	for _, n := range []int{1, 32} {
		b.Run(fmt.Sprintf("raw/%d", n), func(b *testing.B) {
			raw := openRaw(b)
			data := make([]byte, payload+100)
			callers(b, n, func(context.Context, string, int64) error { return raw.append(data) })
		})
		b.Run(fmt.Sprintf("log/%d", n), func(b *testing.B) {
			log, err := eventlog.Open(b.TempDir()+"/events.db", eventlog.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer log.Close()
			data := make([]byte, payload)
			callers(b, n, func(ctx context.Context, stream string, revision int64) error {
				_, err := log.Append(ctx, stream, revision, []eventlog.Proposed{{ID: uuid.New(), Type: "CasoAssegnato", JSON: true, Data: data}})
				return err
			})
		})
		b.Run(fmt.Sprintf("client/%d", n), func(b *testing.B) {
			c := connect(b, start(b, func(*node.Config) {}).Address())
			data := make([]byte, payload)
			callers(b, n, func(ctx context.Context, stream string, revision int64) error {
				o := esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}
				if revision >= 0 {
					o.ExpectedRevision = esdb.Revision(uint64(revision))
				}
				_, err := c.AppendToStream(ctx, stream, o, esdb.EventData{EventID: uuid.New(), EventType: "CasoAssegnato", ContentType: esdb.ContentTypeJson, Data: data})
				return err
			})
		})
	}
}

// BenchmarkRead reads one event an iteration: from the log in process, and as a
// catch-up subscription through the client.
func BenchmarkRead(b *testing.B) {
	n := start(b)
	c := connect(b, n.Address())
	const total = 100_000
	data := make([]byte, payload)
	for i := 0; i < total; i += 20 {
		batch := make([]eventlog.Proposed, 20)
		for j := range batch {
			batch[j] = eventlog.Proposed{ID: uuid.New(), Type: "CasoAssegnato", JSON: true, Data: data}
		}
		if _, err := n.Log().Append(b.Context(), fmt.Sprintf("caso-%d", i/20), eventlog.NoStream, batch); err != nil {
			b.Fatal(err)
		}
	}
	report := func(b *testing.B) { b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s") }
	b.Run("log", func(b *testing.B) {
		for left := b.N; left > 0; {
			for _, err := range n.Log().ReadAll(b.Context(), 0, eventlog.Forwards, uint64(min(left, total))) {
				if err != nil {
					b.Fatal(err)
				}
				left--
			}
		}
		report(b)
	})
	b.Run("subscription", func(b *testing.B) {
		for left := b.N; left > 0; {
			sub, err := c.SubscribeToAll(b.Context(), esdb.SubscribeToAllOptions{From: esdb.Start{}})
			if err != nil {
				b.Fatal(err)
			}
			for n := min(left, total); n > 0; {
				e := sub.Recv()
				if e.SubscriptionDropped != nil {
					b.Fatal(e.SubscriptionDropped.Error)
				}
				if e.EventAppeared != nil {
					n--
					left--
				}
			}
			sub.Close()
		}
		report(b)
	})
	b.Run("stream of 20", func(b *testing.B) {
		for i := range b.N {
			count := 0
			for _, err := range n.Log().ReadStream(b.Context(), fmt.Sprintf("caso-%d", i*7919%(total/20)), 0, eventlog.Forwards, 1000) {
				if err != nil {
					b.Fatal(err)
				}
				count++
			}
			if count != 20 {
				b.Fatalf("%d events", count)
			}
		}
	})
}
