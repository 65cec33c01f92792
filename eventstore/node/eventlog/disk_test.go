package eventlog_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"nucleo/eventstore/node/eventlog"
	"nucleo/internal/longtest"
)

func TestARealFullDiskComesBack(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	l := open(t, filepath.Join(dir, "events.db"), small())
	fill := func() (n int) {
		for {
			_, err := l.Append(t.Context(), "a", eventlog.Any, proposed(20))
			if errors.Is(err, eventlog.ErrNoSpace) {
				return n
			}
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
	}
	appended := fill()
	if got := len(all(t, l)); got != appended*20 {
		t.Fatalf("%d events, %d were acknowledged", got, appended*20)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	more := fill()
	if more == 0 {
		t.Fatal("with space again, appends are still refused")
	}
	if got := len(all(t, l)); got != (appended+more)*20 {
		t.Fatalf("%d events, %d were acknowledged", got, (appended+more)*20)
	}
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

// A disk that is full at some moment of a log's life, and has room again, over and over:
// appends are refused and reads go on; when there is room they go on by themselves, and
// nothing is lost (F-07, R-17).
func TestADiskMayBeFullAgainAndAgain(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	from, to := longtest.Seeds(t, 10, 500)
	refused := 0
	var s *smallDisk
	for seed := from; seed < to; seed++ {
		if s != nil && s.size(t) > 2<<20 { // the next one needs its room
			if err := s.log.Close(); err != nil {
				t.Fatal(err)
			}
			s = nil
		}
		if s == nil {
			s = newSmallDisk(t, dir)
		}
		refused += s.cycle(t, rand.New(rand.NewPCG(17, seed)))
		if seed%7 == 0 { // with room there is nothing to do by hand
			s.reopen(t)
		}
	}
	s.reopen(t)
	if refused < int(to-from) {
		t.Fatalf("the disk was full %d times in %d cycles", refused, to-from)
	}
	longtest.Metric(t, "R-17", "cycles", to-from, "lost", 0, "by_hand", 0)
}

// smallDisk is a log on a disk with little room.
type smallDisk struct {
	dir   string
	log   *eventlog.Log
	acked int
}

func newSmallDisk(t *testing.T, dir string) *smallDisk {
	t.Helper()
	old, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	return &smallDisk{dir: dir, log: open(t, filepath.Join(dir, "events.db"), small())}
}

func (s *smallDisk) size(t *testing.T) int64 {
	t.Helper()
	n, err := s.log.Size()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// append reports whether there was room.
func (s *smallDisk) append(t *testing.T, r *rand.Rand) bool {
	t.Helper()
	batch := proposed(1 + r.IntN(20))
	for i := range batch {
		batch[i].Metadata = make([]byte, r.IntN(400))
	}
	_, err := s.log.Append(t.Context(), "a", eventlog.Any, batch)
	switch {
	case err == nil:
		s.acked += len(batch)
	case !errors.Is(err, eventlog.ErrNoSpace):
		t.Fatal(err)
	}
	return err == nil
}

// cycle fills the disk, and makes room again.
func (s *smallDisk) cycle(t *testing.T, r *rand.Rand) (refused int) {
	t.Helper()
	for range r.IntN(20) {
		s.append(t, r)
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(s.dir, &fs); err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(s.dir, "ballast")
	free := int(fs.Bavail) * int(fs.Bsize)
	if err := os.WriteFile(ballast, make([]byte, max(0, free-r.IntN(200<<10))), 0o600); err != nil && !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	for s.append(t, r) {
	}
	for range 1 + r.IntN(5) {
		if !s.append(t, r) {
			refused++
		}
	}
	if got := len(all(t, s.log)); got != s.acked {
		t.Fatalf("on a full disk the log holds %d events, %d were answered", got, s.acked)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if !s.append(t, r) {
		t.Fatal("with room again, appends are refused")
	}
	return refused
}

func (s *smallDisk) reopen(t *testing.T) {
	t.Helper()
	if err := s.log.Close(); err != nil {
		t.Fatal(err)
	}
	s.log = open(t, filepath.Join(s.dir, "events.db"), small())
	if got := len(all(t, s.log)); got != s.acked {
		t.Fatalf("opened again, the log holds %d events, %d were answered", got, s.acked)
	}
	if err := s.log.Verify(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}
