package eventlog

import (
	"github.com/google/uuid"
)

// decision is what the rules say to an append: an idempotent answer, or write.
type decision struct {
	done     *Result
	undelete bool // writing makes a soft-deleted stream visible again
}

// decide is EventStoreDB's table of expected revisions and event ids, tried from
// the top.
func (g *group) decide(stream string, expected, current int64, ids []uuid.UUID) (decision, error) {
	if current == Tombstone {
		return decision{}, ErrStreamDeleted
	}
	h, err := g.head(stream)
	if err != nil {
		return decision{}, err
	}
	soft := h.meta.softDeleted()
	if expected == current {
		return decision{undelete: soft}, nil
	}
	wrong := &WrongVersionError{Stream: stream, Expected: expected, Current: current}
	if expected == StreamExists {
		if soft {
			return decision{}, ErrStreamDeleted
		}
		if err := g.mustExist(stream, current, wrong); err != nil {
			return decision{}, err
		}
	}
	switch {
	case expected == Any || expected == StreamExists:
		return g.decideAny(stream, soft, ids, wrong)
	case expected < current:
		return g.decideEarlier(stream, expected, soft, ids, wrong)
	}
	return decision{}, wrong // ahead of the stream
}

// mustExist: a stream with metadata only counts as existing.
func (g *group) mustExist(stream string, current int64, wrong error) error {
	if current >= 0 {
		return nil
	}
	meta, err := g.current(metastreamOf(stream))
	if err != nil {
		return err
	}
	if meta < 0 {
		return wrong
	}
	return nil
}

// decideAny is best effort: it knows the ids that the cache remembers.
func (g *group) decideAny(stream string, soft bool, ids []uuid.UUID, wrong error) (decision, error) {
	if len(ids) == 0 {
		return decision{undelete: soft}, nil
	}
	var end place
	for i, id := range ids {
		p, ok := g.known(id)
		if !ok || p.stream != stream {
			if i == 0 {
				return decision{undelete: soft}, nil
			}
			return decision{}, wrong // the batch is known in part
		}
		end = p
	}
	return decision{done: &Result{Revision: end.revision, Position: end.position}}, nil
}

// decideEarlier compares with what was stored after the expected revision.
func (g *group) decideEarlier(stream string, expected int64, soft bool, ids []uuid.UUID, wrong error) (decision, error) {
	if len(ids) == 0 {
		return decision{}, wrong
	}
	done := &Result{Revision: expected}
	for i, id := range ids {
		done.Revision++
		position, ok, err := g.holds(stream, done.Revision, id)
		switch {
		case err != nil:
			return decision{}, err
		case ok:
			done.Position = position
		case i == 0 && expected == NoStream && soft:
			return decision{undelete: true}, nil
		default:
			return decision{}, wrong
		}
	}
	return decision{done: done}, nil
}
