package projections

import (
	"context"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
)

// Points is where a test may stop a writer: before the write, before the
// commit (only of batches with COPY), and after it.
var Points = []string{"folded", "written", "committed"}

// WriterPoints are Points, and those that a writer has and a build has not.
var WriterPoints = append([]string{"received", "begun", "checkpointed"}, Points...)

// Deaths is where a test may kill a process that follows the log: when a batch has come,
// once it is folded, in the transaction (only of batches with COPY) before the checkpoint,
// before the rows and before the commit, and before the next batch is asked for.
var Deaths = []string{"received", "folded", "begun", "checkpointed", "written", "committed"}

// Bounds sets the bounds of an engine.
func (e *Engine) Bounds(batch, copyFrom int, memory int64) {
	e.limits = limits{batch: batch, copyFrom: copyFrom, parallelFrom: 2, memory: memory}
}

// At has the engine call f at the points of a write.
func (e *Engine) At(f func(string) error) { e.writeHook = f }

// Groups is how many groups follow the log.
func (e *Engine) Groups() (n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, g := range e.groups {
		if g.following.Load() {
			n++
		}
	}
	return n
}

// Alone keeps new groups of some models from joining others, by starting them
// by themselves.
func (e *Engine) Alone(ctx context.Context, m Model) { e.start(ctx, 0, m) }

// Feeder is a writer of models in a test's hands.
type Feeder struct{ w *writer }

// NewFeeder makes a Feeder with bounds of its own.
func NewFeeder(ctx context.Context, pool *pgxpool.Pool, copyFrom int, memory int64, at func(string) error, models ...Model) (*Feeder, error) {
	w, err := newFeeder(ctx, pool, models)
	if err != nil {
		return nil, err
	}
	w.copyFrom, w.memory.limit, w.parallelFrom, w.at = copyFrom, memory, 2, at
	return &Feeder{w}, nil
}

// Feed gives it a batch.
func (f *Feeder) Feed(ctx context.Context, batch []domain.Recorded) error {
	return f.w.handle(ctx, batch)
}

// Close ends it.
func (f *Feeder) Close() { f.w.link.close() }

// Build builds models with bounds, and calls told as it goes.
func Build(ctx context.Context, pool *pgxpool.Pool, origin Origin, batch int, memory int64, at func(string) error, told func(Progress), models ...Model) error {
	b := newBuilder(pool, origin, slog.New(slog.DiscardHandler))
	b.limits.batch, b.memory.limit, b.at, b.every = batch, memory, at, 0
	b.told = func(_ *model, p Progress) { told(p) }
	return b.build(ctx, models, true)
}

// CauseOf names what can be done about an error.
func CauseOf(err error) string {
	return map[cause]string{passing: "passing", data: "data", lasting: "lasting"}[causeOf(err)]
}
