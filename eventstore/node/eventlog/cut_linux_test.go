package eventlog_test

import (
	"context"
	"fmt"
	"hash/maphash"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"nucleo/eventstore/node/eventlog"
	"nucleo/internal/longtest"
	"nucleo/internal/powertest"
)

// A power cut after any system call, whatever survives of what was not synced: the log
// opens, and holds every batch that was answered, whole and in order, and none that
// nobody wrote (F-02, R-02).
func TestAPowerCutAfterAnyCallLosesNothingThatWasAnswered(t *testing.T) {
	from, to := longtest.Seeds(t, 1, 200)
	c := cuts{seed: maphash.MakeSeed(), known: map[uint64]*survivor{}}
	for seed := from; seed < to && !t.Failed(); seed++ {
		c.work(t, seed)
	}
	if c.answered == 0 || c.opened < 50 {
		t.Fatalf("%d images, %d answers: nothing was tried", c.opened, c.answered)
	}
	longtest.Metric(t, "R-02", "states", c.states, "opened", c.opened, "calls", c.calls, "answered", c.answered, "lost", 0)
}

// cuts counts, and remembers what an image was found to hold: many states of a disk are the
// same.
type cuts struct {
	seed                            maphash.Seed
	states, opened, calls, answered int

	mu    sync.Mutex
	known map[uint64]*survivor
}

// work records one life of a log, and cuts it at each call; and then the life that begins
// at one of these cuts.
func (c *cuts) work(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(3, seed))
	clear(c.known)
	ops := live(t, nil, seed, 0)
	s := powertest.NewState(nil)
	c.each(t, s, ops, r, fmt.Sprintf("seed %d, first life", seed))
	at := r.IntN(len(ops))
	s = powertest.NewState(nil)
	for i := range ops[:at] {
		s.Do(&ops[i])
	}
	image := s.After(powertest.Survives(r.IntN(5)), r)
	again := powertest.NewState(image)
	again.Marks = s.Marks
	c.each(t, again, live(t, image, seed, 1), r, fmt.Sprintf("seed %d, life after a cut at call %d", seed, at))
}

// ways are tried at each call, some of them more than once.
var ways = []powertest.Survives{powertest.Nothing, powertest.Everything, powertest.Torn, powertest.Torn, powertest.Prefix,
	powertest.Sectors, powertest.Sectors, powertest.Sectors, powertest.Sectors}

type cut struct {
	image powertest.Image
	said  promised
	label string
}

func (c *cuts) each(t *testing.T, s *powertest.State, ops []powertest.Op, r *rand.Rand, label string) {
	todo := make(chan cut, 16)
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		dir := quick(t)
		all.Go(func() {
			for one := range todo {
				c.check(t, dir, one)
			}
		})
	}
	var said promised
	said.take(s.Marks)
	for i := range ops {
		marks := len(s.Marks)
		s.Do(&ops[i])
		said.take(s.Marks[marks:])
		if ops[i].Kind == powertest.Mark && i+1 < len(ops) || t.Failed() {
			continue
		}
		c.calls++
		for n, way := range ways {
			c.states++
			todo <- cut{s.After(way, r), said.now(), fmt.Sprintf("%s, cut after call %d of %d, way %d (%d)", label, i, len(ops), way, n)}
		}
	}
	close(todo)
	all.Wait()
	c.answered += len(said.acks)
}

// promised is what the program had tried and answered when the power went.
type promised struct {
	acks  []ack
	tried []string
}

func (p *promised) take(marks []string) {
	for _, m := range marks {
		for line := range strings.Lines(m) {
			var a ack
			var batch string
			if n, _ := fmt.Sscanf(line, "ack %s %d %s %d", &a.stream, &a.revision, &a.batch, &a.size); n == 4 {
				p.acks = append(p.acks, a)
			} else if n, _ := fmt.Sscanf(line, "try %s", &batch); n == 1 {
				p.tried = append(p.tried, batch)
			}
		}
	}
}

