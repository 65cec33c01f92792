package eventlog_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nucleo/eventstore/node/eventlog"
	"nucleo/internal/longtest"
)

// scavengeEnv makes the test binary a process that scavenges a log and appends beside
// that, for its parent to kill.
const scavengeEnv = "NUCLEO_EVENTLOG_SCAVENGE"

func scavengeUntilKilled(path string) {
	l, err := eventlog.Open(path, small())
	if err != nil {
		fmt.Println("refused", err)
		os.Exit(1)
	}
	fmt.Println("open")
	go func() {
		for n := 0; ; n++ {
			r, err := l.Append(context.Background(), "beside", eventlog.Any, proposed(1))
			if err != nil {
				fmt.Println("failed", err)
				os.Exit(3)
			}
			fmt.Println("ack", r.Revision)
			if _, err := l.Append(context.Background(), "$$shrinking", eventlog.Any, proposed(1)); err != nil {
				fmt.Println("failed", err)
				os.Exit(3)
			}
		}
	}()
	done, err := l.Scavenge(context.Background(), eventlog.Scavenging{Hurry: true})
	fmt.Println("done", done.Events, err)
	select {}
}

// A process that is killed while it scavenges leaves a log that is whole and answers
// as before, and the next scavenge goes on.
func TestAKilledScavengeLeavesAWholeLog(t *testing.T) {
	from, to := longtest.Seeds(t, 4, 300)
	removed := 0
	for seed := from; seed < to; seed++ {
		chance := rand.New(rand.NewPCG(40, seed))
		path := filepath.Join(t.TempDir(), "events.db")
		l := open(t, path, small())
		for range 40 {
			for _, stream := range []string{"whole", "deleted", "counted", "ended"} {
				appendTo(t, l, stream, 1+chance.IntN(20))
			}
		}
		meta(t, l, "counted", `{"$maxCount":3}`)
		meta(t, l, "whole", `{"key":1}`)
		if _, err := l.Delete(t.Context(), "deleted", eventlog.Any); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Tombstone(t.Context(), "ended", eventlog.Any); err != nil {
			t.Fatal(err)
		}
		want, positions := streamsOf(t, l), len(all(t, l))
		closeLog(t, l)
		last := int64(-1)
		for range 3 {
			acked := killedScavenge(t, path, time.Duration(chance.IntN(60_000))*time.Microsecond)
			l := open(t, path, small())
			if err := l.Verify(t.Context(), nil); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if d := cmp.Diff(want, streamsOf(t, l)); d != "" {
				t.Fatalf("seed %d: %s", seed, d)
			}
			if last = max(last, acked); last >= 0 {
				if s, err := l.Stream(t.Context(), "beside"); err != nil || s.Last < last {
					t.Fatalf("seed %d: %d was acknowledged, the stream ends at %d: %v", seed, last, s.Last, err)
				}
			}
			closeLog(t, l)
		}
		l = open(t, path, small())
		done, err := l.Scavenge(t.Context(), eventlog.Scavenging{Hurry: true})
		if err := errors.Join(err, l.Verify(t.Context(), nil)); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, streamsOf(t, l)); d != "" {
			t.Fatal(d)
		}
		left := 0
		for _, e := range all(t, l) {
			if e.Stream == "deleted" || e.Stream == "counted" || e.Stream == "ended" {
				left++
			}
		}
		if left != 3+1 { // and the tombstone
			t.Errorf("seed %d: %d events are left of streams that hold 4, the last scavenge removed %d of %d", seed, left, done.Events, positions)
		}
		removed += positions - left
		closeLog(t, l)
	}
	longtest.Metric(t, "R-01", "scavenge_kills", 3*(to-from), "removed", removed, "lost", 0)
}

func closeLog(t *testing.T, l *eventlog.Log) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func meta(t *testing.T, l *eventlog.Log, stream, json string) {
	t.Helper()
	p := proposed(1)
	p[0].Type, p[0].Data = eventlog.TypeMetadata, []byte(json)
	if _, err := l.Append(t.Context(), "$$"+stream, eventlog.Any, p); err != nil {
		t.Fatal(err)
	}
}

// streamsOf is what reads of the streams of the test say.
func streamsOf(t *testing.T, l *eventlog.Log) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, stream := range []string{"whole", "deleted", "counted", "ended", "$$counted", "$$whole"} {
		for e, err := range l.ReadStream(t.Context(), stream, 0, eventlog.Forwards, math.MaxUint64) {
			out[stream] = append(out[stream], fmt.Sprint(e.Position, e.Revision, e.ID, err))
		}
	}
	return out
}

// killedScavenge kills a process that scavenges, and returns the last revision that was
// acknowledged beside that.
func killedScavenge(t *testing.T, path string, after time.Duration) (acked int64) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), scavengeEnv+"="+path)
	pipe, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acked, opened := -1, false
	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		line := lines.Text()
		switch {
		case line == "open":
			opened = true
			time.AfterFunc(after, func() { child.Process.Kill() })
		case strings.HasPrefix(line, "done"):
			if !strings.HasSuffix(line, "<nil>") {
				t.Error(line)
			}
		default:
			if n, _ := fmt.Sscanf(line, "ack %d", &acked); n != 1 && !strings.HasPrefix("ack", line) {
				t.Error("child:", line)
			}
		}
	}
	_ = child.Wait()
	if !opened {
		t.Fatal("the child did not open the log")
	}
	return acked
}
