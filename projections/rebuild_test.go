package projections_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/projections"
)

func TestARebuildNeverShowsReadersAHole(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(60)
	e := projections.NewEngine(pool, d.origin(), quiet, models...)
	run(t, e)
	wait(t, e, d.last, models...)
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	var reads atomic.Int64
	for range 3 {
		readers.Go(func() {
			most := 0
			for ctx.Err() == nil {
				var n int
				if err := pool.QueryRow(context.Background(), `SELECT count(*) FROM cronologia`).Scan(&n); err != nil || n < most {
					t.Errorf("after %d rows: %d, %v", most, n, err)
					return
				}
				most = n
				reads.Add(1)
			}
		})
	}
	var writer sync.WaitGroup
	writer.Go(func() {
		for range 30 {
			d.fill(1)
		}
	})
	for range 5 {
		if err := projections.Ricostruisci(t.Context(), pool, d.origin(), quiet, models...); err != nil {
			t.Fatal(err)
		}
	}
	writer.Wait()
	d.fill(1)
	wait(t, e, d.last, models...)
	stop()
	readers.Wait()
	sameAll(t, pool, d.recorded())
	if reads.Load() < 100 {
		t.Errorf("only %d reads", reads.Load())
	}
	if left, err := projections.Vecchie(t.Context(), pool, models); len(left) > 0 || err != nil {
		t.Error(left, err)
	}
}

func TestARebuildTriesParkedStreamsAgain(t *testing.T) {
	pool, d := open(t, casi), newDiario(t)
	d.fill(2)
	d.add(numbered[caseID](0), guasto{})
	e := projections.NewEngine(pool, d.origin(), quiet, casi)
	stop := run(t, e)
	wait(t, e, d.last, casi)
	stop()
	if err := projections.Ricostruisci(t.Context(), pool, d.origin(), quiet, corretti); err != nil {
		t.Fatal(err)
	}
	same(t, pool, corretti, d.recorded())
	if left, err := projections.Parcheggiati(t.Context(), pool, models); len(left) > 0 || err != nil {
		t.Error(left, err)
	}
}

func TestACancelledBuildGoesOnFromWhatItStored(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(60)
	for _, memory := range []int64{1 << 20, 2000} {
		ctx, cancel := context.WithCancel(t.Context())
		err := projections.Build(ctx, pool, d.origin(), 20, memory, nil, func(p projections.Progress) {
			if p.Eventi >= 120 {
				cancel()
			}
		}, models...)
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		var stored int64
		if err := pool.QueryRow(t.Context(), `SELECT min(posizione) FROM proiezioni.avanzamento`).Scan(&stored); err != nil || stored <= 0 {
			t.Fatal(stored, err)
		}
		var first int64 = -1
		err = projections.Build(t.Context(), pool, d.origin(), 20, memory, nil, func(p projections.Progress) {
			if first < 0 {
				first = p.Posizione
			}
		}, models...)
		if err != nil {
			t.Fatal(err)
		}
		if first < stored {
			t.Errorf("stored up to %d, and began again at %d", stored, first)
		}
		sameAll(t, pool, d.recorded())
	}
}

func TestABuildKilledAnywhereEndsWithTheFold(t *testing.T) {
	for _, point := range projections.Points {
		for _, memory := range []int64{1 << 20, 2000} {
			pool, d := open(t, models...), newDiario(t)
			d.fill(20)
			var n atomic.Int64
			at := func(p string) error {
				if k := n.Add(1); p == point && k%3 == 0 && k < 30 {
					return errKilled
				}
				return nil
			}
			for err := errKilled; err != nil; {
				err = projections.Build(t.Context(), pool, d.origin(), 30, memory, at, func(projections.Progress) {}, models...)
				if err != nil && !errors.Is(err, errKilled) {
					t.Fatal(err)
				}
			}
			sameAll(t, pool, d.recorded())
		}
	}
}

func TestVerificaFindsTheRowThatIsNotTheFold(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(9)
	d.add(numbered[caseID](0), guasto{}, assegnato{})
	e := projections.NewEngine(pool, d.origin(), quiet, models...)
	run(t, e)
	wait(t, e, d.last, models...)
	verify := func(m projections.Model) []projections.Differenza {
		t.Helper()
		got, err := projections.Verifica(t.Context(), pool, d.origin(), quiet, m)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for _, m := range models {
		if got := verify(m); len(got) > 0 {
			t.Errorf("%s: %v", m.ID(), got)
		}
	}
	c := numbered[caseID](1).String()
	if _, err := pool.Exec(t.Context(), `UPDATE casi_v1.casi SET nome = 'ALTRO' WHERE caso = $1`, c); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]projections.Differenza{{Tabella: `"casi_v1"."casi"`, Attese: 6, Trovate: 6, Chiave: "(" + c + ")"}}, verify(casi)); diff != "" {
		t.Error(diff)
	}
	if _, err := pool.Exec(t.Context(), `DELETE FROM cronologia`); err != nil {
		t.Fatal(err)
	}
	if got := verify(cronologia); len(got) != 1 || got[0].Trovate != 0 || got[0].Attese != 47 {
		t.Error(got)
	}
	if left, err := projections.Vecchie(t.Context(), pool, nil); err != nil || strings.Contains(strings.Join(left, " "), "verifica") {
		t.Error(left, err)
	}
}

func TestEliminaDropsWhatNobodyProjects(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(1)
	e := projections.NewEngine(pool, d.origin(), quiet, models...)
	stop := run(t, e)
	wait(t, e, d.last, models...)
	old, err := projections.Vecchie(t.Context(), pool, []projections.Model{casi, cronologia})
	if diff := cmp.Diff([]string{"carico_v2"}, old); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
	if err := projections.Elimina(t.Context(), pool, "carico_v2"); !errors.Is(err, projections.ErrInUso) {
		t.Fatal(err)
	}
	stop()
	if err := projections.Elimina(t.Context(), pool, "carico_v2"); err != nil {
		t.Fatal(err)
	}
	if err := projections.Elimina(t.Context(), pool, "public"); err == nil {
		t.Fatal("it dropped what is not a projection")
	}
	e = projections.NewEngine(pool, d.origin(), quiet, models...)
	run(t, e)
	wait(t, e, d.last, models...) // builds it again
	sameAll(t, pool, d.recorded())
}

// A version of a model is built beside the one that an older program keeps.
func TestTwoVersionsRunBesideOneAnother(t *testing.T) {
	pool, d := open(t, casi), newDiario(t)
	d.fill(5)
	before := projections.NewEngine(pool, d.origin(), quiet, casi)
	run(t, before)
	wait(t, before, d.last, casi)
	next := casi
	next.Version = 2
	next.Apply = func(t *casiTabelle, r domain.Recorded) {
		applyCasi(t, r)
		if c := t.Casi.Row(caseID{UUID: r.Subject}); c.Nome != "" {
			c.Grave = true
		}
	}
	after := projections.NewEngine(pool, d.origin(), quiet, next)
	run(t, after)
	wait(t, after, d.last, next)
	d.fill(2)
	wait(t, after, d.last, next)
	wait(t, before, d.last, casi)
	same(t, pool, casi, d.recorded())
	same(t, pool, next, d.recorded())
}
