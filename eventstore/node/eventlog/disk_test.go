package eventlog_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"nucleo/eventstore/node/eventlog"
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
