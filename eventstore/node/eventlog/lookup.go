package eventlog

import (
	"errors"
	"fmt"

	"github.com/google/uuid"
)

const (
	columns = `position, CAST(stream AS BLOB), revision, id, CAST(type AS BLOB), json, created, data, metadata, crc`

	selectLast = `SELECT ` + columns + ` FROM events ORDER BY position DESC LIMIT 1`
	selectOne  = `SELECT ` + columns + ` FROM events WHERE position = ?`
	selectHead = `SELECT i.revision, i.position, e.revision, CAST(e.stream AS BLOB)
		FROM stream_index i LEFT JOIN events e ON e.position = i.position
		WHERE i.hash = ? ORDER BY i.revision DESC`
	selectKnown = `SELECT EXISTS (SELECT 1 FROM stream_index WHERE hash = ?) OR EXISTS (SELECT 1 FROM stream_index WHERE hash = ?)`
	selectRange = `SELECT revision, position FROM stream_index
		WHERE hash = ? AND revision BETWEEN ? AND ? ORDER BY revision, position`
)

// errEnough ends a query early.
var errEnough = errors.New("enough rows")

func enoughIsFine(err error) error {
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// scan reads a row of columns and checks its sum.
func scan(row []any) (Event, error) {
	var e Event
	var crc int64
	var ok [10]bool
	e.Position, ok[0] = row[0].(int64)
	e.Stream, ok[1] = text(row[1])
	e.Revision, ok[2] = row[2].(int64)
	id, idOK := row[3].([]byte)
	ok[3] = idOK && len(id) == len(e.ID) && copy(e.ID[:], id) > 0
	e.Type, ok[4] = text(row[4])
	isJSON, jsonOK := row[5].(int64)
	e.JSON, ok[5] = isJSON != 0, jsonOK
	e.Created, ok[6] = row[6].(int64)
	e.Data, ok[7] = blob(row[7])
	e.Metadata, ok[8] = blob(row[8])
	crc, ok[9] = row[9].(int64)
	if ok != [10]bool{true, true, true, true, true, true, true, true, true, true} {
		return Event{}, &CorruptError{e.Position, "a column has the wrong type"}
	}
	if crc != e.checksum() {
		return Event{}, &CorruptError{e.Position, "checksum does not match"}
	}
	return e, nil
}

// blob accepts nil, which is how the driver gives back an empty blob.
func blob(v any) ([]byte, bool) {
	if v == nil {
		return []byte{}, true
	}
	b, ok := v.([]byte)
	return b, ok
}

func text(v any) (string, bool) {
	b, ok := blob(v)
	return string(b), ok
}

// at reads the event at a position that must exist: in memory, else in the table.
func (l *Log) at(c *conn, position int64) (Event, error) {
	if e, ok := l.unmoved().at(position); ok {
		return *e, nil
	}
	return at(c, position)
}

// at reads the event at a position of the table that must exist.
func at(c *conn, position int64) (Event, error) {
	var e Event
	found := false
	err := c.query(selectOne, func(row []any) (err error) {
		found = true
		e, err = scan(row)
		return err
	}, position)
	if err == nil && !found {
		err = &CorruptError{position, "the event is missing"}
	}
	return e, err
}

// lastOf finds the newest event of a stream: in memory, else by one seek.
func (l *Log) lastOf(c *conn, stream string) (entry, bool, error) {
	l.mu.RLock()
	en, ok := l.tail.last(stream)
	l.mu.RUnlock()
	if ok {
		return en, true, nil
	}
	hash := hashOf(stream)
	err := c.query(selectHead, func(row []any) error {
		revision, _ := row[0].(int64)
		position, _ := row[1].(int64)
		stored, _ := row[2].(int64)
		if row[2] == nil || stored != revision {
			return &CorruptError{position, "the stream index does not agree with the event"}
		}
		if name, _ := text(row[3]); name != stream {
			return nil // another stream with the same hash
		}
		en, ok = entry{revision, position}, true
		return errEnough
	}, hash)
	return en, ok, enoughIsFine(err)
}

// isNew reports whether neither a stream nor its metadata was ever written. It is
// true for many that are asked for the first time, and one statement says so.
func (l *Log) isNew(c *conn, stream string) (bool, error) {
	meta := metastreamOf(stream)
	l.mu.RLock()
	_, inMemory := l.tail.last(stream)
	_, metaInMemory := l.tail.last(meta)
	l.mu.RUnlock()
	if inMemory || metaInMemory || isMetastream(stream) {
		return false, nil
	}
	known, _, err := c.number(selectKnown, hashOf(stream), hashOf(meta))
	if err != nil {
		return false, fmt.Errorf("head of a stream: %w", err)
	}
	return known == 0, nil
}

// positions lists where the revisions from..to of a stream stand, in order.
func (l *Log) positions(c *conn, stream string, from, to int64) ([]entry, error) {
	l.mu.RLock()
	inMemory, lowest, some := l.tail.between(stream, from, to)
	l.mu.RUnlock()
	if some && from >= lowest {
		return inMemory, nil
	}
	if some {
		to = min(to, lowest-1)
	}
	hash := hashOf(stream)
	var out []entry
	err := c.query(selectRange, func(row []any) error {
		revision, _ := row[0].(int64)
		position, _ := row[1].(int64)
		out = append(out, entry{revision, position})
		return nil
	}, hash, from, to)
	return append(out, inMemory...), err
}

// loadHead finds a stream's head and its metadata in the log.
func (l *Log) loadHead(c *conn, stream string) (head, error) {
	h := head{last: NoStream, meta: &Metadata{}}
	if fresh, err := l.isNew(c, stream); err != nil || fresh {
		return h, err
	}
	en, ok, err := l.lastOf(c, stream)
	if err != nil {
		return head{}, fmt.Errorf("head of a stream: %w", err)
	}
	if ok {
		h.last, h.position = en.revision, en.position
	} else if h.last, err = c.trimmed(stream); err != nil {
		return head{}, fmt.Errorf("head of a stream: %w", err)
	} else {
		h.last-- // what was removed keeps its numbers
	}
	meta := Metadata{MaxCount: 1}
	if !isMetastream(stream) {
		if meta, err = l.loadMetadata(c, stream); err != nil {
			return head{}, err
		}
	}
	h.meta = &meta
	return h, nil
}

func (l *Log) loadMetadata(c *conn, stream string) (Metadata, error) {
	for from := int64(0); ; {
		en, ok, err := l.lastOf(c, metastreamOf(stream))
		if err != nil || !ok {
			return Metadata{}, err
		}
		e, err := l.at(c, en.position)
		if err == nil {
			return parseMetadata(&e), nil
		}
		if from, err = c.unlessTrimmed(err, metastreamOf(stream), max(from, en.revision)); err != nil { // they were replaced meanwhile
			return Metadata{}, fmt.Errorf("stream metadata: %w", err)
		}
	}
}

// idAt reads the id of one event of a stream; ok is false when it has none.
func (l *Log) idAt(c *conn, stream string, revision int64) (id uuid.UUID, position int64, ok bool, err error) {
	list, err := l.positions(c, stream, revision, revision)
	if err != nil {
		return uuid.UUID{}, 0, false, err
	}
	for _, en := range list {
		e, err := l.at(c, en.position)
		if err != nil {
			_, err = c.unlessTrimmed(err, stream, revision)
			return uuid.UUID{}, 0, false, err
		}
		if e.Stream == stream {
			return e.ID, e.Position, true, nil
		}
	}
	return uuid.UUID{}, 0, false, nil
}
