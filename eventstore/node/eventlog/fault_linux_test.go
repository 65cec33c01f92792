package eventlog_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"nucleo/internal/longtest"
	"nucleo/internal/powertest"
)

// A write may go through in part, or be interrupted: it is gone on with, and no half of
// it is taken for the whole (F-06).
func TestWritesThatGoHalfThroughAreGoneOnWith(t *testing.T) {
	from, to := longtest.Seeds(t, 2, 50)
	for seed := from; seed < to; seed++ {
		d := powertest.New(nil, marksFile)
		halved := 0
		d.Interfere = func(op powertest.Op, _ string) (int, syscall.Errno) {
			if op.Kind != powertest.Write || len(op.Data) < 2 {
				return -1, 0
			}
			switch halved++; halved % 5 {
			case 1, 3:
				return len(op.Data) / 2, 0
			case 4:
				return 0, syscall.EINTR
			}
			return -1, 0
		}
		if said, err := lifeOn(t, d, seed, 2); err != nil {
			t.Fatalf("seed %d: %v: %s", seed, err, said)
		}
		if halved < 10 {
			t.Fatalf("seed %d: %d writes: nothing was tried", seed, halved)
		}
		mustKeep(t, d.Ops(), seed, fmt.Sprintf("seed %d", seed))
	}
}

// The first call that ends with an error, then the second, and so on until none is left
// to fail: the log may stop or refuse, and has lost nothing that it answered, whatever
// survives of what was not synced (F-05, F-07).
func TestAnErrorOfAnyCallLosesNothing(t *testing.T) {
	from, to := longtest.Seeds(t, 4, 40)
	failed, ended := 0, map[string]int{}
	for seed := from; seed < to; seed++ {
		err := []syscall.Errno{syscall.EIO, syscall.ENOSPC}[seed%2]
		r := rand.New(rand.NewPCG(5, seed))
		first, step := 1+r.IntN(60), 60 // a few of them
		if longtest.Long() {
			first, step = 1, 1
		}
		for n := first; ; n += step {
			d := powertest.New(nil, marksFile)
			var calls atomic.Int64
			d.Interfere = func(powertest.Op, string) (int, syscall.Errno) {
				if calls.Add(1) == int64(n) {
					return 0, err
				}
				return -1, 0
			}
			_, died := lifeOn(t, d, seed, 3)
			if calls.Load() < int64(n) {
				break
			}
			failed++
			ended[fmt.Sprint(died)]++
			mustKeep(t, d.Ops(), seed, fmt.Sprintf("seed %d, %v of call %d", seed, err, n))
		}
	}
	if failed < 4 || ended["exit status 3"] == 0 && longtest.Long() {
		t.Fatalf("%d calls failed, with %v: nothing was tried", failed, slices.Sorted(maps.Keys(ended)))
	}
	t.Logf("%d calls failed, the process ended with %v", failed, ended)
	longtest.Metric(t, "R-02", "errors", failed, "lost", 0)
}

// A sync of the journal that failed is not tried again, and nothing that waited for it is
// answered (F-05).
func TestAFailedSyncOfTheJournalIsNotAnswered(t *testing.T) {
	for n := 3; n <= 8; n++ { // the first two are of its making
		d := powertest.New(nil, marksFile)
		syncs, failed := 0, false
		d.Interfere = func(op powertest.Op, name string) (int, syscall.Errno) {
			if op.Kind != powertest.Sync || !strings.Contains(name, ".journal-") {
				return -1, 0
			}
			if syncs++; syncs == n {
				failed = true
				return 0, syscall.EIO
			}
			return -1, 0
		}
		said, err := lifeOn(t, d, uint64(n), 4)
		if failed && err == nil {
			t.Errorf("sync %d of the journal failed, and the log went on: %s", n, said)
		}
		mustKeep(t, d.Ops(), uint64(n), fmt.Sprintf("sync %d of the journal failed", n))
	}
}

// mustKeep cuts the power after the last call.
func mustKeep(t *testing.T, ops []powertest.Op, seed uint64, label string) {
	t.Helper()
	s := powertest.NewState(nil)
	for i := range ops {
		s.Do(&ops[i])
	}
	var said promised
	said.take(s.Marks)
	dir, r := quick(t), rand.New(rand.NewPCG(6, seed))
	for _, way := range ways {
		if err := reopen(dir, s.After(way, r)).keeps(said); err != nil {
			t.Errorf("%s, then a cut (way %d): %v", label, way, err)
		}
	}
}
