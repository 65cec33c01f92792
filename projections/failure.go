package projections

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// ErrFenced says that rows or checkpoint are not as this process left them:
// another one leads now, or changed them.
var ErrFenced = errors.New("another process has changed these tables")

// failure is an error in the work for one model.
type failure struct {
	model *model
	error
}

func (f *failure) Unwrap() error { return f.error }

// blame says whose error it is. A division by zero is how a statement says
// that it did not find the rows that memory has.
func blame(m *model, err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "22012" {
		return ErrFenced
	}
	if m == nil || err == nil {
		return err
	}
	return &failure{m, fmt.Errorf("%s: %w", m.id, err)}
}

// cause sorts what Postgres answers by what can be done about it.
type cause int

const (
	passing cause = iota // the same again, later: connection, deadlock, resources, shutdown, and all that is not known
	data                 // a value can never be stored: its stream is parked
	lasting              // the model's tables are not as its program needs them: it retries alone
)

// causeOf reads the SQLSTATE of an error (F-43).
func causeOf(err error) cause {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || len(pg.Code) != 5 {
		return passing
	}
	switch {
	case pg.Code == "22012":
		return passing
	case pg.Code[:2] == "22", pg.Code[:2] == "23", pg.Code == "54000": // a value, a constraint, a row too long for its index
		return data
	case pg.Code[:2] == "42", pg.Code[:2] == "3F", pg.Code[:2] == "0A", pg.Code[:2] == "2B": // no such table, no right, …
		return lasting
	}
	return passing
}

// refused returns the model whose rows Postgres will never take as they are.
func refused(err error) *model {
	var f *failure
	if errors.As(err, &f) && causeOf(err) == data {
		return f.model
	}
	return nil
}

// reason is an error as it may be shown: short, and without data of people.
// A PgError's text holds no values beyond names of constraints and types.
func reason(err error) string {
	text := strings.ToValidUTF8(strings.ReplaceAll(err.Error(), "\x00", ""), "")
	if r := []rune(text); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return text
}

// panicked makes an error of what Apply panicked with, which may hold data
// unless the runtime wrote it.
func panicked(p any) error {
	if err, ok := p.(runtime.Error); ok {
		return fmt.Errorf("apply panicked: %w", err)
	}
	return fmt.Errorf("apply panicked with a %T", p)
}
