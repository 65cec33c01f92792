package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nucleo/internal/longtest"
)

// bug is a mistake that somebody might make, and the test that must catch it.
type bug struct {
	area, what, file, pkg, run string
	old, now                   string
}

// readBugs reads the files of seeded bugs: for each the mistake, the file, package and
// tests, then the lines that are replaced (-) and those that replace them (+).
func readBugs(t *testing.T) (all []bug) {
	t.Helper()
	files, err := filepath.Glob("testdata/bugs/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no seeded bugs", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		area := strings.TrimSuffix(filepath.Base(file), ".txt")
		for block := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\n") {
			all = append(all, readBug(t, area, block))
		}
	}
	return all
}

func readBug(t *testing.T, area, block string) bug {
	t.Helper()
	b := bug{area: area}
	var old, now []string
	for line := range strings.SplitSeq(block, "\n") {
		switch {
		case strings.HasPrefix(line, "# "):
			b.what = line[2:]
		case strings.HasPrefix(line, "file "):
			b.file = line[5:]
		case strings.HasPrefix(line, "test "):
			b.pkg, b.run, _ = strings.Cut(line[5:], " ")
		case strings.HasPrefix(line, "-"):
			old = append(old, line[1:])
		case strings.HasPrefix(line, "+"):
			now = append(now, line[1:])
		default:
			t.Fatalf("%s: %q is no line of a bug", area, line)
		}
	}
	b.old, b.now = strings.Join(old, "\n"), strings.Join(now, "\n")
	if b.what == "" || b.file == "" || b.pkg == "" || b.run == "" || b.old == "" || b.old == b.now {
		t.Fatalf("%s: a bug says too little: %+v", area, b)
	}
	return b
}

const top = "../.."

// sow writes an overlay that has the bug, and leaves the tree as it is.
func (b bug) sow(t *testing.T, dir string) (overlay string, err error) {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(top, b.file))
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(text), b.old); n != 1 {
		return "", fmt.Errorf("what is to be replaced stands %d times in %s: the code has changed, change the bug with it", n, b.file)
	}
	seeded := filepath.Join(dir, filepath.Base(b.file))
	if err := os.WriteFile(seeded, []byte(strings.Replace(string(text), b.old, b.now, 1)), 0o600); err != nil {
		return "", err
	}
	overlay = filepath.Join(dir, "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {path: seeded}})
	if err != nil {
		return "", err
	}
	return overlay, os.WriteFile(overlay, list, 0o600)
}

// tests runs the tests of a bug, as make test does.
func (b bug) tests(t *testing.T, flags ...string) (said string, passed bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	failures := filepath.Join(top, b.pkg, "testdata", "rapid") // where rapid writes what failed, in the tree
	if _, err := os.Stat(failures); os.IsNotExist(err) {
		defer os.RemoveAll(failures)
	}
	cmd := exec.CommandContext(ctx, "go", slices.Concat([]string{"test", "-count=1", "-v", "-vet=off", "-timeout=3m", "-run", b.run}, flags, []string{b.pkg})...)
	cmd.Dir = top
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, longEnv+"=") && !strings.HasPrefix(e, seedEnv+"=") && !strings.HasPrefix(e, roundsEnv+"=") {
			cmd.Env = append(cmd.Env, e)
		}
	}
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

// sample are the bugs that the normal suite sows: of the kinds that are quickly found.
var sample = []string{"the sync of the journal is left out", "the checksum of a frame is not looked at"}

// A test that cannot fail shows nothing. Each mistake of the list is made in a copy of the
// code, and the tests that are to catch it must fail, and must not without it.
func TestEachSeededBugIsCaught(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("go is not here")
	}
	seeded, killed := 0, 0
	fine := map[string]bool{} // the tests that pass without a bug
	for _, b := range readBugs(t) {
		if !longtest.Long() && !slices.Contains(sample, b.what) {
			continue
		}
		t.Run(b.area+"/"+b.what, func(t *testing.T) {
			overlay, err := b.sow(t, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			if tests := b.pkg + " " + b.run; !fine[tests] {
				said, passed := b.tests(t)
				if passed && strings.Contains(said, "--- SKIP") && !strings.Contains(said, "--- PASS") {
					t.Skipf("%s cannot run here:\n%s", tests, said)
				}
				if !passed || !strings.Contains(said, "--- PASS") {
					t.Fatalf("%s does not pass without the bug:\n%s", tests, said)
				}
				fine[tests] = true
			}
			seeded++
			said, passed := b.tests(t, "-overlay="+overlay)
			switch {
			case strings.Contains(said, "[build failed]") || strings.Contains(said, "[setup failed]"):
				t.Fatalf("with the bug it does not build:\n%s", said)
			case passed:
				t.Fatalf("nobody noticed: %s passes with the bug in %s", b.run, b.file)
			}
			killed++
		})
	}
	if seeded == 0 {
		t.Fatal("no bug was sown")
	}
	longtest.Metric(t, "R-25", "seeded", seeded, "killed", killed)
}
