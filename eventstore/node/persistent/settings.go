package persistent

import (
	"fmt"
	"time"
)

// All names the whole log as the source of a group.
const All = "$all"

// Key names a group: its source, and its name among the groups of that source.
type Key struct {
	Stream string // a stream, or All
	Group  string
}

// Strategy says which consumer gets an event.
type Strategy string

// The strategies of EventStoreDB.
const (
	RoundRobin          Strategy = "RoundRobin"          // in turns, to whoever has room
	DispatchToSingle    Strategy = "DispatchToSingle"    // to the one that came first, while it has room
	Pinned              Strategy = "Pinned"              // all events of a stream to one consumer, while it is there
	PinnedByCorrelation Strategy = "PinnedByCorrelation" // the same by $correlationId in the metadata
)

// Settings are what the creator of a group may choose.
type Settings struct {
	ResolveLinks    bool
	ExtraStatistics bool          // measure how long consumers take
	MessageTimeout  time.Duration // how long a consumer may take; 0: as long as it likes
	MaxRetryCount   int32         // how often an event is tried again before it is parked
	CheckpointAfter time.Duration // the longest time between two checkpoints when enough was done
	MinCheckpoint   int32         // how many events must be done before time asks for a checkpoint
	MaxCheckpoint   int32         // how many events may be done without one
	MaxSubscribers  int32         // 0: any number
	LiveBuffer      int32         // kept and told; a group reads the log as it has room
	ReadBatch       int32         // events read at a time
	HistoryBuffer   int32         // events read ahead of the consumers
	Strategy        Strategy
}

// Where is where a group begins.
type Where struct {
	From int64 // the first revision or position that is delivered
	End  bool  // what is appended after the group was made
}

// InvalidError refuses settings that no group can have.
type InvalidError struct{ Reason string }

func (e *InvalidError) Error() string { return "invalid settings of the subscription: " + e.Reason }

// checked fills what was left out and refuses what cannot be.
func (s Settings) checked() (Settings, error) {
	for _, n := range []struct {
		name  string
		value *int32
		unset int32
	}{
		{"the maximum of retries", &s.MaxRetryCount, 0},
		{"the least count of a checkpoint", &s.MinCheckpoint, 0},
		{"the greatest count of a checkpoint", &s.MaxCheckpoint, 1000},
		{"the maximum of subscribers", &s.MaxSubscribers, 0},
		{"the live buffer", &s.LiveBuffer, 500},
		{"the read batch", &s.ReadBatch, 20},
		{"the history buffer", &s.HistoryBuffer, 500},
	} {
		if *n.value < 0 {
			return s, &InvalidError{fmt.Sprintf("%s is %d, and must not be negative", n.name, *n.value)}
		}
		if *n.value == 0 {
			*n.value = n.unset
		}
	}
	if s.ReadBatch >= s.HistoryBuffer {
		return s, &InvalidError{fmt.Sprintf("the read batch is %d, and must be smaller than the history buffer of %d", s.ReadBatch, s.HistoryBuffer)}
	}
	if s.MessageTimeout < 0 || s.CheckpointAfter < 0 {
		return s, &InvalidError{"a time is negative"}
	}
	switch s.Strategy {
	case "":
		s.Strategy = RoundRobin
	case RoundRobin, DispatchToSingle, Pinned, PinnedByCorrelation:
	default:
		return s, &InvalidError{"consumer strategy " + string(s.Strategy) + " does not exist"}
	}
	return s, nil
}
