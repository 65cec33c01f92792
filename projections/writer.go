package projections

import (
	"context"
	"encoding/binary"
	"runtime"
	"sync"
	"sync/atomic"

	"nucleo/domain"
)

// limits are bounds that tests set lower.
type limits struct {
	batch        int   // events that a build folds at a time
	copyFrom     int   // new rows of a table from which COPY beats INSERT
	parallelFrom int   // events from which models are folded side by side
	memory       int64 // bytes of rows that all models together keep
}

var usual = limits{batch: 10_000, copyFrom: 1_000, parallelFrom: 256, memory: 256 << 20}

// writer folds batches into models that stand at the same position and share
// a connection, a lock each, and a transaction a batch.
type writer struct {
	limits
	link     *link
	models   []*model
	position atomic.Int64 // of the last event folded, -1 before the first
	memory   *memory
	inside   bool               // a transaction that someone else began, and ends
	at       func(string) error // called at the points of a write, for tests
}

// handle folds the events after the position, and writes the outcome. After
// an error the writer knows nothing of its rows.
func (w *writer) handle(ctx context.Context, batch []domain.Recorded) error {
	batch = after(w.position.Load(), batch)
	if len(batch) == 0 {
		return nil
	}
	if err := w.reach("received"); err != nil {
		return err
	}
	err := w.project(ctx, batch)
	if m := refused(err); m != nil && !w.inside {
		err = w.isolate(ctx, batch, m, err)
	}
	w.memory.trim(w.models)
	return err
}

// after drops what comes a second time.
func after(position int64, batch []domain.Recorded) []domain.Recorded {
	for len(batch) > 0 && int64(batch[0].Position) <= position {
		batch = batch[1:]
	}
	for i := 1; i < len(batch); i++ {
		if batch[i].Position <= batch[i-1].Position {
			return distinct(batch)
		}
	}
	return batch
}

func distinct(batch []domain.Recorded) []domain.Recorded {
	kept := batch[:1:1]
	for _, r := range batch[1:] {
		if r.Position > kept[len(kept)-1].Position {
			kept = append(kept, r)
		}
	}
	return kept
}

