package eventlog

import (
	"fmt"
)

// wear counts what a commit added to the write-ahead log and asks for a
// checkpoint well before the reserved part is full.
func (l *Log) wear(bytes int64) {
	l.frames += bytes/pageSize + 1
	if l.frames*pageSize < l.opts.WAL*2/3 {
		return
	}
	l.frames = 0
	select {
	case l.worn <- struct{}{}:
	default:
	}
}

// checkpoint copies the write-ahead log into the database, off the commit path.
func (l *Log) checkpoint() {
	defer l.ended.Done()
	full := false
	for {
		select {
		case <-l.worn:
		case <-l.ending:
			return
		}
		err := l.backfill()
		switch {
		case isCode(err, codeFull):
			if !full {
				l.opts.Log.Warn("disk is full: the write-ahead log cannot be folded in", "error", err)
			}
			full = true
		case err != nil:
			l.fail(fmt.Errorf("checkpoint: %w", err))
			return
		default:
			full = false
		}
	}
}

// backfill does the bulk while appends go on, and the rest between two commits:
// only when nothing is left does SQLite start the write-ahead log anew.
func (l *Log) backfill() error {
	if left, err := l.passive(); err != nil || left == 0 {
		return err
	}
	l.commit.Lock()
	defer l.commit.Unlock()
	_, err := l.passive()
	return err
}

// passive runs a checkpoint that waits for nobody; left is how many pages remain.
func (l *Log) passive() (left int64, err error) {
	err = l.keeper.query("PRAGMA wal_checkpoint(PASSIVE)", func(row []any) error {
		pages, _ := row[1].(int64)
		done, _ := row[2].(int64)
		left = pages - done
		return nil
	})
	if isCode(err, codeBusy) {
		return 1, nil
	}
	return left, err
}
