package eventlog

import (
	"context"
	"errors"
	"syscall"
)

// store makes a group durable and then visible.
func (l *Log) store(g *group) error {
	if len(g.rows) == 0 {
		return nil
	}
	l.commit.Lock()
	defer l.commit.Unlock()
	if l.full.Load() { // what is refused must not gather in the journal
		if err := l.move(context.Background(), l.last); err != nil {
			return err
		}
	}
	if err := l.record(g.rows); err != nil {
		return err
	}
	l.publish(g)
	l.next, l.created = g.next, g.created
	return nil
}

// record writes a group to the journal. It waits while both files are full of
// events that the table does not have.
func (l *Log) record(rows []Event) error {
	frame, last := encode(l.journal.salt, rows), rows[len(rows)-1].Position
	if !l.journal.fits(len(frame)) {
		if over := l.journal.other().last; l.durable.Load() < over {
			if err := l.move(context.Background(), over); err != nil {
				return err
			}
		}
		l.retired.Store(l.last)
		l.journal.turn()
	}
	switch err := l.journal.append(frame, last); {
	case errors.Is(err, syscall.ENOSPC):
		return ErrNoSpace
	case err != nil:
		l.fail(err)
		return l.failureNow()
	}
	return nil
}

// publish lets readers see a durable group and wakes those who wait.
func (l *Log) publish(g *group) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = append(l.pending, g.rows)
	for i := range g.rows {
		l.tail.add(&g.rows[i])
	}
	for stream, h := range g.heads {
		l.heads.put(stream, *h)
	}
	l.last = g.rows[len(g.rows)-1].Position
	close(l.changed)
	l.changed = make(chan struct{})
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// tidy does what the next group needs and no answer waits for.
func (l *Log) tidy(g *group) {
	for id, p := range g.ids {
		l.ids.add(id, p)
	}
}
