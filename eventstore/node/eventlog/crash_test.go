package eventlog_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/eventstore/node/eventlog"
	"nucleo/internal/longtest"
)

// childEnv makes the test binary a process that only appends, for its parent to kill.
const childEnv = "NUCLEO_EVENTLOG_CHILD"

// childStops lets each of its goroutines end by itself after so many batches.
const childStops = "NUCLEO_EVENTLOG_CHILD_STOPS"

// lookEnv makes it a process that looks at the locks of a log which another holds.
const lookEnv = "NUCLEO_EVENTLOG_LOOK"

func TestMain(m *testing.M) {
	if path := os.Getenv(lookEnv); path != "" {
		look(path)
		return
	}
	if what := os.Getenv(memoryEnv); what != "" {
		fillAndRead(what)
		return
	}
	if path := os.Getenv(scavengeEnv); path != "" {
		scavengeUntilKilled(path)
		return
	}
	if path := os.Getenv(childEnv); path != "" {
		appendUntilKilled(path)
		return
	}
	if dir := os.Getenv(lifeEnv); dir != "" {
		lives(dir)
		return
	}
	if os.Getenv("NUCLEO_LONG") != "1" { // -rapid.checks on the command line wins
		if err := flag.Set("rapid.checks", "20"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// appendUntilKilled appends batches from 8 goroutines and says which were acknowledged.
func appendUntilKilled(path string) {
	l, err := eventlog.Open(path, small())
	if err != nil {
		fmt.Println("refused", err)
		os.Exit(1)
	}
	fmt.Println("open")
	stops, err := strconv.Atoi(os.Getenv(childStops))
	if err != nil {
		stops = math.MaxInt
	}
	var out sync.Mutex
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for range stops {
				stream := fmt.Sprintf("w%d", worker)
				batch := proposed(1 + rand.IntN(5))
				for i := range batch {
					batch[i].Data = fmt.Appendf(nil, "%s/%d/%d", batch[0].ID, i, len(batch))
				}
				r, err := l.Append(context.Background(), stream, eventlog.Any, batch)
				if err != nil {
					out.Lock()
					fmt.Println("failed", <-l.Failed())
					os.Exit(3)
				}
				out.Lock()
				fmt.Println("ack", stream, r.Revision, batch[0].ID, len(batch))
				out.Unlock()
			}
		})
	}
	all.Wait()
	if err := l.Close(); err != nil {
		fmt.Println("failed", err)
		os.Exit(3)
	}
}

type ack struct {
	stream   string
	revision int64
	batch    string
	size     int
}

func TestAFailedSyncEndsTheLogAndLosesNothing(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	path := filepath.Join(t.TempDir(), "events.db")
	for _, when := range []string{"6", "20", "57"} {
		child := exec.Command(strace, "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when="+when, os.Args[0])
		child.Env = append(os.Environ(), childEnv+"="+path)
		out, err := child.Output()
		if strings.Contains(string(out), "open") != true {
			t.Skipf("the child could not be traced: %v %q", err, out)
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if last := lines[len(lines)-1]; !strings.HasPrefix(last, "failed event log has failed") {
			t.Fatalf("the child ended with %q", last)
		}
		l := open(t, path, small())
		checkAcked(t, l, parseAcks(t, lines))
		if err := l.Verify(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		l.Close()
	}
}

func parseAcks(t *testing.T, lines []string) (acks []ack) {
	t.Helper()
	for _, line := range lines {
		var a ack
		if n, _ := fmt.Sscanf(line, "ack %s %d %s %d", &a.stream, &a.revision, &a.batch, &a.size); n == 4 {
			acks = append(acks, a)
		}
	}
	return acks
}

// killedRun starts a child, kills it at a random moment and returns what it said.
func killedRun(t *testing.T, path string, after time.Duration) []ack {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+path)
	pipe, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var acks []ack
	killed := false
	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		line := lines.Text()
		if line == "open" {
			time.AfterFunc(after, func() { child.Process.Kill() })
			killed = true
			continue
		}
		var a ack
		if n, _ := fmt.Sscanf(line, "ack %s %d %s %d", &a.stream, &a.revision, &a.batch, &a.size); n == 4 {
			acks = append(acks, a)
		} else if !strings.HasPrefix(line, "ack") {
			t.Fatal("child:", line)
		}
	}
	_ = child.Wait()
	if !killed {
		t.Fatal("the child did not open the log")
	}
	return acks
}

// perLog is how many kills one log goes through before the next begins: it is read
// whole after each.
const perLog = 50

func TestEveryAcknowledgedBatchSurvivesAKill(t *testing.T) {
	from, to := longtest.Seeds(t, 20, 2000)
	acked, cycles := 0, to-from
	for from < to {
		upTo := min(to, from+perLog)
		acked += killed(t, from, upTo)
		from = upTo
	}
	longtest.Metric(t, "R-01", "kills", cycles, "acked", acked, "lost", 0)
}

