package eventlog

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"nucleo/internal/durable"
)

// replay moves to the table what a process that did not close the log left in the
// journal. Only the last frame may be torn: it was written, and never answered.
// Where anything else is missing the log is damaged, and is not opened.
func (l *Log) replay() error {
	groups, err := l.leftBehind()
	if err != nil {
		return err
	}
	moved := 0
	for _, rows := range groups {
		for i := range rows { // the table ends between two events of a group only when it is a copy
			if rows[i].Position >= l.next {
				rows = rows[i:]
				break
			}
		}
		if rows[len(rows)-1].Position < l.next {
			continue // stands in the table
		}
		if rows[0].Position != l.next {
			return &CorruptError{l.next, fmt.Sprintf("the journal goes on at %d, what stood between is lost: "+
				"restore the log, or if %s was put here from a copy, move %[2]s.journal-* away", rows[0].Position, filepath.Base(l.path))}
		}
		if err := l.transact(rows); err != nil {
			return fmt.Errorf("move the journal to the table: %w", err)
		}
		moved += len(rows)
		last := &rows[len(rows)-1]
		l.last, l.next, l.created = last.Position, last.Position+last.size(), last.Created
	}
	if moved > 0 {
		l.opts.Log.Info("events that stood in the journal alone moved to the table", "events", moved, "last", l.last)
	}
	return nil
}

// leftBehind reads both files of the journal, and puts their frames in order.
func (l *Log) leftBehind() (groups [][]Event, err error) {
	for i := range 2 {
		found, torn, err := readSegment(segmentPath(l.path, i))
		if err != nil {
			return nil, &CorruptError{l.next, err.Error()}
		}
		if torn > 0 {
			l.opts.Log.Warn("a frame of the journal is not whole: what it held was never answered, or stands in the table",
				"file", segmentPath(l.path, i), "frames", torn)
		}
		groups = append(groups, found...)
	}
	slices.SortFunc(groups, func(a, b []Event) int { return cmp.Compare(a[0].Position, b[0].Position) })
	return groups, nil
}

// forgetJournal removes the files of a journal whose events all stand in the table,
// durably: a log that was closed is one SQLite file.
func forgetJournal(path string) error {
	var err error
	for i := range 2 {
		if e := os.Remove(segmentPath(path, i)); !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return errors.Join(err, durable.SyncDir(filepath.Dir(path)))
}