func (p *promised) now() promised { return promised{slices.Clip(p.acks), slices.Clip(p.tried)} }

func (c *cuts) check(t *testing.T, dir string, one cut) {
	sum := one.image.Sum(c.seed)
	c.mu.Lock()
	s, known := c.known[sum]
	c.mu.Unlock()
	if !known {
		s = reopen(dir, one.image)
		c.mu.Lock()
		c.known[sum] = s
		c.opened++
		c.mu.Unlock()
	}
	if err := s.keeps(one.said); err != nil && !t.Failed() {
		kept, _ := os.MkdirTemp("", "nucleo-cut-")
		t.Errorf("%s: %v\nthe disk as the cut left it: %s (%v)", one.label, err, kept, one.image.Write(kept))
	}
}

// survivor is what a log holds after a power cut.
type survivor struct {
	batches map[string]ack
	err     error
}

func reopen(dir string, image powertest.Image) *survivor {
	s := &survivor{}
	if s.err = image.Write(dir); s.err != nil {
		return s
	}
	l, err := eventlog.Open(filepath.Join(dir, "events.db"), eventlog.Options{Readers: 1, Journal: 4 << 10, Tail: 64})
	if err != nil {
		s.err = err
		return s
	}
	defer l.Close()
	if s.batches, s.err = batches(l); s.err == nil {
		s.err = l.Verify(context.Background(), nil)
	}
	return s
}

func (s *survivor) keeps(p promised) error {
	if s.err != nil {
		return s.err
	}
	for _, a := range p.acks {
		if s.batches[a.batch] != a {
			return fmt.Errorf("answered %+v, the log holds %+v", a, s.batches[a.batch])
		}
	}
	known := map[string]bool{}
	for _, batch := range p.tried {
		known[batch] = true
	}
	for batch := range s.batches {
		if !known[batch] {
			return fmt.Errorf("nobody wrote the batch %s", batch)
		}
	}
	return nil
}

// batches reads a log: where each batch ended. A batch that is torn, and a stream with a
// gap, are errors.
func batches(l *eventlog.Log) (map[string]ack, error) {
	ends, next, revisions := map[string]ack{}, map[string]int{}, map[string]int64{}
	for e, err := range l.ReadAll(context.Background(), 0, eventlog.Forwards, math.MaxUint64) {
		if err != nil {
			return nil, err
		}
		if e.Revision != revisions[e.Stream] {
			return nil, fmt.Errorf("%s goes on at revision %d after %d", e.Stream, e.Revision, revisions[e.Stream])
		}
		revisions[e.Stream]++
		batch, rest, _ := strings.Cut(string(e.Data), "/")
		var index, size int
		if _, err := fmt.Sscanf(rest, "%d/%d", &index, &size); err != nil || index != next[batch] {
			return nil, fmt.Errorf("event %d of batch %s is out of order", index, batch)
		}
		next[batch]++
		if index == size-1 {
			ends[batch] = ack{e.Stream, e.Revision, batch, size}
			delete(next, batch)
		}
	}
	if len(next) > 0 {
		return nil, fmt.Errorf("%d batches are torn", len(next))
	}
	return ends, nil
}

// quick is a directory in memory, where there is one: nothing is to survive there.
func quick(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "nucleo-cut-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// live lets a process live on a disk, and returns the calls that it made.
func live(t *testing.T, image powertest.Image, seed uint64, part int) []powertest.Op {
	t.Helper()
	d := powertest.New(image, marksFile)
	if said, err := lifeOn(t, d, seed, part); err != nil {
		t.Fatalf("seed %d: %v: %s", seed, err, said)
	}
	return d.Ops()
}

func lifeOn(t *testing.T, d *powertest.Disk, seed uint64, part int) (said string, err error) {
	t.Helper()
	dir := t.TempDir()
	unmount := d.Mount(t, dir)
	defer unmount()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), lifeEnv+"="+dir, fmt.Sprintf("%s=%d %d", lifeSeed, seed, part))
	out, err := child.CombinedOutput()
	return string(out), err
}
