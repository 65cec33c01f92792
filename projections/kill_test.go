package projections_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/node"
	"nucleo/internal/longtest"
	"nucleo/internal/postgres/pgtest"
	"nucleo/projections"
)

// What makes the test binary a process that only projects, for its parent to kill or to
// stop: the database, the log, and where it kills itself, if it does.
const (
	childEnv    = "NUCLEO_PROJECTIONS_CHILD"
	childLog    = "NUCLEO_PROJECTIONS_LOG"
	childPoint  = "NUCLEO_PROJECTIONS_POINT"
	childTimes  = "NUCLEO_PROJECTIONS_TIMES"
	childCopies = "NUCLEO_PROJECTIONS_COPIES"
)

func projectUntilKilled() {
	ctx := context.Background()
	pool, err := projections.Open(ctx, os.Getenv(childEnv), models)
	store, failed := eventstore.Open(eventstore.Config{Address: os.Getenv(childLog)}, catalog)
	if err := errors.Join(err, failed); err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	e := projections.NewEngine(pool, projections.Origin{Source: store, Catalog: catalog}, quiet, models...)
	copies, _ := strconv.Atoi(os.Getenv(childCopies))
	e.Bounds(40, copies, 1<<20)
	left, _ := strconv.Atoi(os.Getenv(childTimes))
	e.At(func(point string) error { // one group, one at a time
		if point == "folded" {
			fmt.Println(point)
		}
		if point == os.Getenv(childPoint) {
			if left--; left == 0 {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
		}
		return nil
	})
	fmt.Println("open")
	_ = e.Run(ctx)
}

// replica is a process that projects.
type replica struct {
	*exec.Cmd
	ended chan struct{}
	folds atomic.Int64 // batches that it folded
}

func startReplica(t *testing.T, url, log string, env ...string) *replica {
	t.Helper()
	r := &replica{Cmd: exec.Command(os.Args[0]), ended: make(chan struct{})}
	r.Env = append(append(os.Environ(), childEnv+"="+url, childLog+"="+log), env...)
	pipe, err := r.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(pipe)
	if !lines.Scan() || lines.Text() != "open" {
		t.Fatalf("the child said %q", lines.Text())
	}
	go func() {
		defer close(r.ended)
		for lines.Scan() {
			r.folds.Add(1)
		}
		_ = r.Wait()
	}()
	return r
}

func (r *replica) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := r.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
}

func (r *replica) kill(t *testing.T) {
	t.Helper()
	r.signal(t, syscall.SIGKILL)
	<-r.ended
}

// aNodo is a log that several processes read, and the test writes.
func aNodo(t *testing.T) (d *diario, address string) {
	t.Helper()
	n, err := node.Start(t.Context(), node.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	store, err := eventstore.Open(eventstore.Config{Address: n.Address(), Alone: true}, catalog)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(store.Close(), n.Stop()); err != nil {
			t.Error(err)
		}
	})
	return &diario{t: t, store: store, heads: map[string]domain.Head{}}, n.Address()
}

// stored is up to where the tables of a model have the log; ok is false while there are none.
func stored(t *testing.T, pool *pgxpool.Pool, m projections.Model) (position int64, ok bool) {
	t.Helper()
	err := pool.QueryRow(t.Context(), "SELECT count(*) > 0, coalesce(max(posizione), -1) FROM proiezioni.avanzamento WHERE proiezione = $1", m.ID()).Scan(&ok, &position)
	if err != nil {
		t.Fatal(err)
	}
	return position, ok
}

// settled holds the tables of all models against the fold of the log up to where each says that
// it is, once Postgres is done with who was killed.
func settled(t *testing.T, pool *pgxpool.Pool, log []domain.Recorded) {
	t.Helper()
	eventually(t, "the server lets the killed go", func() (gone bool) {
		err := pool.QueryRow(t.Context(), "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'nucleo projections'").Scan(&gone)
		if err != nil {
			t.Fatal(err)
		}
		return gone
	})
	upTo := func(m projections.Model) ([]domain.Recorded, bool) {
		position, ok := stored(t, pool, m)
		n := 0
		for n < len(log) && int64(log[n].Position) <= position {
			n++
		}
		return log[:n], ok
	}
	if log, ok := upTo(casi); ok {
		same(t, pool, casi, log)
	}
	if log, ok := upTo(carico); ok {
		same(t, pool, carico, log)
	}
	if log, ok := upTo(cronologia); ok {
		same(t, pool, cronologia, log)
	}
}

