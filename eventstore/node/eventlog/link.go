package eventlog

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// TypeLink is the type of an event that only points to another.
const TypeLink = "$>"

// Link is what such an event holds: "revision@stream".
func Link(stream string, revision int64) []byte { return fmt.Appendf(nil, "%d@%s", revision, stream) }

// ParseLink reads where a link points; ok is false when it points nowhere.
func ParseLink(data []byte) (stream string, revision int64, ok bool) {
	number, stream, found := strings.Cut(string(data), "@")
	revision, err := strconv.ParseInt(number, 10, 64)
	return stream, revision, found && err == nil && revision >= 0
}

// At reads one event of a stream; ok is false when it is not there, or not any more.
func (l *Log) At(ctx context.Context, stream string, revision int64) (e Event, ok bool, err error) {
	for e, err := range l.ReadStream(ctx, stream, revision, Forwards, 1) {
		if Gone(err) {
			return Event{}, false, nil
		}
		return e, err == nil && e.Revision == revision, err
	}
	return Event{}, false, nil
}

// Gone reports whether an error says that a stream holds nothing.
func Gone(err error) bool {
	return errors.Is(err, ErrStreamNotFound) || errors.Is(err, ErrStreamDeleted)
}
