package eventlog

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"time"
)

// smallest is before every number.
const smallest = math.MinInt64

// phase is what a pass looks at.
type phase string

const (
	inNothing phase = ""
	inEvents  phase = "events"
	inIndex   phase = "index"
)

// mark is where a pass stands.
type mark struct {
	Phase phase    `json:"phase"`
	Next  int64    `json:"next"`  // position from which to look for events
	End   int64    `json:"end"`   // where the event before it ends
	Entry [3]int64 `json:"entry"` // of the index, the last one seen
}

func (m mark) done() bool { return m.Phase == inNothing }

// keptMark is what lasts beyond a restart, in a file beside the log. It is no part
// of it: a copy of the log is another file, which nobody has looked through.
type keptMark struct {
	Mark     mark      `json:"mark"`
	Position int64     `json:"position"`
	Last     int64     `json:"last"`
	Begun    time.Time `json:"begun"`
	Whole    time.Time `json:"whole"`
}

const keepEvery = 10 * time.Second

func scrubPath(path string) string { return path + ".scrub" }

// resume goes on where the scrub was when the log was open before. Where that cannot
// be found, it begins anew.
func (s *scrub) resume() {
	b, err := os.ReadFile(scrubPath(s.log.path))
	var k keptMark
	if err != nil || json.Unmarshal(b, &k) != nil || k.Last > s.log.moved.Load() || k.Begun.After(s.log.opts.Now()) {
		return
	}
	if k.Mark.Phase == inEvents { // the last event that was seen must be there
		e, err := at(s.c, k.Position)
		if err != nil {
			return
		}
		k.Mark.Next, k.Mark.End = e.Position, e.Position
	}
	s.at = k.Mark
	s.now = Scrubbed{Position: k.Position, Last: k.Last, Begun: k.Begun, Whole: k.Whole}
}

func (s *scrub) keepSometimes() error {
	if now := s.log.opts.Now(); s.at.done() || now.Sub(s.kept) >= keepEvery {
		s.kept = now
		return s.keep()
	}
	return nil
}

// keep writes down where the scrub is. A full disk does not keep it from going on.
func (s *scrub) keep() error {
	if s.now.Begun.IsZero() {
		return nil
	}
	path := scrubPath(s.log.path)
	b, err := json.Marshal(keptMark{s.at, s.now.Position, s.now.Last, s.now.Begun, s.now.Whole})
	if err != nil {
		return fmt.Errorf("scrub: %w", err)
	}
	if err = os.WriteFile(path+".new", b, 0o600); err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		s.log.opts.Log.Warn("how far the log has been looked through cannot be written down", "error", err)
	}
	return nil
}
