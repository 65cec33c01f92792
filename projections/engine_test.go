package projections_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5/pgconn"
	"pgregory.net/rapid"

	"nucleo/projections"
	"nucleo/projections/projectiontest"
)

func TestRowsAreTheFoldHoweverTheLogIsCutAndHoweverOftenItComes(t *testing.T) {
	d := newDiario(t)
	d.fill(4)
	log := d.recorded()
	projectiontest.RowsAreTheFold(t, casi, log...)
	projectiontest.RowsAreTheFold(t, carico, log...)
	projectiontest.RowsAreTheFold(t, cronologia, log...)
}

func TestRowsAreTheFoldWithinAnyBounds(t *testing.T) {
	pool := open(t, models...)
	d := newDiario(t)
	d.fill(15)
	log := d.recorded()
	rapid.Check(t, func(r *rapid.T) {
		for _, m := range models {
			_ = projections.Elimina(t.Context(), pool, m.ID())
		}
		f, err := projections.NewFeeder(t.Context(), pool, rapid.SampledFrom([]int{1, 5, 1000}).Draw(r, "copyFrom"),
			rapid.SampledFrom([]int64{0, 1000, 1 << 20}).Draw(r, "memory"), nil, models...)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for at := 0; at < len(log); {
			to := min(len(log), at+rapid.IntRange(1, 40).Draw(r, "size"))
			from := max(0, at-rapid.IntRange(0, 10).Draw(r, "again"))
			if err := f.Feed(t.Context(), log[from:to]); err != nil {
				t.Fatal(err)
			}
			at = to
		}
		sameAll(t, pool, log)
	})
}

func TestEngineBuildsThenFollows(t *testing.T) {
	for _, memory := range []int64{400 << 20, 3000, 0} {
		t.Run(fmt.Sprint(memory, " bytes"), func(t *testing.T) {
			pool, d := open(t, models...), newDiario(t)
			d.fill(60)
			e := projections.NewEngine(pool, d.origin(), quiet, models...)
			e.Bounds(37, 10, memory)
			stop := run(t, e)
			wait(t, e, d.last, models...)
			sameAll(t, pool, d.recorded())
			d.fill(20)
			wait(t, e, d.last, models...)
			sameAll(t, pool, d.recorded())
			stop()
			d.fill(3)
			e = projections.NewEngine(pool, d.origin(), quiet, models...)
			run(t, e)
			wait(t, e, d.last, models...)
			sameAll(t, pool, d.recorded())
			got, err := e.Stato(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var want []projections.StatoModello
			for _, m := range []struct {
				name    string
				version int
			}{{"carico", 2}, {"casi", 1}, {"cronologia", 1}} {
				want = append(want, projections.StatoModello{Nome: m.name, Versione: m.version, Condizione: projections.Attivo, Posizione: int64(d.last), Fine: d.last})
			}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(projections.StatoModello{}, "Aggiornato", "Eventi", "Ritmo")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnEmptyLogBuildsEmptyTables(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	e := projections.NewEngine(pool, d.origin(), quiet, models...)
	run(t, e)
	eventually(t, "following", func() bool { return e.Groups() == 1 })
	sameAll(t, pool, nil)
	d.fill(1)
	wait(t, e, d.last, models...)
	sameAll(t, pool, d.recorded())
}

func TestAModelAddedLaterIsBuiltAndJoinsTheOthers(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(30)
	first := projections.NewEngine(pool, d.origin(), quiet, casi, carico)
	stop := run(t, first)
	wait(t, first, d.last, casi, carico)
	stop()
	d.fill(10)
	e := projections.NewEngine(pool, d.origin(), quiet, models...)
	run(t, e)
	wait(t, e, d.last, models...)
	eventually(t, "one group", func() bool {
		d.fill(1)
		wait(t, e, d.last, models...)
		return e.Groups() == 1
	})
	sameAll(t, pool, d.recorded())
}

var errKilled = errors.New("killed here")

func TestAKilledWriterLeavesRowsThatAreTheFold(t *testing.T) {
	for _, point := range projections.WriterPoints {
		for _, copyFrom := range []int{1, 1000} {
			t.Run(fmt.Sprint(point, copyFrom), func(t *testing.T) {
				pool, d := open(t, models...), newDiario(t)
				d.fill(10)
				log := d.recorded()
				n, killed := 0, 0
				at := func(p string) error {
					if p != point {
						return nil
					}
					if n++; n%2 == 0 {
						return nil
					}
					killed++
					return errKilled
				}
				for done := 0; done < len(log); {
					f, err := projections.NewFeeder(t.Context(), pool, copyFrom, 1<<20, at, models...)
					if err != nil {
						t.Fatal(err)
					}
					for done < len(log) {
						if err = f.Feed(t.Context(), log[max(0, done-5):min(len(log), done+7)]); err != nil {
							break
						}
						done += 7
					}
					f.Close()
					if err != nil && !errors.Is(err, errKilled) {
						t.Fatal(err)
					}
				}
				inTransaction := point == "begun" || point == "checkpointed" || point == "written" // small batches have none: one round trip
				if killed == 0 && (!inTransaction || copyFrom == 1) {
					t.Fatal("nothing was killed")
				}
				sameAll(t, pool, log)
			})
		}
	}
}

func TestASecondWriterFencesTheFirst(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(5)
	log := d.recorded()
	first, err := projections.NewFeeder(t.Context(), pool, 1000, 1<<20, nil, models...)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if err := first.Feed(t.Context(), log[:5]); err != nil {
		t.Fatal(err)
	}
	second, err := projections.NewFeeder(t.Context(), pool, 1000, 1<<20, nil, models...)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if err := first.Feed(t.Context(), log[5:]); !errors.Is(err, projections.ErrFenced) {
		t.Fatalf("the first writer: %v", err)
	}
	if err := second.Feed(t.Context(), log); err != nil {
		t.Fatal(err)
	}
	sameAll(t, pool, log)
}

func TestRowsChangedByHandFenceTheWriter(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(5)
	log := d.recorded()
	f, err := projections.NewFeeder(t.Context(), pool, 1000, 1<<20, nil, models...)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Feed(t.Context(), log[:5]); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), `DELETE FROM casi`); err != nil {
		t.Fatal(err)
	}
	if err := f.Feed(t.Context(), log[5:]); !errors.Is(err, projections.ErrFenced) {
		t.Fatal(err)
	}
}

func TestCausesOfErrors(t *testing.T) {
	for code, want := range map[string]string{
		"40001": "passing", "40P01": "passing", "57P01": "passing", "57P03": "passing", "08006": "passing", "53100": "passing", "53300": "passing",
		"55P03": "passing", "58030": "passing", "25006": "passing", "57014": "passing", "XX000": "passing", "": "passing",
		"22021": "data", "22003": "data", "23505": "data", "23502": "data", "54000": "data",
		"42P01": "lasting", "42501": "lasting", "3F000": "lasting", "42703": "lasting",
	} {
		if got := projections.CauseOf(fmt.Errorf("x: %w", &pgconn.PgError{Code: code})); got != want {
			t.Errorf("%s is %s, not %s", code, got, want)
		}
	}
	if got := projections.CauseOf(context.DeadlineExceeded); got != "passing" {
		t.Error(got)
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(1)
	e := projections.NewEngine(pool, d.origin(), quiet, models...)
	run(t, e)
	wait(t, e, d.last, models...)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if err := e.Wait(ctx, d.last+1, casi); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if err := projections.Wait(ctx, pool, math.MaxInt32, casi); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if err := projections.Wait(t.Context(), pool, d.last, models...); err != nil {
		t.Error(err)
	}
}
