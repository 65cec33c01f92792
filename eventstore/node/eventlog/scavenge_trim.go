package eventlog

import (
	"context"
	"errors"
	"fmt"
)

// trim says which events of a stream no read gives any more: those before a revision, and
// after them those before a time and another revision.
type trim struct {
	stream string
	before int64 // revision
	since  int64 // time, in ticks; events of it and after it are read
	upTo   int64 // revision that is kept though it is older
	limit  int64 // position
	after  entry // where the next slice begins
}

func (t trim) nothing() bool { return t.before <= 0 && t.since == 0 }

// trimOf asks the metadata of a stream, as they are now.
func (l *Log) trimOf(ctx context.Context, stream string, limit int64) (trim, error) {
	t := trim{stream: stream, limit: limit, after: entry{-1, 0}}
	h, err := l.headFor(ctx, stream)
	if err != nil || h.last < 0 {
		return t, err
	}
	if isMetastream(stream) {
		base, err := l.headFor(ctx, stream[2:])
		if err != nil {
			return t, err
		}
		if base.last == Tombstone {
			t.before = h.last + 1
			return t, nil
		}
	}
	switch {
	case h.last == Tombstone:
		t.before = Tombstone
	case h.meta.softDeleted():
		t.before = h.last + 1
	default:
		t.before = min(h.meta.firstVisible(h.last), h.last)
		if h.meta.MaxAge > 0 {
			t.since, t.upTo = l.opts.Now().UnixNano()/100-h.meta.MaxAge*10_000_000, h.last
		}
	}
	return t, nil
}

// Bounds of what one transaction removes.
const (
	trimEvents = 64
	trimBytes  = 1 << 20
)

const selectDead = `SELECT i.revision, i.position, e.created, CAST(e.stream AS BLOB),
		length(CAST(e.stream AS BLOB)) + length(CAST(e.type AS BLOB)) + length(e.data) + length(e.metadata)
	FROM stream_index i JOIN events e ON e.position = i.position
	WHERE i.hash = ? AND (i.revision, i.position) > (?, ?) AND i.position <= ? ORDER BY i.revision, i.position LIMIT 64`

type deadEvent struct {
	entry
	size int64
}

// next lists the next events that can go, and moves on behind them.
func (t *trim) next(c *conn) (dead []deadEvent, more bool, err error) {
	seen, bytes := 0, int64(0)
	err = c.query(selectDead, func(row []any) error {
		var d deadEvent
		d.revision, _ = row[0].(int64)
		d.position, _ = row[1].(int64)
		created, _ := row[2].(int64)
		name, _ := text(row[3])
		if d.revision >= t.before && (created >= t.since || d.revision >= t.upTo) && (name == t.stream || d.revision >= t.upTo) {
			seen = 0
			return errEnough
		}
		seen++
		t.after = d.entry
		if name != t.stream {
			return nil // another stream with the same hash
		}
		d.size, _ = row[4].(int64)
		d.size += recordOverhead
		dead, bytes = append(dead, d), bytes+d.size
		if bytes >= trimBytes {
			seen = trimEvents
			return errEnough
		}
		return nil
	}, hashOf(t.stream), t.after.revision, t.after.position, t.limit)
	return dead, seen == trimEvents, enoughIsFine(err)
}

// slice is what one transaction removed.
type slice struct {
	events, bytes int64
	more          bool
}

const (
	deleteEvent = `DELETE FROM events WHERE position = ?`
	deleteEntry = `DELETE FROM stream_index WHERE hash = ? AND revision = ? AND position = ?`
)

// trimSlice removes some events of a stream in one transaction.
func (l *Log) trimSlice(t *trim) (s slice, err error) {
	dead, more, err := t.next(l.writer)
	if err != nil || len(dead) == 0 {
		return slice{more: more}, err
	}
	if err := l.settle(l.removal(t.stream, dead)); err != nil {
		return s, err
	}
	l.removals.Add(1)
	for _, d := range dead {
		s.events, s.bytes = s.events+1, s.bytes+d.size
	}
	s.more = more
	l.moving.worn += s.bytes/pageSize + 4*s.events
	return s, l.fold()
}

func (l *Log) removal(stream string, dead []deadEvent) error {
	w, hash := l.writer, hashOf(stream)
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, d := range dead {
		if err := errors.Join(w.exec(deleteEvent, d.position), w.exec(deleteEntry, hash, d.revision, d.position),
			w.gone(d.position, d.position+d.size)); err != nil {
			return fmt.Errorf("remove the event at %d: %w", d.position, err)
		}
	}
	if err := w.exec(upsertTrimmed, hash, stream, dead[len(dead)-1].revision+1); err != nil {
		return fmt.Errorf("note what was removed: %w", err)
	}
	return w.exec("COMMIT")
}
