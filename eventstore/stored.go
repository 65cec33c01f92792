package eventstore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/google/uuid"

	"nucleo/domain"
)

// Stored is an event as it lies in the log.
type Stored struct {
	ID          uuid.UUID
	Type        string
	Stream      string
	ContentType string
	Version     uint64 // how many events the stream holds up to this one
	Position    uint64 // place in the whole log: it grows, with gaps
	Data        []byte
	Meta        []byte
}

// Log is a store of events: the one behind a server's protocol, or the one in memory.
type Log interface {
	Source
	Read(ctx context.Context, stream string) iter.Seq2[domain.Recorded, error]
	Stored(ctx context.Context, stream string) iter.Seq2[Stored, error]
	Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (domain.Appended, error)
	Delete(ctx context.Context, stream string, at domain.Head) error
	All(ctx context.Context, after uint64, resumed bool) iter.Seq2[Stored, error]
	End(ctx context.Context) (uint64, error)
}

// Source is a log that can be followed.
type Source interface {
	// Keys are those of what is sealed in the log; nil when nothing is.
	Keys() *Keys
	// Follow yields the events after a position, or all when not resumed, and
	// waits for more until ctx ends.
	Follow(ctx context.Context, after uint64, resumed bool) iter.Seq2[Stored, error]
}

// Recorded reads a stored event that is not sealed. One that cannot be read holds a
// domain.Unreadable: what that means is for each consumer to say.
func (s Stored) Recorded(catalog domain.Catalog) domain.Recorded { return s.recorded(catalog, nil, 0) }

// recorded reads the i-th of a batch of events whose keys were found.
func (s *Stored) recorded(catalog domain.Catalog, o *opened, i int) domain.Recorded {
	r := domain.Recorded{
		ID: s.ID, Type: s.Type, Stream: s.Stream, Subject: domain.Subject(s.Stream), Version: s.Version, Position: s.Position,
	}
	meta, err := readMeta(s.Meta)
	if r.Meta = meta; err != nil {
		err = errors.New("its metadata are not what Nucleo writes")
	}
	var data []byte
	if err == nil {
		data, err = o.data(i, s, catalog)
	}
	if err == nil {
		r.Event, err = catalog.Decode(s.Type, data)
	}
	if err != nil {
		r.Event = domain.Unreadable{Type: s.Type, Err: err}
	}
	return r
}

// Unreadable returns the error of a recorded event that could not be read.
func Unreadable(r domain.Recorded) error {
	if u, bad := r.Event.(domain.Unreadable); bad {
		return fmt.Errorf("event %d of %s cannot be read: %w", r.Version, r.Stream, u.Err)
	}
	return nil
}

// Ours reports whether a stream belongs to one of a catalogue's categories.
func Ours(catalog domain.Catalog, stream string) bool {
	return slices.ContainsFunc(catalog.Categories(), func(category string) bool {
		return len(stream) > len(category) && strings.HasPrefix(stream, category) && stream[len(category)] == '-'
	})
}

// prefixes are those of the names of a catalogue's streams.
func prefixes(catalog domain.Catalog) []string {
	var all []string
	for _, category := range catalog.Categories() {
		all = append(all, category+"-")
	}
	return all
}
