package eventlog

import (
	"errors"
	"fmt"
	"strings"
)

// store commits a group, makes it durable and then visible. While the disk works,
// index entries move to the table.
func (l *Log) store(g *group) error {
	if len(g.rows) == 0 {
		return nil
	}
	l.commit.Lock()
	defer l.commit.Unlock()
	if l.stuck { // no room for the index: it must not fall behind without bound
		if err := l.settle(l.flush(l.tail.slice(minFlush))); err != nil {
			return err
		}
		l.stuck = false
	}
	if err := l.settle(l.transact(g.rows)); err != nil {
		return err
	}
	part := l.tail.slice(max(minFlush, 4*len(g.rows)))
	if err := l.sync(part); err != nil {
		l.fail(err)
		return l.failureNow()
	}
	l.publish(g)
	l.wear(g.next - l.next + int64(1+len(part))*pageSize)
	l.next, l.created = g.next, g.created
	return nil
}

// minFlush is how many index entries move at least, once they move.
const minFlush = 64

// settle ends a transaction that went wrong: a full disk can be tried again.
func (l *Log) settle(err error) error {
	switch {
	case isCode(err, codeFull):
		if rollback := l.writer.exec("ROLLBACK"); rollback != nil && !isCode(rollback, codeError) {
			l.fail(rollback)
		}
		l.wear(1 << 20)
		return ErrNoSpace
	case err != nil:
		l.fail(err)
		return l.failureNow()
	}
	return nil
}

// sync makes what was committed durable; nothing of it is shown or acknowledged
// before. At the same time it moves part to the table of the index, which may
// become durable later.
func (l *Log) sync(part []tailEntry) error {
	if len(part) == 0 {
		if err := datasync(l.wal); err != nil {
			return fmt.Errorf("sync the write-ahead log: %w", err)
		}
		return nil
	}
	synced := make(chan error)
	go func() { synced <- datasync(l.wal) }()
	flushed := l.settle(l.flush(part))
	if err := <-synced; err != nil {
		return fmt.Errorf("sync the write-ahead log: %w", err)
	}
	if l.stuck = errors.Is(flushed, ErrNoSpace); l.stuck {
		return nil
	}
	return flushed
}

const (
	upsertState = `INSERT INTO state VALUES (?,?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
	indexedUpTo = "indexed"
)

// A statement takes up to so many rows at once: it costs less than as many
// statements.
const (
	manyEvents  = 32
	manyEntries = 32
)

// insertEvents and insertIndex hold the statement for n rows at n.
var (
	insertEvents = statements(`INSERT INTO events VALUES `, `(?,?,?,?,?,?,?,?,?,?)`, manyEvents)
	insertIndex  = statements(`INSERT OR IGNORE INTO stream_index VALUES `, `(?,?,?)`, manyEntries)
)

func statements(insert, row string, most int) []string {
	out := make([]string, most+1)
	for n := 1; n <= most; n++ {
		out[n] = insert + strings.Repeat(row+`,`, n-1) + row
	}
	return out
}

// transact is the commit path. One statement alone needs no BEGIN.
func (l *Log) transact(rows []Event) error {
	if len(rows) <= manyEvents {
		return l.insert(rows)
	}
	if err := l.writer.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := l.insert(rows); err != nil {
		return err
	}
	return l.writer.exec("COMMIT")
}

func (l *Log) insert(rows []Event) error {
	for len(rows) > 0 {
		n := min(len(rows), manyEvents)
		err := l.writer.run(insertEvents[n], func(s stmt) error {
			for i := range rows[:n] {
				if err := rows[i].bind(s, 10*i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("insert at %d: %w", rows[0].Position, err)
		}
		rows = rows[n:]
	}
	return nil
}

// bind sets the columns of an event, in the order of the table, from parameter i on.
func (e *Event) bind(s stmt, i int) error {
	isJSON := int64(0)
	if e.JSON {
		isJSON = 1
	}
	return errors.Join(
		s.bindInt(i, e.Position), s.bindText(i+1, e.Stream), s.bindInt(i+2, e.Revision),
		s.bindBlob(i+3, e.ID[:]), s.bindText(i+4, e.Type), s.bindInt(i+5, isJSON), s.bindInt(i+6, e.Created),
		s.bindBlob(i+7, e.Data), s.bindBlob(i+8, e.Metadata), s.bindInt(i+9, e.checksum()))
}

// flush moves index entries from memory to the table, in order and in a
// transaction of their own.
func (l *Log) flush(part []tailEntry) error {
	if err := l.writer.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := l.writer.index(part); err != nil {
		return fmt.Errorf("flush the stream index: %w", err)
	}
	if l.tail.flushed+len(part) == len(l.tail.frozen) {
		if err := l.writer.exec(upsertState, indexedUpTo, l.tail.upTo); err != nil {
			return err
		}
	}
	if err := l.writer.exec("COMMIT"); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail.done(len(part))
	return nil
}

func (c *conn) index(part []tailEntry) error {
	for len(part) > 0 {
		n := min(len(part), manyEntries)
		err := c.run(insertIndex[n], func(s stmt) error {
			for i, en := range part[:n] {
				if err := errors.Join(s.bindInt(3*i, en.hash), s.bindInt(3*i+1, en.revision), s.bindInt(3*i+2, en.position)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		part = part[n:]
	}
	return nil
}

// publish lets readers see a durable group and wakes those who wait.
func (l *Log) publish(g *group) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range g.rows {
		l.tail.add(&g.rows[i])
	}
	for stream, h := range g.heads {
		l.heads.put(stream, *h)
	}
	l.last = g.rows[len(g.rows)-1].Position
	close(l.changed)
	l.changed = make(chan struct{})
}

// tidy does what the next group needs and no answer waits for.
func (l *Log) tidy(g *group) {
	for id, p := range g.ids {
		l.ids.add(id, p)
	}
	l.tail.freeze()
}
