package eventlog

import (
	"errors"
	"fmt"
)

// conn is one SQLite connection with its prepared statements. One goroutine uses it
// at a time.
type conn struct {
	e     *engine
	stmts map[string]stmt
	row   []any
}

func dial(path string, pragmas ...string) (*conn, error) {
	e, err := openEngine(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	out := &conn{e: e, stmts: map[string]stmt{}}
	for _, p := range pragmas {
		if err := out.exec("PRAGMA " + p); err != nil {
			return nil, errors.Join(fmt.Errorf("pragma %s: %w", p, err), out.close())
		}
	}
	return out, nil
}

func (c *conn) prepare(sql string) (stmt, error) {
	if s, ok := c.stmts[sql]; ok {
		return s, nil
	}
	s, err := c.e.prepare(sql)
	if err == nil {
		c.stmts[sql] = s
	}
	return s, err
}

// bind accepts int64, []byte, string and nil.
func bind(s stmt, args []any) (err error) {
	for i, a := range args {
		switch a := a.(type) {
		case int64:
			err = s.bindInt(i, a)
		case []byte:
			err = s.bindBlob(i, a)
		case string:
			err = s.bindText(i, a)
		case nil:
			err = s.bindNull(i)
		default:
			err = fmt.Errorf("parameter %d has the type %T", i, a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *conn) exec(sql string, args ...any) error {
	return c.query(sql, func([]any) error { return nil }, args...)
}

// run binds a statement and steps it to its end.
func (c *conn) run(sql string, bind func(s stmt) error) error {
	s, err := c.prepare(sql)
	if err != nil {
		return err
	}
	defer s.end()
	if err := bind(s); err != nil {
		return err
	}
	for more := true; more && err == nil; {
		more, err = s.step()
	}
	return err
}

// query calls each with every row; the row is valid during the call only, what it
// points to for longer.
func (c *conn) query(sql string, each func(row []any) error, args ...any) error {
	s, err := c.prepare(sql)
	if err != nil {
		return err
	}
	defer s.end()
	if err := bind(s, args); err != nil {
		return err
	}
	for {
		if more, err := s.step(); err != nil || !more {
			return err
		}
		c.row = c.row[:0]
		for i := range s.columns() {
			c.row = append(c.row, s.value(i))
		}
		if err := each(c.row); err != nil {
			return err
		}
	}
}

// number reads one integer; ok is false when there is no row or it is NULL.
func (c *conn) number(sql string, args ...any) (n int64, ok bool, err error) {
	err = c.query(sql, func(row []any) error {
		n, ok = row[0].(int64)
		return nil
	}, args...)
	return n, ok, err
}

func (c *conn) close() error {
	for _, s := range c.stmts {
		s.finalize()
	}
	return c.e.close()
}

const (
	codeError   = 1  // SQLITE_ERROR
	codeBusy    = 5  // SQLITE_BUSY
	codeIO      = 10 // SQLITE_IOERR
	codeCorrupt = 11 // SQLITE_CORRUPT
	codeFull    = 13 // SQLITE_FULL
	codeNotADB  = 26 // SQLITE_NOTADB
)

// isCode reports whether err is the SQLite error with this primary code.
func isCode(err error, code int) bool {
	var e *engineError
	return errors.As(err, &e) && e.code&0xff == code
}
