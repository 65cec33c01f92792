package eventlog

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrScavenging refuses a second scavenge beside the first.
var ErrScavenging = errors.New("the event log is being scavenged already")

// Scavenging says how a scavenge goes; the zero value is good for production.
type Scavenging struct {
	Keep     func(stream string) bool // streams of which nothing is removed, whatever their metadata say; nil: none
	Progress func(Scavenged)          // hears how far it has come; nil: nobody does
	Hurry    bool                     // no pauses
}

// Scavenged says what a scavenge has done.
type Scavenged struct {
	Position int64    // up to here the log was looked through
	Last     int64    // where it ends
	Events   int64    // removed
	Streams  int64    // of which some were
	Bytes    int64    // of the events removed
	Pages    int64    // of the file, given back
	Kept     []string // streams that are kept although their metadata want something removed, some of them
}

// Scavenge removes the events that reads of their streams do not give any more: those
// of deleted streams, those that $maxCount, $maxAge and $tb hide, metadata that were replaced. What is left
// keeps its positions and revisions. The last event of a stream stays, as with EventStoreDB, but for a
// soft-deleted stream, whose number alone is kept.
//
// It goes in short transactions between those that move appends, each whole by itself: it
// can end at any point, and goes on when it is called again.
func (l *Log) Scavenge(ctx context.Context, o Scavenging) (Scavenged, error) {
	if !l.scavenging.TryLock() {
		return Scavenged{}, ErrScavenging
	}
	defer l.scavenging.Unlock()
	s := &scavenge{log: l, o: o}
	err := s.run(ctx)
	if err != nil {
		err = fmt.Errorf("scavenge: %w", err)
	}
	return s.done, err
}

type scavenge struct {
	log   *Log
	o     Scavenging
	limit int64 // events before this position may be removed
	done  Scavenged
}

const (
	scanBytes = 2 << 20 // of the log that is looked through at once
	keptNames = 10
)

// selectEnds finds the events by which streams end or change what is read of them.
const selectEnds = `SELECT position, CAST(stream AS BLOB), revision FROM events
	WHERE position >= ? AND position <= ? AND (substr(stream, 1, 2) = '$$' OR revision = 9223372036854775807) ORDER BY position`

func (s *scavenge) run(ctx context.Context) error {
	if err := s.log.mover(ctx, s.begin); err != nil {
		return err
	}
	s.done.Last = s.limit
	for from := int64(0); from <= s.limit; from += scanBytes {
		begun := s.log.opts.Now()
		ends, err := s.ends(ctx, from, min(from+scanBytes-1, s.limit))
		if err != nil {
			return err
		}
		if err := s.pause(ctx, begun); err != nil {
			return err
		}
		for _, e := range ends {
			if err := s.end(ctx, e); err != nil {
				return err
			}
		}
		s.done.Position = min(from+scanBytes-1, s.limit)
		s.tell()
	}
	return s.shrink(ctx)
}

// begin has all entries of the index written, so that they can be removed, and the file
// say that something may be missing from it. Neither the last event nor the last that
// is indexed is ever removed: the log knows by them where it ends.
func (s *scavenge) begin() error {
	l := s.log
	last, _ := l.Last()
	if err := l.moveTo(last); err != nil {
		return err
	}
	if err := l.indexAll(); err != nil {
		return err
	}
	upTo, _, err := l.writer.number(selectState, indexedUpTo)
	if err == nil {
		err = l.setFormat(scavengedVersion)
	}
	s.limit = upTo - 1
	return err
}

func (s *scavenge) ends(ctx context.Context, from, to int64) (list []tailEntry, err error) {
	err = s.log.read(ctx, func(c *conn) error {
		return c.query(selectEnds, func(row []any) error {
			var en tailEntry
			en.position, _ = row[0].(int64)
			en.stream, _ = text(row[1])
			en.revision, _ = row[2].(int64)
			list = append(list, en)
			return nil
		}, from, to)
	})
	return list, err
}

// end trims the streams that an event tells of, when it is the last of its own: so each
// comes once.
func (s *scavenge) end(ctx context.Context, e tailEntry) error {
	h, err := s.log.headFor(ctx, e.stream)
	if err != nil || h.last != e.revision {
		return err
	}
	other := metastreamOf(e.stream)
	if isMetastream(e.stream) {
		other = e.stream[2:]
	}
	for _, stream := range []string{e.stream, other} {
		if err := s.stream(ctx, stream); err != nil {
			return err
		}
	}
	return nil
}

// stream trims one stream, slice by slice.
func (s *scavenge) stream(ctx context.Context, stream string) error {
	t, err := s.log.trimOf(ctx, stream, s.limit)
	if err != nil || t.nothing() {
		return err
	}
	if keep := s.o.Keep; keep != nil && keep(stream) {
		return s.keeps(ctx, t)
	}
	removed := s.done.Events
	for more := true; more; {
		begun := s.log.opts.Now()
		var sl slice
		err := s.log.mover(ctx, func() (err error) {
			sl, err = s.log.trimSlice(&t)
			return err
		})
		if err != nil {
			return err
		}
		more = sl.more
		s.done.Events, s.done.Bytes = s.done.Events+sl.events, s.done.Bytes+sl.bytes
		s.tell()
		if err := s.pause(ctx, begun); err != nil {
			return err
		}
	}
	if s.done.Events > removed {
		s.done.Streams++
	}
	return nil
}

// keeps notes a stream that is kept although something of it would be removed.
func (s *scavenge) keeps(ctx context.Context, t trim) error {
	var dead []deadEvent
	err := s.log.read(ctx, func(c *conn) (err error) {
		dead, _, err = t.next(c)
		return err
	})
	if len(dead) > 0 && len(s.done.Kept) < keptNames {
		s.done.Kept = append(s.done.Kept, t.stream)
		s.log.opts.Log.Warn("a stream of the domain has metadata that hide events: nothing of it is removed; find out who wrote them", "stream", t.stream)
	}
	return err
}

// pause leaves the processor and the disk to others for four times as long as it took them.
func (s *scavenge) pause(ctx context.Context, begun time.Time) error {
	if s.o.Hurry {
		return ctx.Err()
	}
	return s.log.pause(ctx, 4*s.log.opts.Now().Sub(begun))
}

func (s *scavenge) tell() {
	if s.o.Progress != nil {
		s.o.Progress(s.done)
	}
}
