package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"nucleo/eventstore/node/eventlog"
)

// ScavengeStream holds what scavenges there were, and how far the present one is. It keeps
// the newest hundred events.
const ScavengeStream = "$scavenges"

// Types of its events. EventStoreDB has the first and the last.
const (
	ScavengeStarted   = "$scavengeStarted"
	ScavengeProgress  = "$scavengeProgress"
	ScavengeCompleted = "$scavengeCompleted"
)

// ScavengeNote is what an event of ScavengeStream holds.
type ScavengeNote struct {
	ID       string   `json:"scavengeId"`
	Result   string   `json:"result,omitempty"` // Success, Stopped, Failed
	Error    string   `json:"error,omitempty"`
	Took     string   `json:"timeTaken,omitempty"`
	Position int64    `json:"position"`
	Last     int64    `json:"last"`
	Events   int64    `json:"events"`
	Streams  int64    `json:"streams"`
	Bytes    int64    `json:"bytes"`
	Saved    int64    `json:"spaceSaved"` // bytes of the file, given back
	Kept     []string `json:"kept,omitempty"`
}

// scavenges runs one scavenge at a time.
type scavenges struct {
	events *eventlog.Log
	keep   func(stream string) bool
	now    func() time.Time
	log    *slog.Logger

	mu      sync.Mutex
	running string // its id, or nothing
	stop    context.CancelFunc
	closed  bool
	ended   sync.WaitGroup
}

// Start begins a scavenge; started is false where one is going on, whose id it is.
func (s *scavenges) Start() (id string, started bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != "" || s.closed {
		return s.running, false
	}
	ctx, stop := context.WithCancel(context.Background())
	s.running, s.stop = uuid.NewString(), stop
	s.ended.Add(1)
	go s.run(ctx, s.running)
	return s.running, true
}

// Stop ends a scavenge, and reports whether it was going on.
func (s *scavenges) Stop(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == "" || s.running != id {
		return false
	}
	s.stop()
	return true
}

// Close ends what goes on, and lets nothing begin.
func (s *scavenges) Close() {
	s.mu.Lock()
	s.closed = true
	if s.running != "" {
		s.stop()
	}
	s.mu.Unlock()
	s.ended.Wait()
}

const tellEvery = 5 * time.Second

func (s *scavenges) run(ctx context.Context, id string) {
	defer s.ended.Done()
	begun := s.now()
	told := begun
	s.note(ScavengeStarted, ScavengeNote{ID: id})
	done, err := s.events.Scavenge(ctx, eventlog.Scavenging{Keep: s.keep, Progress: func(d eventlog.Scavenged) {
		if now := s.now(); now.Sub(told) >= tellEvery {
			told = now
			s.note(ScavengeProgress, noteOf(id, d))
		}
	}})
	n := noteOf(id, done)
	n.Result, n.Took = "Success", s.now().Sub(begun).Round(time.Millisecond).String()
	switch {
	case err != nil && ctx.Err() != nil:
		n.Result = "Stopped"
	case err != nil:
		n.Result, n.Error = "Failed", err.Error()
		s.log.Warn("the event log could not be scavenged; what was removed is gone, call it again", "error", err)
	}
	s.note(ScavengeCompleted, n)
	s.log.Info("the event log was scavenged", "result", n.Result, "events", n.Events, "streams", n.Streams, "bytes", n.Bytes, "given_back", n.Saved, "took", n.Took)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop()
	s.running, s.stop = "", nil
}

func noteOf(id string, d eventlog.Scavenged) ScavengeNote {
	return ScavengeNote{ID: id, Position: d.Position, Last: d.Last, Events: d.Events, Streams: d.Streams, Bytes: d.Bytes, Saved: d.Pages * eventlog.PageSize, Kept: d.Kept}
}

// note tells those who follow the stream. That it cannot keeps nobody from scavenging.
func (s *scavenges) note(kind string, n ScavengeNote) {
	err := s.bound()
	if err == nil {
		err = s.put(ScavengeStream, kind, n)
	}
	if err != nil && !errors.Is(err, eventlog.ErrClosed) {
		s.log.Warn("what a scavenge does cannot be noted", "error", err)
	}
}

// bound sees to it that the stream does not grow.
func (s *scavenges) bound() error {
	_, err := s.events.Stream(context.Background(), "$$"+ScavengeStream)
	if !eventlog.Gone(err) {
		return err
	}
	return s.put("$$"+ScavengeStream, eventlog.TypeMetadata, map[string]int{"$maxCount": 100})
}

func (s *scavenges) put(stream, kind string, what any) error {
	data, err := json.Marshal(what)
	if err == nil {
		_, err = s.events.Append(context.Background(), stream, eventlog.Any, []eventlog.Proposed{{ID: uuid.New(), Type: kind, JSON: true, Data: data}})
	}
	if err != nil {
		return fmt.Errorf("%s: %w", stream, err)
	}
	return nil
}

// often starts a scavenge so long after the last one ended well, as long as ctx holds.
func (s *scavenges) often(ctx context.Context, every time.Duration) {
	for {
		select {
		case <-time.After(min(every, time.Hour)):
		case <-ctx.Done():
			return
		}
		if s.now().Sub(s.last(ctx)) >= every {
			s.Start()
		}
	}
}

// last is when the last scavenge ended well, as far as that is known.
func (s *scavenges) last(ctx context.Context) (when time.Time) {
	for e, err := range s.events.ReadStream(ctx, ScavengeStream, eventlog.End, eventlog.Backwards, 100) {
		var n ScavengeNote
		if err != nil || json.Unmarshal(e.Data, &n) != nil {
			break
		}
		if n.Result == "Success" {
			return time.Unix(0, e.Created*100)
		}
	}
	return when
}
