package eventlog

import (
	"context"
	"time"
)

// vacuumPages are given back in one transaction.
const vacuumPages = "64"

// shrink gives the free pages of the file back, a few at a time. A file that was made
// before logs could do this keeps them, for events to come.
func (s *scavenge) shrink(ctx context.Context) error {
	for {
		begun := s.log.opts.Now()
		var given int64
		err := s.log.mover(ctx, func() (err error) {
			given, err = s.log.giveBack()
			return err
		})
		if err != nil {
			return err
		}
		if given == 0 {
			return s.log.mover(ctx, func() error {
				_, err := s.log.passive() // which cuts the file
				return err
			})
		}
		s.done.Pages += given
		s.tell()
		if err := s.pause(ctx, begun); err != nil {
			return err
		}
	}
}

// giveBack gives some free pages back; given is 0 when there are no more.
func (l *Log) giveBack() (given int64, err error) {
	before, err := l.freePages()
	if err != nil || before == 0 {
		return 0, err
	}
	if err := l.settle(l.writer.exec("PRAGMA incremental_vacuum(" + vacuumPages + ")")); err != nil {
		return 0, err
	}
	after, err := l.freePages()
	if err != nil {
		return 0, err
	}
	l.moving.worn += 4 * (before - after)
	return before - after, l.fold()
}

func (l *Log) freePages() (int64, error) {
	n, _, err := l.writer.number("PRAGMA freelist_count")
	return n, err
}

// mover has something done by the goroutine that alone writes to the file.
func (l *Log) mover(ctx context.Context, do func() error) error {
	j := job{do, make(chan error, 1)}
	select {
	case l.jobs <- j:
		return <-j.done
	case <-ctx.Done():
		return ctx.Err()
	case <-l.gone:
		return ErrClosed
	}
}

// job is something to do for the goroutine that moves.
type job struct {
	do   func() error
	done chan error
}

// pause waits, unless ctx ends or the log is closed first.
func (l *Log) pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	case <-l.ending:
		return ErrClosed
	}
}