// isolate finds the event whose rows the database refuses, by halves, and
// parks its stream.
func (w *writer) isolate(ctx context.Context, batch []domain.Recorded, by *model, err error) error {
	for _, m := range w.models {
		m.rewind()
	}
	if len(batch) == 1 {
		by.park(batch[0], err)
		by.sure = len(by.parking)
		again := w.project(ctx, batch)
		if m := refused(again); m != nil && m != by {
			return w.isolate(ctx, batch, m, again)
		}
		return again
	}
	half := len(batch) / 2
	for _, part := range [][]domain.Recorded{batch[:half], batch[half:]} {
		err := w.project(ctx, part)
		if m := refused(err); m != nil {
			err = w.isolate(ctx, part, m, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) project(ctx context.Context, batch []domain.Recorded) error {
	if err := w.settle(ctx, batch); err != nil {
		return err
	}
	return w.advance(ctx, int64(batch[len(batch)-1].Position))
}

// advance writes what was folded, and the position.
func (w *writer) advance(ctx context.Context, to int64) error {
	if err := w.reach("folded"); err != nil {
		return err
	}
	if err := w.write(ctx, to); err != nil {
		return err
	}
	w.position.Store(to)
	for _, m := range w.models {
		m.written()
	}
	return w.reach("committed")
}

// settle folds a batch with all the rows that it needs. Which rows those are
// is found by folding: a row that is not in memory counts as zero at first,
// is fetched, and the batch is folded again from where it began, until no row
// is missing. Most batches need no second time.
func (w *writer) settle(ctx context.Context, batch []domain.Recorded) error {
	todo := w.models
	for {
		each(todo, len(batch) >= w.parallelFrom, func(m *model) { m.fold(batch) })
		var lacking []*model
		p := &pipeline{link: w.link}
		for _, m := range todo {
			if !m.missing() {
				continue
			}
			lacking = append(lacking, m)
			m.rewind()
			if err := m.fetch(ctx, p); err != nil {
				return err
			}
		}
		if len(lacking) == 0 {
			return nil
		}
		if err := p.run(ctx); err != nil {
			return err
		}
		todo = lacking
	}
}

// each calls f for every model, on all processors if that is worth it.
func each(models []*model, parallel bool, f func(*model)) {
	n := runtime.GOMAXPROCS(0)
	if !parallel || n == 1 || len(models) == 1 {
		for _, m := range models {
			f(m)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, len(models)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(models)); i = next.Add(1) - 1 {
				f(models[i])
			}
		})
	}
	wg.Wait()
}

// write sends what was folded and moves the checkpoints in one transaction:
// in one round trip, when nothing goes by COPY.
func (w *writer) write(ctx context.Context, to int64) error {
	all := make([]changed, len(w.models))
	large := int64(0)
	each(w.models, true, func(m *model) {
		for i, other := range w.models {
			if other == m {
				all[i] = m.changes(w.copyFrom)
				atomic.AddInt64(&large, int64(len(all[i].copies)))
			}
		}
	})
	first := &pipeline{link: w.link}
	if err := first.add(ctx, nil, w.checkpoint(to), nil); err != nil {
		return err
	}
	if large == 0 {
		if err := w.queue(ctx, first, all); err != nil {
			return err
		}
		return first.run(ctx)
	}
	work := func() error {
		if err := w.reach("begun"); err != nil {
			return err
		}
		if err := first.run(ctx); err != nil {
			return err
		}
		if err := w.reach("checkpointed"); err != nil {
			return err
		}
		return w.send(ctx, all)
	}
	if w.inside {
		return work()
	}
	return w.link.inTransaction(ctx, work, func() error { return w.reach("written") })
}

func (w *writer) queue(ctx context.Context, p *pipeline, all []changed) error {
	for _, c := range all {
		for _, s := range c.statements {
			if err := p.add(ctx, c.model, s, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// send brings the changes to Postgres, inside a transaction.
func (w *writer) send(ctx context.Context, all []changed) error {
	for _, c := range all {
		for _, rows := range c.copies {
			if err := w.link.copy(ctx, rows.sql, newCopy(rows.rel.columns(), rows.rows)); err != nil {
				return blame(c.model, err)
			}
		}
	}
	p := &pipeline{link: w.link}
	if err := w.queue(ctx, p, all); err != nil {
		return err
	}
	return p.run(ctx)
}

func (w *writer) reach(point string) error {
	if w.at == nil {
		return nil
	}
	return w.at(point)
}

const checkpointSQL = `WITH w AS (
	UPDATE proiezioni.avanzamento AS a SET posizione = $4::bigint, letta = $4::bigint, errore = '', aggiornato = now()
	FROM unnest($1::text[], $2::bigint[]) AS mine (id, epoca)
	WHERE a.proiezione = mine.id AND a.epoca = mine.epoca AND a.posizione = $3::bigint RETURNING 1)
SELECT 1 / (count(*) = $5)::int FROM w`

// checkpoint moves the positions, if they are where this process left them.
func (w *writer) checkpoint(to int64) statement {
	return statement{checkpointSQL, [][]byte{w.ids(), w.epochs(), bigint(w.position.Load()), bigint(to), bigint(int64(len(w.models)))}}
}

func (w *writer) ids() []byte {
	b := arrayHeader(textKind.oid, len(w.models))
	for _, m := range w.models {
		b = binary.BigEndian.AppendUint32(b, uint32(len(m.id)))
		b = append(b, m.id...)
	}
	return b
}

func (w *writer) epochs() []byte {
	b := arrayHeader(intKind.oid, len(w.models))
	for _, m := range w.models {
		b = binary.BigEndian.AppendUint32(b, 8)
		b = binary.BigEndian.AppendUint64(b, uint64(m.epoca))
	}
	return b
}
