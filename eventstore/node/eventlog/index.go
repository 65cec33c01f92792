package eventlog

import (
	"cmp"
	"errors"
	"slices"
)

const (
	selectState   = `SELECT value FROM state WHERE name = ?`
	selectIndexed = `SELECT count(*) FROM stream_index WHERE hash = ? AND revision = ? AND position = ?`
	selectTail    = `SELECT position, CAST(stream AS BLOB), revision FROM events WHERE position > ? ORDER BY position LIMIT ?`
)

// rebuildAt is how many entries are sorted at a time when the index is rebuilt.
const rebuildAt = 1 << 16

// completeIndex reads the events that were never flushed into memory. An index
// that is lost, or does not belong to this log, is built anew.
func (l *Log) completeIndex() error {
	for _, sql := range []string{indexSchema, stateSchema, goneSchema, trimmedSchema} {
		if err := l.writer.exec(sql); err != nil {
			return err
		}
	}
	from, err := l.indexed()
	if err != nil {
		return err
	}
	for {
		list, err := l.unindexed(from)
		if err != nil {
			return err
		}
		if len(list) <= 2*l.opts.Tail {
			l.remember(list)
			return nil
		}
		l.opts.Log.Info("stream index is being completed", "position", from, "last", l.last)
		if from, err = l.indexNow(list); err != nil {
			return err
		}
	}
}

// indexed is the position up to which the table can be trusted.
func (l *Log) indexed() (int64, error) {
	upTo, ok, err := l.writer.number(selectState, indexedUpTo)
	if err != nil {
		return 0, err
	}
	trusted := ok && upTo <= l.last
	if trusted {
		if trusted, err = l.agrees(upTo); err != nil {
			return 0, err
		}
	}
	if trusted {
		return upTo, nil
	}
	return 0, errors.Join(l.writer.exec("DELETE FROM stream_index"), l.writer.exec("DELETE FROM state"))
}

// agrees looks for the entry of the last event that the table should hold.
func (l *Log) agrees(upTo int64) (bool, error) {
	e, err := at(l.writer, upTo)
	var corrupt *CorruptError
	if errors.As(err, &corrupt) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	n, _, err := l.writer.number(selectIndexed, hashOf(e.Stream), e.Revision, e.Position)
	return n == 1, err
}

func (l *Log) unindexed(from int64) ([]tailEntry, error) {
	var list []tailEntry
	err := l.writer.query(selectTail, func(row []any) error {
		position, _ := row[0].(int64)
		stream, _ := text(row[1])
		revision, _ := row[2].(int64)
		list = append(list, tailEntry{entry{revision, position}, hashOf(stream), stream})
		return nil
	}, from, int64(rebuildAt))
	return list, err
}

func (l *Log) remember(list []tailEntry) {
	for _, en := range list {
		l.tail.byStream[en.stream] = append(l.tail.byStream[en.stream], en.entry)
	}
	l.moving.fresh = list
}

// indexNow writes entries to the table in one transaction and returns the
// position of the last one.
func (l *Log) indexNow(list []tailEntry) (int64, error) {
	upTo := list[len(list)-1].position
	slices.SortFunc(list, func(a, b tailEntry) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.revision, b.revision))
	})
	if err := l.index(list, upTo); err != nil {
		return 0, err
	}
	_, err := l.passive()
	return upTo, err
}
