package eventlog

import (
	"fmt"
	"unicode/utf8"

	"github.com/google/uuid"
)

// append decides one request and adds its events to the group.
func (g *group) append(stream string, expected int64, events []Proposed) (Result, error) {
	current, err := g.current(stream)
	if err != nil {
		return Result{}, err
	}
	ids := make([]uuid.UUID, len(events))
	for i := range events {
		ids[i] = events[i].ID
	}
	d, err := g.decide(stream, expected, current, ids)
	if err != nil {
		return Result{}, err
	}
	if d.done != nil {
		return *d.done, nil
	}
	if len(events) == 0 {
		return Result{Revision: current, Position: g.log.last}, nil
	}
	return g.write(stream, current, d.undelete, events)
}

func (g *group) write(stream string, current int64, undelete bool, events []Proposed) (Result, error) {
	revives := false
	if isMetastream(stream) {
		base, err := g.head(stream[2:])
		if err != nil {
			return Result{}, err
		}
		revives = base.meta.softDeleted()
	}
	var out Result
	for _, p := range events {
		e, err := g.put(stream, p)
		if err != nil {
			return Result{}, err
		}
		out = Result{Revision: e.Revision, Position: e.Position}
	}
	if undelete {
		return out, g.undelete(stream, current+1)
	}
	if revives {
		base, err := g.head(stream[2:])
		if err != nil {
			return Result{}, err
		}
		return out, g.undelete(stream[2:], base.last+1)
	}
	return out, nil
}

// undelete writes the metadata that shows a soft-deleted stream from a revision on.
func (g *group) undelete(stream string, from int64) error {
	raw, err := g.rawMetadata(stream)
	if err != nil {
		return err
	}
	data, err := undeleted(raw, from)
	if err != nil {
		return fmt.Errorf("undelete: %w", err)
	}
	_, err = g.put(metastreamOf(stream), Proposed{ID: g.log.opts.NewID(), Type: TypeMetadata, JSON: true, Data: data})
	return err
}

func (g *group) rawMetadata(stream string) ([]byte, error) {
	h, err := g.head(metastreamOf(stream))
	if err != nil || h.last < 0 {
		return nil, err
	}
	for i := range g.rows {
		if g.rows[i].Position == h.position {
			return g.rows[i].Data, nil
		}
	}
	e, err := g.log.at(g.log.decider, h.position)
	return e.Data, err
}

// delete soft-deletes a stream: reads no longer find it, the next write continues
// its numbers.
func (g *group) delete(stream string, expected int64) (Result, error) {
	if err := g.mayDelete(stream, expected); err != nil {
		return Result{}, err
	}
	current, err := g.current(stream)
	if err != nil {
		return Result{}, err
	}
	wrong := &WrongVersionError{Stream: stream, Expected: expected, Current: NoStream}
	if err := g.mustExist(stream, current, wrong); err != nil {
		return Result{}, err
	}
	e, err := g.put(metastreamOf(stream), Proposed{ID: g.log.opts.NewID(), Type: TypeMetadata, JSON: true, Data: []byte(softDeletion)})
	if err != nil {
		return Result{}, err
	}
	return Result{Revision: current, Position: e.Position}, nil
}

// tombstone ends a stream for ever; the stream need not exist.
func (g *group) tombstone(stream string, expected int64) (Result, error) {
	if err := g.mayDelete(stream, expected); err != nil {
		return Result{}, err
	}
	h, err := g.head(stream)
	if err != nil {
		return Result{}, err
	}
	e, err := g.add(stream, h, Tombstone, Proposed{ID: g.log.opts.NewID(), Type: TypeDeleted, Data: nil})
	if err != nil {
		return Result{}, err
	}
	return Result{Revision: Tombstone, Position: e.Position}, nil
}

// mayDelete asks the table with an id that no event has.
func (g *group) mayDelete(stream string, expected int64) error {
	current, err := g.current(stream)
	if err != nil {
		return err
	}
	_, err = g.decide(stream, expected, current, []uuid.UUID{g.log.opts.NewID()})
	return err
}

// maxName bounds stream names and event types, in bytes.
const maxName = 4096

// check refuses what no stream could take.
func check(stream string, events []Proposed) error {
	if err := checkName("stream name", stream); err != nil {
		return err
	}
	if stream == "$$" || stream == "$all" {
		return fmt.Errorf("%w: the stream name is reserved", ErrInvalid)
	}
	for _, e := range events {
		if e.ID == (uuid.UUID{}) {
			return fmt.Errorf("%w: an event id is all zeros", ErrInvalid)
		}
		if err := checkName("event type", e.Type); err != nil {
			return err
		}
	}
	return nil
}

func checkName(what, name string) error {
	switch {
	case name == "":
		return fmt.Errorf("%w: %s is empty", ErrInvalid, what)
	case len(name) > maxName:
		return fmt.Errorf("%w: %s is longer than %d bytes", ErrInvalid, what, maxName)
	case !utf8.ValidString(name):
		return fmt.Errorf("%w: %s is not UTF-8", ErrInvalid, what)
	}
	return nil
}
