package eventlog

import (
	"errors"
	"fmt"
	"syscall"
	"unsafe"

	"modernc.org/libc"
	_ "modernc.org/sqlite" // prepares its library for many connections
	"modernc.org/sqlite/lib"
)

// engine is a SQLite connection as its C interface has it: the driver for
// database/sql binds a statement of many parameters in quadratic time.
type engine struct {
	tls   *libc.TLS
	db    uintptr
	arena arena
}

// arena is memory that SQLite may point into, out of reach of Go's collector: the
// parameters of the statement under way.
type arena struct {
	block []byte
	used  int
	large [][]byte
}

const arenaSize = 1 << 18

func openEngine(path string) (*engine, error) {
	block, err := mapped(arenaSize)
	if err != nil {
		return nil, err
	}
	e := &engine{tls: libc.NewTLS(), arena: arena{block: block}}
	name, out := e.arena.text(path), e.arena.take(8)
	rc := sqlite3.Xsqlite3_open_v2(e.tls, name, address(out),
		sqlite3.SQLITE_OPEN_READWRITE|sqlite3.SQLITE_OPEN_CREATE|sqlite3.SQLITE_OPEN_NOMUTEX, 0)
	e.db = pointer(out)
	e.arena.reset()
	if rc != sqlite3.SQLITE_OK {
		return nil, errors.Join(e.failed(rc), e.close())
	}
	sqlite3.Xsqlite3_extended_result_codes(e.tls, e.db, 1)
	return e, nil
}

func (e *engine) close() error {
	var err error
	if rc := sqlite3.Xsqlite3_close_v2(e.tls, e.db); rc != sqlite3.SQLITE_OK {
		err = e.failed(rc)
	}
	e.arena.reset()
	e.tls.Close()
	return errors.Join(err, syscall.Munmap(e.arena.block))
}

// engineError is what SQLite said, with its extended result code.
type engineError struct {
	code int
	text string
}

func (e *engineError) Error() string { return fmt.Sprintf("%s (%d)", e.text, e.code) }

func (e *engine) failed(rc int32) error {
	text := libc.GoString(sqlite3.Xsqlite3_errmsg(e.tls, e.db))
	if e.db == 0 || sqlite3.Xsqlite3_extended_errcode(e.tls, e.db) != rc {
		text = libc.GoString(sqlite3.Xsqlite3_errstr(e.tls, rc))
	}
	return &engineError{int(rc), text}
}

// stmt is a prepared statement. Parameters and columns count from 0; parameters
// hold until it ends.
type stmt struct {
	e *engine
	s uintptr
}

func (e *engine) prepare(sql string) (stmt, error) {
	defer e.arena.reset()
	out := e.arena.take(8)
	rc := sqlite3.Xsqlite3_prepare_v2(e.tls, e.db, e.arena.text(sql), int32(len(sql)+1), address(out), 0)
	if rc != sqlite3.SQLITE_OK {
		return stmt{}, e.failed(rc)
	}
	return stmt{e, pointer(out)}, nil
}

func (s stmt) finalize() { sqlite3.Xsqlite3_finalize(s.e.tls, s.s) }

func (s stmt) bindInt(i int, n int64) error {
	return s.bound(sqlite3.Xsqlite3_bind_int64(s.e.tls, s.s, int32(i+1), n))
}

func (s stmt) bindBlob(i int, b []byte) error {
	to := s.e.arena.take(len(b) + 1)
	copy(to, b)
	return s.bound(sqlite3.Xsqlite3_bind_blob(s.e.tls, s.s, int32(i+1), address(to), int32(len(b)), 0))
}

func (s stmt) bindText(i int, t string) error {
	return s.bound(sqlite3.Xsqlite3_bind_text(s.e.tls, s.s, int32(i+1), s.e.arena.text(t), int32(len(t)), 0))
}

func (s stmt) bindNull(i int) error {
	return s.bound(sqlite3.Xsqlite3_bind_null(s.e.tls, s.s, int32(i+1)))
}

func (s stmt) bound(rc int32) error {
	if rc != sqlite3.SQLITE_OK {
		return s.e.failed(rc)
	}
	return nil
}

// step goes to the next row; more is false at the end.
func (s stmt) step() (more bool, err error) {
	switch rc := sqlite3.Xsqlite3_step(s.e.tls, s.s); rc {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		return false, s.e.failed(rc)
	}
}

// end makes the statement ready for its next use. What went wrong, step has said.
func (s stmt) end() {
	sqlite3.Xsqlite3_reset(s.e.tls, s.s)
	s.e.arena.reset()
}

func (s stmt) columns() int { return int(sqlite3.Xsqlite3_column_count(s.e.tls, s.s)) }

// int is a column that holds an integer.
func (s stmt) int(i int) int64 { return sqlite3.Xsqlite3_column_int64(s.e.tls, s.s, int32(i)) }

func (s stmt) kind(i int) int32 { return sqlite3.Xsqlite3_column_type(s.e.tls, s.s, int32(i)) }

// value is an int64, a float64, a copy of a blob or a text, or nil.
func (s stmt) value(i int) any {
	switch sqlite3.Xsqlite3_column_type(s.e.tls, s.s, int32(i)) {
	case sqlite3.SQLITE_INTEGER:
		return sqlite3.Xsqlite3_column_int64(s.e.tls, s.s, int32(i))
	case sqlite3.SQLITE_FLOAT:
		return sqlite3.Xsqlite3_column_double(s.e.tls, s.s, int32(i))
	case sqlite3.SQLITE_BLOB:
		return s.copied(i)
	case sqlite3.SQLITE_TEXT:
		return string(s.copied(i))
	}
	return nil
}

func (s stmt) copied(i int) []byte {
	p := sqlite3.Xsqlite3_column_blob(s.e.tls, s.s, int32(i))
	n := int(sqlite3.Xsqlite3_column_bytes(s.e.tls, s.s, int32(i)))
	if n == 0 {
		return []byte{}
	}
	return append(make([]byte, 0, n), libc.GoBytes(p, n)...)
}

// take returns n bytes, n > 0, that stay where they are until reset.
func (a *arena) take(n int) []byte {
	if from := (a.used + 7) &^ 7; from+n <= len(a.block) {
		a.used = from + n
		return a.block[from:a.used]
	}
	b, err := mapped(n)
	if err != nil {
		panic(fmt.Sprintf("out of memory: %v", err))
	}
	a.large = append(a.large, b)
	return b
}

// text is the address of a copy that ends with a zero.
func (a *arena) text(t string) uintptr {
	to := a.take(len(t) + 1)
	to[copy(to, t)] = 0
	return address(to)
}

func (a *arena) reset() {
	for _, b := range a.large {
		_ = syscall.Munmap(b)
	}
	a.used, a.large = 0, a.large[:0]
}

func mapped(n int) ([]byte, error) {
	b, err := syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return nil, fmt.Errorf("map memory: %w", err)
	}
	return b, nil
}

func address(b []byte) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(b))) }

// pointer reads what SQLite stored.
func pointer(b []byte) uintptr { return *(*uintptr)(unsafe.Pointer(unsafe.SliceData(b))) }