// killed kills a process that appends to one log, at a moment that each seed gives, and
// returns how many batches were answered.
func killed(t *testing.T, from, to uint64) int {
	path := filepath.Join(t.TempDir(), "events.db")
	var acks []ack
	for seed := from; seed < to; seed++ {
		moment := rand.New(rand.NewPCG(1, seed)).IntN(60_000)
		acks = append(acks, killedRun(t, path, time.Duration(moment)*time.Microsecond)...)
		begin := time.Now()
		l, err := eventlog.Open(path, small())
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("opening took %v", took)
		}
		checkAcked(t, l, acks)
		if err := l.Verify(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if cycles := int(to - from); len(acks) < 10*cycles {
		t.Fatalf("only %d batches in %d cycles: the test shows nothing", len(acks), cycles)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	return len(acks)
}

// checkAcked reads the log once: every batch must be whole and in order, every
// acknowledged one present where it was promised.
func checkAcked(t *testing.T, l *eventlog.Log, acks []ack) {
	t.Helper()
	ends := map[string]ack{} // batch id → where it ended
	next := map[string]int{} // batch id → next index
	for e, err := range l.ReadAll(t.Context(), 0, eventlog.Forwards, math.MaxUint64) {
		if err != nil {
			t.Fatal(err)
		}
		batch, rest, _ := strings.Cut(string(e.Data), "/")
		var index, size int
		if _, err := fmt.Sscanf(rest, "%d/%d", &index, &size); err != nil || index != next[batch] {
			t.Fatalf("event %d of batch %s is out of order", index, batch)
		}
		next[batch]++
		if index == size-1 {
			ends[batch] = ack{e.Stream, e.Revision, batch, size}
			delete(next, batch)
		}
	}
	if len(next) > 0 {
		t.Fatalf("%d batches are torn", len(next))
	}
	for _, a := range acks {
		if ends[a.batch] != a {
			t.Fatalf("acknowledged %+v, the log holds %+v", a, ends[a.batch])
		}
	}
}

func TestASecondProcessIsRefused(t *testing.T) {
	_, path := fresh(t)
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+path)
	out, err := child.Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("the child ended with %v", err)
	}
	if said := string(out); !strings.Contains(said, fmt.Sprintf("process %d holds", os.Getpid())) {
		t.Fatalf("the child said %q", said)
	}
	if _, err := eventlog.Open(path, small()); !errors.Is(err, eventlog.ErrLocked) {
		t.Fatalf("a second open in this process says %v", err)
	}
}

// look says what a SQLite of another process is told when it asks, as it does before
// it removes a write-ahead log, to be alone with the file: by the bytes of its format
// that stand for readers.
func look(path string) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		panic(err)
	}
	readers := syscall.Flock_t{Type: syscall.F_WRLCK, Start: 0x40000002, Len: 510}
	if err := syscall.FcntlFlock(f.Fd(), syscall.F_GETLK, &readers); err != nil {
		panic(err)
	}
	if readers.Type == syscall.F_UNLCK {
		fmt.Print("nobody")
		return
	}
	fmt.Print(readers.Pid)
}

// The last program that closes a SQLite file removes its write-ahead log. Whoever
// looks into the log of a program that runs must not be taken for the last.
func TestAProgramThatLooksIntoALogIsNotAlone(t *testing.T) {
	l, path := fresh(t)
	l.Close()
	surgery(t, path, "PRAGMA user_version = 1") // the longest way through Open
	l = open(t, path, small())
	for _, after := range []string{"opening", "a backup"} {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), lookEnv+"="+path)
		if out, err := child.Output(); err != nil || string(out) != strconv.Itoa(os.Getpid()) {
			t.Errorf("after %s, %s reads the file: %v", after, out, err)
		}
		if err := l.Backup(t.Context(), filepath.Join(t.TempDir(), "copy.db")); err != nil {
			t.Fatal(err)
		}
	}
}

func TestManyCallersOnOneStreamSeeOneOrder(t *testing.T) {
	l, _ := fresh(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	won := map[int64]uuid.UUID{}
	for range 16 {
		all.Go(func() {
			for range 50 {
				s, err := l.Stream(t.Context(), "s")
				expected := eventlog.NoStream
				if err == nil {
					expected = s.Last
				}
				p := proposed(1)
				r, err := l.Append(t.Context(), "s", expected, p)
				var wrong *eventlog.WrongVersionError
				if errors.As(err, &wrong) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if _, twice := won[r.Revision]; twice || r.Revision != expected+1 {
					t.Errorf("revision %d given twice or wrong", r.Revision)
				}
				won[r.Revision] = p[0].ID
				mu.Unlock()
			}
		})
	}
	all.Wait()
	n := int64(0)
	for e, err := range l.ReadStream(t.Context(), "s", 0, eventlog.Forwards, math.MaxUint64) {
		if err != nil || e.Revision != n || won[n] != e.ID {
			t.Fatalf("revision %d is not what was acknowledged: %v", n, err)
		}
		n++
	}
	if n != int64(len(won)) {
		t.Fatalf("%d events, %d acknowledged", n, len(won))
	}
}

// What is appended while a check begins is not part of it, also where the index has
// it by then.
func TestACheckWhileAppendsGoOnFindsNoFault(t *testing.T) {
	opts := small()
	opts.Tail = 2
	l := open(t, filepath.Join(t.TempDir(), "events.db"), opts)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for ctx.Err() == nil {
				if _, err := l.Append(ctx, fmt.Sprint("w", w), eventlog.Any, proposed(2)); err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	var checks sync.WaitGroup
	for range 3 { // one waits for what another has moved
		checks.Go(func() {
			for range 20 {
				if err := l.Verify(t.Context(), nil); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	checks.Wait()
	stop()
	all.Wait()
}
