package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The environment of a part: internal/longtest reads it.
const (
	longEnv   = "NUCLEO_LONG"
	seedEnv   = "NUCLEO_SEED"
	roundsEnv = "NUCLEO_ROUNDS"
)

// seen is what go test said.
type seen struct {
	passed          int
	failed, skipped []string
	unbuilt         bool // there was nothing to run
	counts
}

// test runs the part and passes on what go test says.
func (p part) test(ctx context.Context, from uint64, out io.Writer) (seen, error) {
	args := append([]string{"test", "-count=1", "-v", "-timeout=10m", "-run", p.Run}, p.Flags...)
	cmd := exec.CommandContext(ctx, "go", append(args, p.Packages...)...)
	cmd.Env = append(os.Environ(), longEnv+"=1")
	if p.Seeds > 0 {
		cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", seedEnv, from), fmt.Sprintf("%s=%d", roundsEnv, p.Seeds))
	}
	for _, name := range slices.Sorted(maps.Keys(p.Env)) {
		cmd.Env = append(cmd.Env, name+"="+p.Env[name])
	}
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		return seen{}, fmt.Errorf("go test: %w", err)
	}
	done := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		done <- err
		w.Close()
	}()
	s := seen{counts: counts{}}
	err := s.read(r, out)
	_, _ = io.Copy(io.Discard, r) // the process must not wait for a reader that gave up
	if tested := <-done; tested != nil {
		return s, fmt.Errorf("go test: %w", tested)
	}
	return s, err
}

var (
	metricText = regexp.MustCompile(`METRIC (R-\d+)((?: [\w-]+=\S+)+)`)
	resultText = regexp.MustCompile(`^(\s*)--- (PASS|FAIL|SKIP): (\S+)`)
	brokenText = regexp.MustCompile(`^(panic: .*|WARNING: DATA RACE)`)
)

func (s *seen) read(r io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		text := lines.Text()
		fmt.Fprintln(out, text)
		s.take(text)
	}
	return lines.Err()
}

func (s *seen) take(text string) {
	if m := metricText.FindStringSubmatch(text); m != nil {
		for _, pair := range strings.Fields(m[2]) {
			name, value, _ := strings.Cut(pair, "=")
			if n, err := strconv.ParseFloat(value, 64); err == nil {
				s.add(m[1], name, n)
			}
		}
	}
	if m := brokenText.FindString(text); m != "" {
		s.failed = append(s.failed, m)
	}
	s.unbuilt = s.unbuilt || strings.HasPrefix(text, "FAIL") && strings.HasSuffix(text, "[build failed]")
	m := resultText.FindStringSubmatch(text)
	switch {
	case m == nil:
	case m[2] == "FAIL":
		s.failed = append(s.failed, m[3])
	case m[2] == "SKIP":
		s.skipped = append(s.skipped, m[3])
	case m[1] == "":
		s.passed++
	}
}
