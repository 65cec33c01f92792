package persistent_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/node/persistent"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// world is a log with a group, and what became of each event, as the consumers
// know it.
type world struct {
	t       *testing.T
	r       *rand.Rand
	path    string
	log     *eventlog.Log
	service *persistent.Service
	key     persistent.Key
	there   []*member

	written []uuid.UUID
	done    map[uuid.UUID]bool // acknowledged or skipped
	parked  map[uuid.UUID]bool
	again   int // deliveries of what was done already
}

// member is a consumer with what it holds.
type member struct {
	*persistent.Consumer
	holds []uuid.UUID
}

func (w *world) open() {
	w.t.Helper()
	var err error
	if w.log, err = eventlog.Open(w.path, eventlog.Options{}); err != nil {
		w.t.Fatal(err)
	}
	if w.service, err = persistent.Open(w.log, quiet, time.Now); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) close() {
	w.t.Helper()
	w.service.Close()
	w.there = nil
	if err := w.log.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// crash leaves the log as a killed process would: the groups write no checkpoint.
func (w *world) crash() {
	w.t.Helper()
	copied := filepath.Join(w.t.TempDir(), "events.db")
	if err := w.log.Backup(w.t.Context(), copied); err != nil {
		w.t.Fatal(err)
	}
	w.close()
	w.path = copied
	w.open()
}

func (w *world) write() {
	n := 1 + w.r.IntN(5)
	events := make([]eventlog.Proposed, n)
	for i := range events {
		events[i] = eventlog.Proposed{ID: uuid.New(), Type: "t", JSON: true, Data: []byte("{}")}
		w.written = append(w.written, events[i].ID)
	}
	stream := w.key.Stream
	if stream == persistent.All {
		stream = fmt.Sprint("s", w.r.IntN(4))
	}
	if _, err := w.log.Append(w.t.Context(), stream, eventlog.Any, events); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) join() {
	c, err := w.service.Join(w.t.Context(), w.key, 1+w.r.IntN(5), persistent.About{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.there = append(w.there, &member{Consumer: c})
}

// receive takes what has come to the members.
func (w *world) receive() (came int) {
	for _, m := range w.there {
		for more := true; more; {
			select {
			case d := <-m.Deliveries():
				if d.Event.Type == "t" {
					if w.done[d.Event.ID] {
						w.again++
					}
				}
				m.holds = append(m.holds, d.Event.ID)
				came++
			default:
				more = false
			}
		}
	}
	return came
}

// answer says something about one event that a member holds.
func (w *world) answer() {
	if len(w.there) == 0 {
		return
	}
	m := w.there[w.r.IntN(len(w.there))]
	if len(m.holds) == 0 {
		return
	}
	i := w.r.IntN(len(m.holds))
	id := m.holds[i]
	m.holds = append(m.holds[:i], m.holds[i+1:]...)
	ctx := w.t.Context()
	var err error
	switch w.r.IntN(8) {
	case 0:
		err = m.Nack(ctx, persistent.Retry, "again", id)
	case 1:
		err = m.Nack(ctx, persistent.Park, "aside", id)
		w.parked[id] = true
	case 2:
		err = m.Nack(ctx, persistent.Skip, "not for us", id)
		w.done[id] = true
	default:
		err = m.Ack(ctx, id)
		w.done[id] = true
	}
	if err != nil && !errors.Is(err, persistent.ErrDropped) {
		w.t.Fatal(err)
	}
}

func (w *world) step() {
	switch n := w.r.IntN(100); {
	case n < 20:
		w.write()
	case n < 24 && len(w.there) < 4:
		w.join()
	case n < 27 && len(w.there) > 0:
		i := w.r.IntN(len(w.there))
		w.there[i].Leave()
		w.there = append(w.there[:i], w.there[i+1:]...)
	case n == 27:
		w.close()
		w.open()
	case n == 28:
		w.crash()
	case n < 31:
		if err := w.service.ReplayParked(w.t.Context(), w.key, 0); err != nil {
			w.t.Fatal(err)
		}
	default:
		w.receive()
		w.answer()
	}
}

// finish has one consumer acknowledge everything, parked events too.
func (w *world) finish() {
	for _, m := range w.there {
		m.Leave()
	}
	w.there = nil
	w.join()
	m := w.there[0]
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer cancel()
	for {
		if err := w.service.ReplayParked(ctx, w.key, 0); err != nil {
			w.t.Fatal(err)
		}
		i, err := w.service.Info(ctx, w.key)
		if err != nil {
			w.t.Fatal(err)
		}
		if w.receive(); len(m.holds) == 0 && i.InFlight == 0 && i.Retrying == 0 && i.Ahead == 0 && i.Parked == 0 && !i.Behind && i.Outstanding == 0 {
			return
		}
		if err := m.Ack(ctx, m.holds...); err != nil {
			w.t.Fatal(err)
		}
		for _, id := range m.holds {
			w.done[id] = true
		}
		m.holds = nil
	}
}

// Whatever consumers do, and however often the group is stopped or killed, each
// event comes to an end: it is acknowledged, skipped, or parked until it is.
func TestEveryEventComesToAnEnd(t *testing.T) {
	seeds := 1
	if os.Getenv("NUCLEO_LONG") == "1" {
		seeds = 1000
	}
	for _, source := range []string{"s", persistent.All} {
		for _, strategy := range []persistent.Strategy{persistent.RoundRobin, persistent.DispatchToSingle, persistent.Pinned, persistent.PinnedByCorrelation} {
			t.Run(source+"/"+string(strategy), func(t *testing.T) {
				t.Parallel()
				for seed := range seeds {
					w := &world{
						t: t, r: rand.New(rand.NewPCG(uint64(seed), 1)), path: filepath.Join(t.TempDir(), "events.db"),
						key: persistent.Key{Stream: source, Group: "g"}, done: map[uuid.UUID]bool{}, parked: map[uuid.UUID]bool{},
					}
					w.open()
					err := w.service.Create(t.Context(), w.key, persistent.Where{}, nil, persistent.Settings{
						Strategy: strategy, MaxRetryCount: 2, HistoryBuffer: 16, ReadBatch: 4, MaxCheckpoint: int32(1 + w.r.IntN(20)), MinCheckpoint: 1,
						CheckpointAfter: time.Duration(w.r.IntN(3)) * time.Millisecond,
					})
					if err != nil {
						t.Fatal(err)
					}
					for range 300 {
						w.step()
					}
					w.finish()
					for i, id := range w.written {
						if !w.done[id] {
							t.Fatalf("seed %d: event %d of %d never came to an end (parked once: %t)", seed, i, len(w.written), w.parked[id])
						}
					}
					w.close()
				}
			})
		}
	}
}
