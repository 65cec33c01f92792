package eventlog

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Pace is how gently a scrub goes; the zero value is good for production.
type Pace struct {
	Every time.Duration // a pass begins so long after the one before it began, default 12 h
	Bytes int64         // at least so many bytes a second while a pass goes on, default 1 MiB
	First time.Duration // nothing is done so long after it began, default 1 min
	Again time.Duration // where there is a fault it is looked at again, default 10 min
}

func (p Pace) withDefaults() Pace {
	if p.Every == 0 {
		p.Every = 12 * time.Hour
	}
	p.Bytes = int64(orDefault(int(p.Bytes), 1<<20))
	if p.First == 0 {
		p.First = time.Minute
	}
	if p.Again == 0 {
		p.Again = 10 * time.Minute
	}
	return p
}

// Scrubbed says how far the scrub has come.
type Scrubbed struct {
	Position int64     // every event up to here is as it was written
	Last     int64     // where this pass ends, or the last one did
	Begun    time.Time // of this pass; zero before the first
	Whole    time.Time // when the last pass ended that found no fault; zero: none did
	Fault    error     // a *CorruptError: where the scrub stands, and looks again
}

// Scrubbed says how far the scrub has come.
func (l *Log) Scrubbed() Scrubbed {
	l.scrubbing.mu.Lock()
	defer l.scrubbing.mu.Unlock()
	return l.scrubbing.Scrubbed
}

// scrubbing is what the scrub has told.
type scrubbing struct {
	mu sync.Mutex
	Scrubbed
}

func (s *scrubbing) tell(now Scrubbed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Scrubbed = now
}

// Scrub checks the whole log again and again, until ctx ends or the log is closed:
// the checksum and the place of each event, that the index has an entry for it, and
// that each entry has an event. What the file holds is read, not what other connections
// remember of it, in steps that hold up nobody. Where it was it finds again after
// a restart. A fault is logged, and Scrubbed tells it until it is no longer there.
func (l *Log) Scrub(ctx context.Context, pace Pace) error {
	c, err := dial(l.path, "busy_timeout=10000", "query_only=1", "temp_store=MEMORY", "cache_size=16")
	if err != nil {
		return fmt.Errorf("scrub: %w", err)
	}
	s := &scrub{log: l, pace: pace.withDefaults(), c: c}
	s.resume()
	l.scrubbing.tell(s.now)
	if err = s.log.pause(ctx, s.pace.First); err == nil {
		err = s.run(ctx)
	}
	if errors.Is(err, ErrClosed) || ctx.Err() != nil {
		err = nil
	}
	return errors.Join(err, s.keep(), c.close())
}

// scrub is a pass, and what lasts beyond it.
type scrub struct {
	log  *Log
	pace Pace
	c    *conn
	now  Scrubbed
	at   mark
	kept time.Time // when the mark was written
}

// run goes from step to step.
func (s *scrub) run(ctx context.Context) error {
	for {
		if s.at.done() {
			if err := s.log.pause(ctx, s.now.Begun.Add(s.pace.Every).Sub(s.log.opts.Now())); err != nil {
				return err
			}
			if err := s.begin(ctx); err != nil {
				return err
			}
		}
		begun := s.log.opts.Now()
		bytes, err := s.step()
		wait, err := s.took(bytes, s.log.opts.Now().Sub(begun), err)
		if err != nil {
			return err
		}
		s.log.scrubbing.tell(s.now)
		if err := errors.Join(s.keepSometimes(), s.log.pause(ctx, wait)); err != nil {
			return err
		}
	}
}

// begin begins a pass over all that there is now.
func (s *scrub) begin(ctx context.Context) error {
	last, _ := s.log.Last()
	if err := s.log.move(ctx, last); err != nil && !errors.Is(err, ErrNoSpace) {
		return err
	}
	s.at = mark{Phase: inEvents, End: firstPosition}
	s.now.Begun, s.now.Last, s.now.Fault = s.log.opts.Now(), s.log.moved.Load(), nil
	return nil
}

// took takes in what a step found, and says how long to pause: so long that a pass
// takes half of the time it has, and a fifth of a processor at most.
func (s *scrub) took(bytes int64, took time.Duration, err error) (time.Duration, error) {
	var fault *CorruptError
	switch {
	case errors.As(err, &fault):
		s.found(fault)
		return s.pace.Again, nil
	case isCode(err, codeBusy):
		return time.Second, nil
	case err != nil:
		return 0, fmt.Errorf("scrub: %w", err)
	}
	if s.now.Fault = nil; s.at.done() {
		s.now.Whole, s.now.Position = s.log.opts.Now(), s.now.Last
		return 0, nil
	}
	// The index is about half as long again.
	rate := max(s.pace.Bytes, int64(float64(3*s.now.Last)/s.pace.Every.Seconds()))
	return max(time.Duration(float64(bytes)/float64(rate)*float64(time.Second))-took, 4*took), nil
}

// found tells of a fault, loudly and once.
func (s *scrub) found(fault *CorruptError) {
	if s.now.Fault == nil || s.now.Fault.Error() != fault.Error() {
		s.log.opts.Log.Error("the event log is damaged: reads of what is there are refused, the rest goes on; "+
			"keep the file, and restore the log from a backup", "position", fault.Position, "reason", fault.Reason)
	}
	s.now.Fault = fault
}