// F-40, R-14: wherever a process that projects is killed, its tables are the fold of the
// log up to their checkpoint, no event missing and none twice; and in the end those
// of a rebuild.
func TestAProjectorKilledAnywhereLeavesTheFold(t *testing.T) {
	from, to := longtest.Seeds(t, 12, 500)
	url := pgtest.Database(t)
	pool := openAt(t, url, models...)
	d, address := aNodo(t)
	d.fill(4)
	at := map[string]int{}
	for seed := from; seed < to; seed++ {
		chance := rand.New(rand.NewPCG(14, seed))
		point, copies := projections.Deaths[int(seed)%len(projections.Deaths)], chance.IntN(2)*1000
		inside := point == "begun" || point == "checkpointed" || point == "written"
		if inside {
			copies = 1
		}
		r := startReplica(t, url, address, childPoint+"="+point, childTimes+"="+strconv.Itoa(1+chance.IntN(3)), childCopies+"="+strconv.Itoa(copies))
		if chance.IntN(4) == 0 { // at any moment
			point = "anywhere"
			time.AfterFunc(time.Duration(chance.IntN(150_000))*time.Microsecond, func() { _ = r.Process.Kill() })
		}
		for alive := true; alive; {
			d.fill(1 + chance.IntN(3))
			select {
			case <-r.ended:
				alive = false
			default:
			}
		}
		at[point]++
		settled(t, pool, d.recorded())
	}
	finish(t, pool, url, address, d)
	longtest.Metric(t, "R-14", "cycles", to-from, "divergent", 0, "events", len(d.recorded()))
	t.Logf("killed at %v", at)
	longtest.Metric(t, "R-10", "events", len(d.recorded()), "divergent", 0)
}

// finish lets a process come to the end of the log, and holds its tables against the
// fold and against a rebuild.
func finish(t *testing.T, pool *pgxpool.Pool, url, address string, d *diario) {
	t.Helper()
	r := startReplica(t, url, address)
	caughtUp(t, pool, d)
	r.kill(t)
	settled(t, pool, d.recorded())
	if err := projections.Ricostruisci(t.Context(), pool, d.origin(), quiet, models...); err != nil {
		t.Fatal(err)
	}
	sameAll(t, pool, d.recorded())
}

// F-45: a leader that is stopped, loses its connection meanwhile, and goes on once another
// leads, writes nothing any more.
func TestAPausedLeaderThatGoesOnWritesNothing(t *testing.T) {
	from, to := longtest.Seeds(t, 3, 200)
	url := pgtest.Database(t)
	pool := openAt(t, url, models...)
	d, address := aNodo(t)
	d.fill(4)
	replicas := []*replica{startReplica(t, url, address), startReplica(t, url, address)}
	for seed := from; seed < to; seed++ {
		chance := rand.New(rand.NewPCG(45, seed))
		caughtUp(t, pool, d)
		before, folds := replicas[0].folds.Load(), replicas[0].folds.Load()+replicas[1].folds.Load()
		d.fill(1)
		caughtUp(t, pool, d)
		leader := 1
		eventually(t, "one says that it leads", func() bool { return replicas[0].folds.Load()+replicas[1].folds.Load() > folds })
		if replicas[0].folds.Load() > before {
			leader = 0
		}
		d.fill(1)
		<-time.After(time.Duration(chance.IntN(4000)) * time.Microsecond) // the moment of the stop
		replicas[leader].signal(t, syscall.SIGSTOP)
		// It loses its connection while it cannot know, and the other leads.
		led := replicas[1-leader].folds.Load()
		if _, err := pool.Exec(t.Context(), "SELECT pg_terminate_backend($1)", leads(t, pool)); err != nil {
			t.Fatal(err)
		}
		d.fill(2)
		caughtUp(t, pool, d)
		eventually(t, "the other leads", func() bool { return replicas[1-leader].folds.Load() > led })
		replicas[leader].signal(t, syscall.SIGCONT)
		d.fill(2)
		caughtUp(t, pool, d)
	}
	for _, r := range replicas {
		r.kill(t)
	}
	settled(t, pool, d.recorded())
	sameAll(t, pool, d.recorded())
	longtest.Metric(t, "R-14", "paused_leaders", to-from, "divergent", 0)
}

// leads is the server process of whoever holds the lock of a model; 0 when nobody does.
func leads(t *testing.T, pool *pgxpool.Pool) (pid int) {
	t.Helper()
	err := pool.QueryRow(t.Context(), `SELECT coalesce(max(l.pid), 0) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
		WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() AND a.application_name = 'nucleo projections'`).Scan(&pid)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func caughtUp(t *testing.T, pool *pgxpool.Pool, d *diario) {
	t.Helper()
	eventually(t, "all is projected", func() bool {
		for _, m := range models {
			if position, ok := stored(t, pool, m); !ok || position < int64(d.last) {
				return false
			}
		}
		return true
	})
}
