package eventlog_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/eventstore/node/eventlog"
)

func TestABackupTakenUnderLoadIsALogOfItsOwn(t *testing.T) {
	l, _ := fresh(t)
	appendTo(t, l, "a", 3000)
	var load sync.WaitGroup
	stop := make(chan struct{})
	load.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				if _, err := l.Append(t.Context(), "b", eventlog.Any, proposed(1)); err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	before, _ := l.Last()
	path := filepath.Join(t.TempDir(), "copy.db")
	err := l.Backup(t.Context(), path)
	close(stop)
	load.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Backup(t.Context(), path); err == nil {
		t.Error("a backup overwrote another")
	}
	copied := open(t, path, small())
	if err := copied.Verify(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	got := all(t, copied)
	if last, _ := copied.Last(); last < before {
		t.Errorf("the copy ends at %d, the log was at %d", last, before)
	}
	if d := cmp.Diff(all(t, l)[:len(got)], got); d != "" {
		t.Error(d)
	}
	appendTo(t, copied, "a", 1)
}

// A log that was not closed has events beside it, and is not cut.
func TestALogWithAJournalIsNotCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.db")
	l, err := eventlog.Open(path, eventlog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".journal-1", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := eventlog.Cut(path, 64); err == nil || !strings.Contains(err.Error(), "was not closed") {
		t.Error(err)
	}
	if err := os.Remove(path + ".journal-1"); err != nil {
		t.Fatal(err)
	}
	if _, err := eventlog.Cut(path, 64); err != nil {
		t.Error(err)
	}
}
