package eventlog_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"nucleo/eventstore/node/eventlog"
	"nucleo/internal/longtest"
)

// memoryEnv makes the test binary a process that fills a log and reads it, and says how
// much memory it took at most: "streams events path".
const memoryEnv = "NUCLEO_EVENTLOG_MEMORY"

func fillAndRead(what string) {
	var streams, events int
	var path string
	_, err := fmt.Sscan(what, &streams, &events, &path)
	var size int64
	for _, step := range []func() error{
		func() error { return filled(path, streams, events) },
		func() error { return unindexed(path) },
		func() (err error) { size, err = readWhole(path, events); return err },
	} {
		if err == nil {
			err = step()
		}
	}
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	status, _ := os.ReadFile("/proc/self/status")
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	most, _, _ := strings.Cut(strings.TrimSpace(after), " ")
	fmt.Println("took", most, size)
}

// filled has many streams of an event, and one of many.
func filled(path string, streams, events int) (err error) {
	l, err := eventlog.Open(path, eventlog.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	var all sync.WaitGroup
	errs := make([]error, 64)
	for worker := range errs {
		all.Go(func() {
			for n := worker; n < streams && errs[worker] == nil; n += len(errs) {
				_, errs[worker] = l.Append(context.Background(), fmt.Sprintf("stream-%08d", n), eventlog.NoStream, proposed(1))
			}
		})
	}
	all.Wait()
	for n := 0; n < events && err == nil; n += 500 {
		batch := proposed(500)
		for i := range batch {
			batch[i].Data = make([]byte, 200)
		}
		_, err = l.Append(context.Background(), "huge", int64(n)-1, batch)
	}
	return errors.Join(append(errs, err)...)
}

// unindexed takes the index away: it is made anew when the log is opened.
func unindexed(path string) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	_, err = db.Exec("DELETE FROM stream_index; DELETE FROM state")
	return errors.Join(err, db.Close())
}

func readWhole(path string, events int) (size int64, err error) {
	l, err := eventlog.Open(path, eventlog.Options{})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	n := 0
	for _, err := range l.ReadStream(context.Background(), "huge", 0, eventlog.Forwards, math.MaxUint64) {
		if err != nil {
			return 0, err
		}
		n++
	}
	if n != events {
		return 0, fmt.Errorf("%d events of %d were read", n, events)
	}
	last, _ := l.Last()
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return 1000 * info.Size() / last, l.Verify(context.Background(), nil)
}

// F-14, F-15: with a great many streams, and a stream of a great many events, the memory of a
// log is bounded; also while its index is made anew. T11: its file is little larger than what it
// holds.
func TestTheMemoryOfALogIsBounded(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("this system does not say how much memory a process took")
	}
	streams, events := 20_000, 60_000
	if longtest.Long() {
		streams, events = 1_000_000, 1_000_000
	}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), fmt.Sprintf("%s=%d %d %s", memoryEnv, streams, events, filepath.Join(t.TempDir(), "events.db")))
	out, err := child.Output()
	var kib, ratio int
	if n, _ := fmt.Sscanf(string(out), "took %d %d", &kib, &ratio); n != 2 || err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if limit := 256 << 10; kib > limit {
		t.Errorf("the log took %d KiB of memory, %d are allowed", kib, limit)
	}
	t.Logf("METRIC F-15 streams=%d events=%d rss_mib=%d", streams, events, kib>>10)
	t.Logf("METRIC T11 file_to_framed=%s", strconv.FormatFloat(float64(ratio)/1000, 'f', 3, 64))
}
