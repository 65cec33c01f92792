package eventlog

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
)

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

// transact writes events to the table.
func (l *Log) transact(rows []Event) error {
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
		runtime.Gosched() // whoever appends or reads goes first
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

// index writes sorted entries to the index, and that it holds all up to a position.
func (l *Log) index(sorted []tailEntry, upTo int64) error {
	if err := l.writer.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := l.writer.index(sorted); err != nil {
		return fmt.Errorf("write the stream index: %w", err)
	}
	if err := l.writer.exec(upsertState, indexedUpTo, upTo); err != nil {
		return err
	}
	return l.writer.exec("COMMIT")
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
		runtime.Gosched()
	}
	return nil
}
