package eventlog

import (
	"errors"
	"fmt"
	"strings"
)

// store commits a group and makes it visible.
func (l *Log) store(g *group) error {
	if len(g.rows) == 0 {
		return nil
	}
	l.commit.Lock()
	defer l.commit.Unlock()
	flush := l.tail.slice(max(64, 4*len(g.rows))) // the write loop alone changes frozen
	err := l.transact(g.rows, flush)
	if err == nil {
		err = l.sync()
	}
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
	l.publish(g, len(flush))
	l.wear(g.next - l.next + int64(1+len(flush))*pageSize)
	l.next, l.created = g.next, g.created
	return nil
}

// sync makes what was committed durable; nothing of it is shown or acknowledged
// before.
func (l *Log) sync() error {
	if err := datasync(l.wal); err != nil {
		return fmt.Errorf("sync the write-ahead log: %w", err)
	}
	return nil
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

// transact is the commit path. One row alone needs no BEGIN.
func (l *Log) transact(rows []Event, flush []tailEntry) error {
	if len(rows) == 1 && len(flush) == 0 {
		return l.insert(rows)
	}
	if err := l.writer.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := l.insert(rows); err != nil {
		return err
	}
	if err := l.flush(flush); err != nil {
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

// flush moves index entries from memory to the table, in order.
func (l *Log) flush(part []tailEntry) error {
	if len(part) == 0 {
		return nil
	}
	if err := l.writer.index(part); err != nil {
		return fmt.Errorf("flush the stream index: %w", err)
	}
	if l.tail.flushed+len(part) < len(l.tail.frozen) {
		return nil
	}
	return l.writer.exec(upsertState, indexedUpTo, l.tail.upTo)
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

// publish lets readers see a committed group and wakes those who wait.
func (l *Log) publish(g *group, flushed int) {
	for id, p := range g.ids {
		l.ids.add(id, p)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail.done(flushed)
	for i := range g.rows {
		l.tail.add(&g.rows[i])
	}
	l.tail.freeze()
	for stream, h := range g.heads {
		l.heads.put(stream, *h)
	}
	l.last = g.rows[len(g.rows)-1].Position
	close(l.changed)
	l.changed = make(chan struct{})
}
