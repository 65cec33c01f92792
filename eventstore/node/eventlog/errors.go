package eventlog

import (
	"errors"
	"fmt"
)

var (
	// ErrStreamDeleted is the answer for a tombstoned stream, for ever.
	ErrStreamDeleted = errors.New("stream is deleted")
	// ErrStreamNotFound is the answer for a stream never written or soft deleted.
	ErrStreamNotFound = errors.New("stream not found")
	// ErrNoSpace refuses an append while the disk is full; nothing was written.
	ErrNoSpace = errors.New("no space left for the event log")
	// ErrFailed means that a commit failed earlier: the log takes no more appends
	// and the process must end, because what the disk holds is not known.
	ErrFailed = errors.New("event log has failed")
	// ErrClosed is the answer after Close.
	ErrClosed = errors.New("event log is closed")
	// ErrInvalid refuses an append that no stream could take.
	ErrInvalid = errors.New("invalid append")
	// ErrFormat refuses a file that is not an event log of this version.
	ErrFormat = errors.New("not an event log of this version")
	// ErrLocked refuses a file that another process holds.
	ErrLocked = errors.New("event log is in use")
)

// WrongVersionError refuses an append whose expected revision does not hold.
type WrongVersionError struct {
	Stream   string
	Expected int64
	Current  int64 // last revision, or NoStream
}

func (e *WrongVersionError) Error() string {
	return fmt.Sprintf("wrong expected version: expected %d, current %d", e.Expected, e.Current)
}

// CorruptError names the first position that is not as it was written.
type CorruptError struct {
	Position int64
	Reason   string
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("event log is damaged at position %d: %s", e.Position, e.Reason)
}
