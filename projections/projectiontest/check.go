package projectiontest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/internal/postgres/pgtest"
	"nucleo/projections"
)

// Pool makes a database with the tables of models, fed with a log.
func Pool(t testing.TB, models []projections.Model, log ...domain.Recorded) *pgxpool.Pool {
	t.Helper()
	pool, err := projections.Open(t.Context(), pgtest.Database(t), models)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if err := projections.Feed(t.Context(), pool, models, log); err != nil {
		t.Fatal(err)
	}
	return pool
}

// RowsAreTheFold feeds a log to a model's tables, cut in several ways and with
// every event given twice, and compares the rows with the fold in memory. No
// stream may be parked.
func RowsAreTheFold[T any](t *testing.T, p projections.Projection[T], log ...domain.Recorded) {
	t.Helper()
	want := p.Contents(p.Fold(log...))
	for _, cut := range cuts(log) {
		pool := Pool(t, []projections.Model{p})
		if err := projections.Feed(t.Context(), pool, []projections.Model{p}, cut.batches...); err != nil {
			t.Fatalf("%s: %v", cut.name, err)
		}
		stored, err := p.Load(t.Context(), pool)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, p.Contents(stored)); diff != "" {
			t.Errorf("%s: rows are not the fold (-fold +rows):\n%s", cut.name, diff)
		}
		parked, err := projections.Parcheggiati(t.Context(), pool, []projections.Model{p})
		if err != nil || len(parked) > 0 {
			t.Errorf("%s: parked: %v %v", cut.name, parked, err)
		}
		pool.Close()
	}
}

// Twice is RowsAreTheFold by the name that says what breaks most often.
func Twice[T any](t *testing.T, p projections.Projection[T], log ...domain.Recorded) {
	t.Helper()
	RowsAreTheFold(t, p, log...)
}

type cut struct {
	name    string
	batches [][]domain.Recorded
}

// cuts are ways in which a log may come: event by event, each one twice; at
// random, every batch twice; and all at once.
func cuts(log []domain.Recorded) []cut {
	single := cut{name: "event by event, each twice"}
	for i := range log {
		single.batches = append(single.batches, log[i:i+1], log[max(0, i-1):i+1])
	}
	random := rand.New(rand.NewPCG(1, uint64(len(log))))
	uneven := cut{name: fmt.Sprintf("%d events in uneven batches, each twice", len(log))}
	for from := 0; from < len(log); {
		to := min(len(log), from+1+random.IntN(7))
		uneven.batches = append(uneven.batches, log[from:to], log[from:to])
		from = to
	}
	return []cut{single, uneven, {"all at once", [][]domain.Recorded{log}}}
}
