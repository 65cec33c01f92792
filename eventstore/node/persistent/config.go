package persistent

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"nucleo/eventstore/node/eventlog"
)

// entry is a group as the configuration holds it. Durations are milliseconds.
type entry struct {
	Stream           string   `json:"stream"`
	Group            string   `json:"group"`
	From             int64    `json:"startFrom"` // the first that is delivered: End was settled when the group was made
	AtEnd            bool     `json:"startAtEnd,omitempty"`
	Filter           *Filter  `json:"filter,omitempty"`
	ResolveLinks     bool     `json:"resolveLinkTos"`
	ExtraStatistics  bool     `json:"extraStatistics"`
	MessageTimeout   int64    `json:"messageTimeout"`
	MaxRetryCount    int32    `json:"maxRetryCount"`
	CheckpointAfter  int64    `json:"checkPointAfter"`
	MinCheckpoint    int32    `json:"minCheckPointCount"`
	MaxCheckpoint    int32    `json:"maxCheckPointCount"`
	MaxSubscribers   int32    `json:"maxSubscriberCount"`
	LiveBuffer       int32    `json:"liveBufferSize"`
	ReadBatch        int32    `json:"readBatchSize"`
	HistoryBuffer    int32    `json:"historyBufferSize"`
	ConsumerStrategy Strategy `json:"namedConsumerStrategy"`
}

type config struct {
	Version string    `json:"version"`
	Updated time.Time `json:"updated"`
	Entries []entry   `json:"entries"`
}

const configVersion = "2"

// definition is a group as it was made or last changed.
type definition struct {
	key      Key
	start    Where
	filter   *Filter
	settings Settings
}

func (d *definition) entry() entry {
	s := d.settings
	return entry{
		Stream: d.key.Stream, Group: d.key.Group, From: d.start.From, AtEnd: d.start.End, Filter: d.filter,
		ResolveLinks: s.ResolveLinks, ExtraStatistics: s.ExtraStatistics, MessageTimeout: s.MessageTimeout.Milliseconds(),
		MaxRetryCount: s.MaxRetryCount, CheckpointAfter: s.CheckpointAfter.Milliseconds(), MinCheckpoint: s.MinCheckpoint,
		MaxCheckpoint: s.MaxCheckpoint, MaxSubscribers: s.MaxSubscribers, LiveBuffer: s.LiveBuffer, ReadBatch: s.ReadBatch,
		HistoryBuffer: s.HistoryBuffer, ConsumerStrategy: s.Strategy,
	}
}

func (e *entry) definition() definition {
	ms := func(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
	return definition{
		key: Key{e.Stream, e.Group}, start: Where{e.From, e.AtEnd}, filter: e.Filter,
		settings: Settings{
			ResolveLinks: e.ResolveLinks, ExtraStatistics: e.ExtraStatistics, MessageTimeout: ms(e.MessageTimeout),
			MaxRetryCount: e.MaxRetryCount, CheckpointAfter: ms(e.CheckpointAfter), MinCheckpoint: e.MinCheckpoint,
			MaxCheckpoint: e.MaxCheckpoint, MaxSubscribers: e.MaxSubscribers, LiveBuffer: e.LiveBuffer, ReadBatch: e.ReadBatch,
			HistoryBuffer: e.HistoryBuffer, Strategy: e.ConsumerStrategy,
		},
	}
}

// load reads the groups that there are.
func (s *Service) load(ctx context.Context) ([]definition, error) {
	e, ok, err := last(ctx, s.log, configStream)
	if err != nil || !ok {
		return nil, err
	}
	var c config
	if err := json.Unmarshal(e.Data, &c); err != nil || c.Version != configVersion {
		return nil, fmt.Errorf("persistent subscriptions: the configuration at %d is not of version %s: %w", e.Position, configVersion, err)
	}
	out := make([]definition, len(c.Entries))
	for i := range c.Entries {
		out[i] = c.Entries[i].definition()
	}
	return out, nil
}

// save makes the groups durable. The caller holds the lock.
func (s *Service) save(ctx context.Context, groups map[Key]*group) error {
	c := config{Version: configVersion, Updated: s.now().UTC(), Entries: []entry{}}
	for _, k := range sorted(groups) {
		c.Entries = append(c.Entries, groups[k].entry())
	}
	return s.write(ctx, configStream, typeConfig, c, nil)
}

// link is what an event that points to another holds, and is no JSON.
type link []byte

// write appends one system event.
func (s *Service) write(ctx context.Context, stream, kind string, data, metadata any) error {
	p := eventlog.Proposed{ID: uuid.New(), Type: kind, JSON: true}
	var err error
	if raw, ok := data.(link); ok {
		p.Data, p.JSON = raw, false
	} else if p.Data, err = json.Marshal(data); err != nil {
		return err
	}
	if metadata != nil {
		if p.Metadata, err = json.Marshal(metadata); err != nil {
			return err
		}
	}
	_, err = s.log.Append(ctx, stream, eventlog.Any, []eventlog.Proposed{p})
	return err
}

// last reads the newest event of a stream, if there is one.
func last(ctx context.Context, log *eventlog.Log, stream string) (e eventlog.Event, ok bool, err error) {
	for e, err := range log.ReadStream(ctx, stream, eventlog.End, eventlog.Backwards, 1) {
		if eventlog.Gone(err) {
			return e, false, nil
		}
		return e, err == nil, err
	}
	return e, false, nil
}
