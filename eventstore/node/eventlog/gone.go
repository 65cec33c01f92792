package eventlog

import "errors"

// What was removed leaves two notes, in the transaction that removes it: where in the
// log nothing stands any more, so that an event that is missing otherwise is noticed, and
// with which revision a stream begins, which is also the next one of a stream of which nothing
// is left.
const (
	goneSchema = `CREATE TABLE IF NOT EXISTS gone (
		first INTEGER PRIMARY KEY,
		next  INTEGER NOT NULL) STRICT`
	trimmedSchema = `CREATE TABLE IF NOT EXISTS trimmed (
		hash   INTEGER NOT NULL,
		stream TEXT NOT NULL,
		before INTEGER NOT NULL,
		PRIMARY KEY (hash, stream)) STRICT, WITHOUT ROWID`

	selectGone    = `SELECT first, next FROM gone WHERE first <= ? ORDER BY first DESC LIMIT 1`
	deleteGone    = `DELETE FROM gone WHERE first = ?`
	insertGone    = `INSERT INTO gone VALUES (?,?)`
	forgetGone    = `DELETE FROM gone WHERE next > ?`
	selectTrimmed = `SELECT before FROM trimmed WHERE hash = ? AND stream = ?`
	upsertTrimmed = `INSERT INTO trimmed VALUES (?,?,?) ON CONFLICT DO UPDATE SET before = excluded.before`
	selectBegins  = `SELECT EXISTS (SELECT 1 FROM trimmed WHERE hash = ? AND before = ?)`
)

// goneUpTo is where the hole ends that a position lies in, or the position.
func (c *conn) goneUpTo(position int64) (first, next int64, err error) {
	first, next = position, position
	err = c.query(selectGone, func(row []any) error {
		from, _ := row[0].(int64)
		if to, _ := row[1].(int64); to > position {
			first, next = from, to
		}
		return nil
	}, position)
	return first, next, err
}

// follows reports whether an event may stand at a position when the one before it
// ends at another.
func (c *conn) follows(position, end int64) (bool, error) {
	if position == end {
		return true, nil
	}
	_, next, err := c.goneUpTo(end)
	return next == position && next > end, err
}

// gone notes that nothing stands from one position to another, neither of which lies
// in a hole.
func (c *conn) gone(first, next int64) error {
	if before, end, err := c.goneUpTo(first - 1); err != nil {
		return err
	} else if end == first {
		first = before
	}
	_, after, err := c.goneUpTo(next)
	if err != nil {
		return err
	}
	if after != next {
		err = c.exec(deleteGone, next)
	}
	return errors.Join(err, c.exec(deleteGone, first), c.exec(insertGone, first, after))
}

// trimmed is the lowest revision of a stream that was not removed.
func (c *conn) trimmed(stream string) (int64, error) {
	before, _, err := c.number(selectTrimmed, hashOf(stream), stream)
	return before, err
}

// unlessTrimmed says of a fault in reading a stream from a revision on whether what is missing
// was removed: then it is to be read from there on.
func (c *conn) unlessTrimmed(fault error, stream string, from int64) (int64, error) {
	if !errors.As(fault, new(*CorruptError)) {
		return from, fault
	}
	before, err := c.trimmed(stream)
	switch {
	case err != nil:
		return from, err
	case before <= from:
		return from, fault
	}
	return before, nil
}
