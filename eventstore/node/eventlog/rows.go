package eventlog

import (
	"modernc.org/libc"
	"modernc.org/sqlite/lib"
)

// selectRows reads rows as they lie there: no column is converted.
const selectRows = `SELECT position, stream, revision, id, type, json, created, data, metadata, crc
	FROM events WHERE position >= ? AND position <= ? ORDER BY position`

// rows calls each with the events of the table between two positions, in order.
// Their data and metadata are SQLite's, and hold until each returns. It knows rows
// only as the log writes them: fine is false where one is not so, and what that
// means is for Page to say, which reads any row.
func (c *conn) rows(from, to int64, each func(e *Event) (more bool)) (fine bool, err error) {
	s, err := c.prepare(selectRows)
	if err != nil {
		return false, err
	}
	defer s.end()
	if err := bind(s, []any{from, to}); err != nil {
		return false, err
	}
	r := rowReader{stmt: s, types: map[string]string{}}
	for {
		if more, err := s.step(); err != nil || !more {
			return true, err
		}
		if !r.read() {
			return false, nil
		}
		if !each(&r.event) {
			return true, nil
		}
	}
}

// rowReader makes an event of each row, the same one.
type rowReader struct {
	stmt
	event Event
	types map[string]string // each type is there once
	wrong bool              // a column is of another kind than the log writes
}

// read takes the present row, and reports whether it is one that the log wrote.
func (r *rowReader) read() bool {
	r.wrong = false
	e := &r.event
	e.Position, e.Revision, e.JSON, e.Created = r.number(0), r.number(2), r.number(5) != 0, r.number(6)
	stream, kind := r.lent(1, sqlite3.SQLITE_TEXT), r.lent(4, sqlite3.SQLITE_TEXT)
	e.Data, e.Metadata = r.lent(7, sqlite3.SQLITE_BLOB), r.lent(8, sqlite3.SQLITE_BLOB)
	id, sum := r.lent(3, sqlite3.SQLITE_BLOB), r.number(9)
	if r.wrong || len(id) != len(e.ID) {
		return false
	}
	copy(e.ID[:], id)
	if e.Stream != string(stream) {
		e.Stream = string(stream)
	}
	if known, ok := r.types[string(kind)]; ok {
		e.Type = known
	} else {
		e.Type = string(kind)
		r.types[e.Type] = e.Type
	}
	return sum == e.sum(stream, kind)
}

func (r *rowReader) number(i int) int64 {
	if r.kind(i) != sqlite3.SQLITE_INTEGER {
		r.wrong = true
		return 0
	}
	return r.int(i)
}

// lent is a column where SQLite has it.
func (r *rowReader) lent(i int, kind int32) []byte {
	if r.kind(i) != kind {
		r.wrong = true
		return nil
	}
	from := sqlite3.Xsqlite3_column_blob(r.e.tls, r.s, int32(i))
	n := int(sqlite3.Xsqlite3_column_bytes(r.e.tls, r.s, int32(i)))
	if n == 0 {
		return []byte{}
	}
	return libc.GoBytes(from, n)[:n:n]
}
