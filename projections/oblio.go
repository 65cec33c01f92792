package projections

import (
	"context"
	"slices"

	"nucleo/domain"
	"nucleo/eventstore"
)

// rifatto stands in a batch for a domain.Dimentica, with the events of the
// stream that it names, up to it, as they can be read now.
type rifatto struct {
	domain.Dimentica
	storia []domain.Recorded
}

// rilegge puts what can be read now beside each event that says that some of it
// cannot be any more. The batch itself stays as it is.
func (o Origin) rilegge(ctx context.Context, batch []domain.Recorded) ([]domain.Recorded, error) {
	copiato := false
	for i, r := range batch {
		e, is := r.Event.(domain.Dimentica)
		if !is {
			continue
		}
		storia, err := o.storia(ctx, e.Dimenticato(), r.Position)
		if err != nil {
			return nil, err
		}
		if !copiato {
			batch, copiato = slices.Clone(batch), true
		}
		batch[i].Event = rifatto{e, storia}
	}
	return batch, nil
}

// storia is a stream before a position, by the keys that are there now.
func (o Origin) storia(ctx context.Context, stream string, before uint64) ([]domain.Recorded, error) {
	var stored []eventstore.Stored
	for e, err := range o.Source.Stored(ctx, stream) {
		if err != nil {
			return nil, err
		}
		if e.Position >= before {
			break
		}
		stored = append(stored, e)
	}
	return eventstore.Afresh(ctx, o.Catalog, o.Source.Keys(), stored)
}

// rifa makes the rows of a stream anew, as far as the stream was folded.
func (m *model) rifa(e rifatto) {
	if m.rifai == nil || len(e.storia) == 0 || !m.of.reads(e.Dimenticato()) {
		return
	}
	storia := e.storia
	if p, is := m.parked[e.Dimenticato()]; is {
		storia = storia[:min(uint64(len(storia)), p.version-1)]
	}
	m.rifai(storia)
}

// Rimetti puts all rows of another table, those that are zero too, into this one.
func (t *Table[K, R]) Rimetti(da *Table[K, R]) {
	for key, r := range da.rows {
		*t.Row(key) = r.Row
	}
}
