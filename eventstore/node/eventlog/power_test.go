package eventlog_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNothingIsAnsweredOrForgottenBeforeItIsDurable follows the system calls of a
// process that appends: what a power cut leaves is what was synced. An answer waits
// for the journal; a file of the journal is written over, or removed, when what it
// held is in the table and that was synced.
func TestNothingIsAnsweredOrForgottenBeforeItIsDurable(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	dir := t.TempDir()
	trace := filepath.Join(dir, "trace")
	child := exec.Command(strace, "-f", "-y", "-qq", "-s", "70000", "-o", trace, "-e", "trace=write,pwrite64,fsync,fdatasync,unlink,unlinkat", os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+filepath.Join(dir, "events.db"), childStops+"=120")
	out, err := child.CombinedOutput()
	if !strings.Contains(string(out), "open") {
		t.Skipf("the child could not be traced: %v %q", err, out)
	}
	if err != nil {
		t.Fatal(err, string(out))
	}
	f, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := watch{t: t, journal: map[string]bool{}, table: map[string]bool{}, unsynced: map[string][]string{}, syncing: map[string][]string{}, held: map[string][]string{}, open: map[string]string{}}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		w.line(lines.Text())
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if w.answers < 100 || w.turns < 3 || w.removed != 2 {
		t.Fatalf("%d answers, %d turns of the journal, %d files removed: the test shows nothing", w.answers, w.turns, w.removed)
	}
}

// watch knows which events are durable where. Events are known by the text that
// appendUntilKilled gives them.
type watch struct {
	t                       *testing.T
	journal, table          map[string]bool     // synced there
	unsynced                map[string][]string // by file: written
	syncing                 map[string][]string // by process: of a sync that has begun
	held                    map[string][]string // by file of the journal: since it was begun
	open                    map[string]string   // by process: its call that has not ended
	answers, turns, removed int
}

var (
	callBegins = regexp.MustCompile(`^(\d+) +(\w+)\((.*)$`)
	callEnds   = regexp.MustCompile(`^(\d+) +<\.\.\. \w+ resumed>`)
	callFile   = regexp.MustCompile(`events\.db[-.][a-z0-9-]+`)
	callOffset = regexp.MustCompile(`, (\d+)(?:\) *=| <unfinished)[^"]*$`)
	eventText  = regexp.MustCompile(`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/\d+/`)
	answerText = regexp.MustCompile(`"ack \w+ \d+ ([0-9a-f-]{36}) \d+\\n"`)
)

func (w *watch) line(line string) {
	if m := callEnds.FindStringSubmatch(line); m != nil {
		w.ends(m[1], w.open[m[1]])
		return
	}
	m := callBegins.FindStringSubmatch(line)
	if m == nil {
		return
	}
	w.begins(m[1], m[2], m[3])
	if strings.HasSuffix(line, "<unfinished ...>") {
		w.open[m[1]] = line
		return
	}
	w.ends(m[1], line)
}

func (w *watch) begins(process, name, args string) {
	file := callFile.FindString(args)
	switch name {
	case "write":
		if m := answerText.FindStringSubmatch(args); m != nil {
			w.answers++
			w.must(w.journal, []string{m[1] + "/0/"}, "answered before the journal was synced")
		}
	case "pwrite64":
		if m := callOffset.FindStringSubmatch(args); strings.Contains(file, ".journal-") && m != nil && m[1] == "64" && len(w.held[file]) > 0 {
			w.turns++
			w.must(w.table, w.held[file], "written over in the journal before the table was synced")
			w.held[file] = nil
		}
	case "fdatasync", "fsync":
		w.syncing[process] = w.unsynced[file]
	case "unlink", "unlinkat":
		if strings.Contains(file, ".journal-") {
			w.removed++
			w.must(w.table, w.held[file], "removed with the journal before the table was synced")
		}
	}
}

func (w *watch) ends(process, line string) {
	m := callBegins.FindStringSubmatch(line)
	if m == nil {
		return
	}
	file := callFile.FindString(m[3])
	inJournal := strings.Contains(file, ".journal-")
	switch m[2] {
	case "pwrite64":
		events := eventText.FindAllString(m[3], -1)
		w.unsynced[file] = append(w.unsynced[file], events...)
		if inJournal {
			w.held[file] = append(w.held[file], events...)
		}
	case "fdatasync", "fsync":
		for _, e := range w.syncing[process] {
			if inJournal {
				w.journal[e] = true
			} else if strings.HasSuffix(file, "-wal") {
				w.table[e] = true
			}
		}
	}
}

func (w *watch) must(durable map[string]bool, events []string, otherwise string) {
	w.t.Helper()
	for _, e := range events {
		if !durable[e] {
			w.t.Fatalf("the event %s is %s", e, otherwise)
		}
	}
}
