package eventlog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	leisure   = 50 * time.Millisecond // how long events gather before they move
	moveBytes = 4 << 20               // of one transaction, about
	hurry     = 256 << 10             // with so many bytes left, there is no pause
)

// moving is what the goroutine knows that moves events from the journal to the
// table and its index.
type moving struct {
	fresh  []tailEntry // of events in the table, not in the index
	worn   int64       // pages in the write-ahead log, about
	warned bool        // that the write-ahead log could not be folded in
}

// task asks that all up to a position stand in the table, durably.
type task struct {
	position int64
	done     chan error
}

// keepMoving is the only goroutine that writes to the SQLite file.
func (l *Log) keepMoving() {
	defer l.ended.Done()
	var due <-chan time.Time
	for {
		select {
		case <-l.wake:
			if due == nil {
				due = time.After(leisure)
			}
		case <-due:
			due = nil
			if left, err := l.moveSome(); err == nil && left >= hurry {
				due = time.After(0)
			}
		case t := <-l.tasks:
			t.done <- l.moveTo(t.position)
		case j := <-l.jobs:
			j.done <- j.do()
		case <-l.gone:
			l.finish()
			return
		}
	}
}

// finish leaves everything in the table, durably; else the journal keeps the rest.
func (l *Log) finish() {
	if err := l.moveTo(l.last); err != nil {
		l.opts.Log.Warn("the newest events stay in the journal until the log is opened again", "error", err)
		return
	}
	l.journal.spent = true
}

// move has everything up to a position moved to the table now.
func (l *Log) move(ctx context.Context, position int64) error {
	t := task{position, make(chan error, 1)}
	select {
	case l.tasks <- t:
		return <-t.done
	case <-ctx.Done():
		return ctx.Err()
	case <-l.gone:
		return ErrClosed
	}
}

func (l *Log) moveTo(position int64) error {
	for {
		if _, err := l.moveSome(); err != nil {
			return err
		}
		if l.unmoved().first() > position {
			return l.settleTable(position)
		}
	}
}

// moveSome moves one transaction full of events; left is about how many bytes
// remain. A full disk can be tried again, anything else ends the log.
func (l *Log) moveSome() (left int64, err error) {
	if err := l.failureNow(); err != nil {
		return 0, err
	}
	if rows, groups := l.unmoved().some(moveBytes); groups > 0 {
		if left, err = l.moveRows(rows, groups); err != nil {
			return 0, err
		}
	}
	return left, errors.Join(l.indexFresh(), l.fold())
}

func (l *Log) moveRows(rows []Event, groups int) (left int64, err error) {
	if err := l.settle(l.transact(rows)); err != nil {
		return 0, err
	}
	last := &rows[len(rows)-1]
	l.mu.Lock()
	l.pending = l.pending.without(groups)
	if len(l.pending) > 0 {
		left = l.last - last.Position
	}
	l.mu.Unlock()
	l.moved.Store(last.Position)
	l.moving.worn += (last.Position-rows[0].Position)/pageSize + 1
	for i := range rows {
		l.moving.fresh = append(l.moving.fresh, indexEntry(&rows[i]))
	}
	if retired := l.retired.Load(); retired <= last.Position {
		return left, l.settleTable(retired)
	}
	return left, nil
}

// settleTable makes durable what was moved, so that the journal may forget it.
func (l *Log) settleTable(position int64) error {
	if l.durable.Load() >= position {
		return nil
	}
	if err := datasync(l.wal); err != nil {
		l.fail(fmt.Errorf("sync the write-ahead log: %w", err))
		return l.failureNow()
	}
	l.durable.Store(l.moved.Load())
	return nil
}

// settle ends a transaction that went wrong: a full disk can be tried again.
func (l *Log) settle(err error) error {
	l.full.Store(isCode(err, codeFull))
	switch {
	case isCode(err, codeFull):
		if rollback := l.writer.exec("ROLLBACK"); rollback != nil && !isCode(rollback, codeError) {
			l.fail(rollback)
		}
		l.moving.worn = l.opts.WAL/pageSize + 1
		return errors.Join(ErrNoSpace, l.fold())
	case err != nil:
		l.fail(err)
		return l.failureNow()
	}
	return nil
}

// indexFresh moves index entries from memory to the table, once enough have
// gathered, in the order of the index.
func (l *Log) indexFresh() error {
	if len(l.moving.fresh) < l.opts.Tail {
		return nil
	}
	return l.indexAll()
}

// indexAll moves all index entries of what is in the table.
func (l *Log) indexAll() error {
	list := l.moving.fresh
	if len(list) == 0 {
		return nil
	}
	upTo := list[len(list)-1].position
	sorted := slices.SortedFunc(slices.Values(list), func(a, b tailEntry) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.revision, b.revision), cmp.Compare(a.position, b.position))
	})
	if err := l.settle(l.index(sorted, upTo)); err != nil {
		return err
	}
	l.moving.fresh = l.moving.fresh[:0]
	l.moving.worn += l.forget(sorted, upTo)
	return nil
}

// forget leaves entries that are in the table out of memory; streams is how many
// streams they are of.
func (l *Log) forget(sorted []tailEntry, upTo int64) (streams int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range sorted {
		if i == 0 || sorted[i].stream != sorted[i-1].stream {
			l.tail.forget(sorted[i].stream, upTo)
			streams++
		}
	}
	return streams
}

// fold copies the write-ahead log into the database once it is long. Only when
// nothing is left of it does SQLite start it anew: while somebody reads, that is
// tried again after the next move.
func (l *Log) fold() error {
	if l.moving.worn*pageSize < l.opts.WAL {
		return nil
	}
	left, err := l.passive()
	switch {
	case isCode(err, codeFull):
		if !l.moving.warned {
			l.opts.Log.Warn("disk is full: the write-ahead log cannot be folded in", "error", err)
		}
		l.moving.warned = true
		return nil
	case err != nil:
		l.fail(fmt.Errorf("checkpoint: %w", err))
		return l.failureNow()
	case left == 0:
		l.moving.worn, l.moving.warned = 0, false
	}
	return nil
}

// passive runs a checkpoint that waits for nobody; left is how many pages remain.
func (l *Log) passive() (left int64, err error) {
	err = l.writer.query("PRAGMA wal_checkpoint(PASSIVE)", func(row []any) error {
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
