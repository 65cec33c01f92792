package projections_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/domain/id"
	"nucleo/internal/longtest"
	"nucleo/internal/postgres"
	"nucleo/projections"
)

func TestAnotherReplicaTakesOverWhenTheLeadersConnectionDies(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(10)
	var engines []*projections.Engine
	for range 2 {
		e := projections.NewEngine(pool, d.origin(), quiet, models...)
		run(t, e)
		engines = append(engines, e)
	}
	for range 4 {
		d.fill(1)
		for _, e := range engines {
			wait(t, e, d.last, models...)
		}
		_, err := pool.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'nucleo projections'`)
		if err != nil {
			t.Fatal(err)
		}
	}
	d.fill(1)
	for _, e := range engines {
		wait(t, e, d.last, models...)
	}
	sameAll(t, pool, d.recorded())
}

func TestTheStandbyTakesOverWhenTheLeaderStops(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(3)
	leader := projections.NewEngine(pool, d.origin(), quiet, models...)
	stop := run(t, leader)
	wait(t, leader, d.last, models...)
	standby := projections.NewEngine(pool, d.origin(), quiet, models...)
	run(t, standby)
	wait(t, standby, d.last, models...) // by asking the database
	if standby.Misure()[0].Guida {
		t.Fatal("two lead")
	}
	stop()
	d.fill(2)
	wait(t, standby, d.last, models...)
	if !standby.Misure()[0].Guida {
		t.Error("nobody leads")
	}
	sameAll(t, pool, d.recorded())
}

func TestWhoWaitsForALeaderThatStopsIsToldOfTheNext(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(3)
	leader := projections.NewEngine(pool, d.origin(), quiet, models...)
	stop := run(t, leader)
	wait(t, leader, d.last, models...)
	run(t, projections.NewEngine(pool, d.origin(), quiet, models...))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	waiting, waited, next := make(chan bool), make(chan error, 1), d.last+1
	go func() {
		waiting <- true
		waited <- leader.Wait(ctx, next, models...)
	}()
	<-waiting
	stop()
	d.fill(1)
	if err := <-waited; err != nil {
		t.Error(err)
	}
}

func TestPostgresGoesAndComesBack(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server of its own")
	}
	config := postgres.Config{Dir: t.TempDir() + "/pg", Throwaway: true}
	server, err := postgres.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop(context.Background()) })
	pool, d := openAt(t, server.URL(), models...), newDiario(t)
	d.fill(10)
	e := projections.NewEngine(pool, d.origin(), quiet, models...)
	run(t, e)
	from, to := longtest.Seeds(t, 3, 150)
	for seed := from; seed < to; seed++ {
		wait(t, e, d.last, models...)
		var writing sync.WaitGroup
		writing.Go(func() { d.fill(10) })
		how := syscall.SIGQUIT // an immediate shutdown
		if seed%3 == 2 {
			how = syscall.SIGKILL // of the first process alone: the others end by themselves
		}
		if err := syscall.Kill(server.Pid(), how); err != nil {
			t.Fatal(err)
		}
		writing.Wait()
		server.Release()
		if server, err = postgres.Start(t.Context(), config); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		// The database is asked: what it had not written when it fell is lost, and
		// the engine knows that a moment later.
		for projections.Wait(ctx, pool, d.last, models...) != nil && ctx.Err() == nil {
			_ = pool.Ping(ctx)
		}
		if ctx.Err() != nil {
			t.Fatalf("not there again within 5 s: %+v", e.Misure())
		}
		cancel()
	}
	pool.Reset() // some of its connections may be those of the server that was killed
	sameAll(t, pool, d.recorded())
}

// A server that falls may lose what it had not written yet. An engine to which
// no event comes finds out all the same.
func TestAnIdleEngineNoticesThatItsConnectionIsGone(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(3)
	e := projections.NewEngine(pool, d.origin(), quiet, models...)
	run(t, e)
	wait(t, e, d.last, models...)
	const leads = ` FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'nucleo projections'`
	var newest, gone int
	if err := pool.QueryRow(t.Context(), `SELECT max(pid), count(pg_terminate_backend(pid))`+leads).Scan(&newest, &gone); err != nil || gone == 0 {
		t.Fatal(gone, err)
	}
	eventually(t, "the engine leads on another connection", func() bool {
		var others int
		err := pool.QueryRow(t.Context(), `SELECT count(*)`+leads+` AND pid <> $1`, newest).Scan(&others)
		return err == nil && others > 0
	})
	wait(t, e, d.last, models...)
	sameAll(t, pool, d.recorded())
}

func TestAnEngineWithoutPostgresStops(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(1)
	config := pool.Config()
	config.ConnConfig.Host, config.ConnConfig.Fallbacks = "/nowhere", nil
	gone, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer gone.Close()
	e := projections.NewEngine(gone, d.origin(), quiet, models...)
	stop := run(t, e)
	eventually(t, "a failure", func() bool { return e.Misure()[0].Fallimenti > 1 })
	stop()
}

func TestWhatCannotBeFoldedParksItsStreamUntilItIsReleased(t *testing.T) {
	for _, built := range []bool{true, false} {
		t.Run(fmt.Sprint("built from it: ", built), func(t *testing.T) {
			pool, d := open(t, models...), newDiario(t)
			a, b := numbered[id.Operatore](1), numbered[id.Operatore](2)
			sick, newer, sound := numbered[id.Caso](101), numbered[id.Caso](102), numbered[id.Caso](103)
			origin := d.origin()
			origin.Catalog = older
			e := projections.NewEngine(pool, origin, quiet, models...)
			if !built {
				run(t, e)
				eventually(t, "following", func() bool { return e.Groups() == 1 })
			}
			d.add(sick, aperto{Nome: "BIANCHI"}, assegnato{A: a})
			d.add(newer, aperto{Nome: "NERI"})
			d.add(sick, guasto{})
			d.add(newer, futuro{})
			d.add(sound, aperto{Nome: "VERDI"}, assegnato{A: b})
			d.add(sick, assegnato{A: b})
			d.add(newer, assegnato{A: b})
			if built {
				run(t, e)
			}
			wait(t, e, d.last, models...)
			all, err := projections.Parcheggiati(t.Context(), pool, models)
			if err != nil {
				t.Fatal(err)
			}
			want := []projections.Parcheggiato{
				{Proiezione: "casi_v1", Flusso: "caso-" + sick.String(), Versione: 3, Motivo: "apply panicked: runtime error: invalid memory address or nil pointer dereference"},
				{Proiezione: "carico_v2", Flusso: "caso-" + newer.String(), Versione: 2, Motivo: unknown},
				{Proiezione: "casi_v1", Flusso: "caso-" + newer.String(), Versione: 2, Motivo: unknown},
				{Proiezione: "cronologia_v1", Flusso: "caso-" + newer.String(), Versione: 2, Motivo: unknown},
			}
			if diff := cmp.Diff(want, all, cmpopts.IgnoreFields(projections.Parcheggiato{}, "Posizione", "Dal")); diff != "" {
				t.Fatal(diff)
			}
			log := d.recorded()
			held := func(stream id.Caso, from uint64) (kept []domain.Recorded) {
				for _, r := range log {
					if r.Stream != "caso-"+stream.String() || r.Version < from {
						kept = append(kept, r)
					}
				}
				return kept
			}
			same(t, pool, cronologia, held(newer, 2))
			// the same program cannot release them, and nothing changes
			if err := projections.Sblocca(t.Context(), pool, origin, casi, "caso-"+sick.String()); !errors.Is(err, projections.ErrAncoraFermo) {
				t.Fatal(err)
			}
			if err := projections.Sblocca(t.Context(), pool, origin, cronologia, "caso-"+sound.String()); !errors.Is(err, projections.ErrNonParcheggiato) {
				t.Fatal(err)
			}
			// a newer one can, while this one goes on
			for _, m := range []projections.Model{corretti, carico, cronologia} {
				for _, c := range []id.Caso{sick, newer} {
					if m.ID() != "casi_v1" && c == sick {
						continue
					}
					if err := projections.Sblocca(t.Context(), pool, d.origin(), m, "caso-"+c.String()); err != nil {
						t.Fatal(m.ID(), err)
					}
				}
			}
			d.add(sick, assegnato{A: a})
			d.add(newer, chiuso{})
			wait(t, e, d.last, models...)
			same(t, pool, corretti, d.recorded())
			same(t, pool, carico, d.recorded())
			same(t, pool, cronologia, d.recorded())
			if left, err := projections.Parcheggiati(t.Context(), pool, models); len(left) > 0 || err != nil {
				t.Error(left, err)
			}
		})
	}
}

const unknown = `event "Futuro" is not in the catalogue: a newer program wrote it`

func TestTextsThatPostgresCannotHoldAreCleaned(t *testing.T) {
	for _, built := range []bool{true, false} {
		pool, d := open(t, models...), newDiario(t)
		if built {
			d.add(numbered[id.Caso](1), aperto{Nome: "RO\x00SSI"})
		}
		e := projections.NewEngine(pool, d.origin(), quiet, models...)
		run(t, e)
		eventually(t, "following", func() bool { return e.Groups() == 1 })
		d.add(numbered[id.Caso](2), aperto{Nome: "VE\x00RDI"})
		wait(t, e, d.last, models...)
		sameAll(t, pool, d.recorded())
		if left, err := projections.Parcheggiati(t.Context(), pool, models); len(left) > 0 || err != nil {
			t.Error(left, err)
		}
	}
}

func TestARowThatPostgresRefusesParksItsStreamAlone(t *testing.T) {
	for _, built := range []bool{true, false} {
		pool, d := open(t, models...), newDiario(t)
		long, other := numbered[id.Caso](1), numbered[id.Caso](2)
		e := projections.NewEngine(pool, d.origin(), quiet, models...)
		if !built {
			run(t, e)
			eventually(t, "following", func() bool { return e.Groups() == 1 })
		}
		d.add(other, aperto{Nome: "VERDI"})
		d.add(long, aperto{Nome: noise(5000)}) // too long for the index on the name
		d.add(other, assegnato{A: numbered[id.Operatore](1)})
		if built {
			run(t, e)
		}
		wait(t, e, d.last, models...)
		all, err := projections.Parcheggiati(t.Context(), pool, models)
		if err != nil || len(all) != 1 || all[0].Proiezione != "casi_v1" || all[0].Flusso != "caso-"+long.String() || all[0].Versione != 1 {
			t.Fatal(all, err)
		}
		if strings.Contains(all[0].Motivo, noise(5000)[:50]) {
			t.Error("the reason quotes the value:", all[0].Motivo)
		}
		var kept []domain.Recorded
		for _, r := range d.recorded() {
			if r.Stream != "caso-"+long.String() {
				kept = append(kept, r)
			}
		}
		same(t, pool, casi, kept)
		same(t, pool, carico, d.recorded())
		if err := projections.Sblocca(t.Context(), pool, d.origin(), casi, "caso-"+long.String()); !errors.Is(err, projections.ErrAncoraFermo) {
			t.Error(err)
		}
	}
}

// noise is a text that does not compress.
func noise(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		c := numbered[id.Caso](i)
		b.WriteString(c.String())
	}
	return b.String()[:n]
}

func TestAModelThatFailsLeavesTheOthersAndReturns(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(3)
	e := projections.NewEngine(pool, d.origin(), quiet, models...)
	run(t, e)
	wait(t, e, d.last, models...)
	if _, err := pool.Exec(t.Context(), `ALTER TABLE casi RENAME COLUMN nome TO altro`); err != nil {
		t.Fatal(err)
	}
	d.fill(3)
	wait(t, e, d.last, carico, cronologia)
	eventually(t, "the failure is seen", func() bool {
		all, err := e.Stato(t.Context())
		return err == nil && all[1].Condizione == projections.Fermo && strings.Contains(all[1].Errore, "nome")
	})
	if _, err := pool.Exec(t.Context(), `ALTER TABLE casi RENAME COLUMN altro TO nome`); err != nil {
		t.Fatal(err)
	}
	wait(t, e, d.last, models...)
	sameAll(t, pool, d.recorded())
}
