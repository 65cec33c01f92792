package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatATestSaysIsCounted(t *testing.T) {
	s := seen{counts: counts{}}
	err := s.read(strings.NewReader(strings.Join([]string{
		"=== RUN   TestA",
		"    a_test.go:12: METRIC R-01 kills=20 acked=1500 lost=0",
		"    --- PASS: TestA/one (0.00s)",
		"--- PASS: TestA (0.00s)",
		"METRIC R-01 kills=5 rate=2.5/s",
		"    a_test.go:12: METRIC curiosi accessi=20",
		"--- SKIP: TestB (0.00s)",
		"    --- FAIL: TestC/two (0.00s)",
		"--- FAIL: TestC (0.00s)",
		"panic: test timed out after 10m0s",
	}, "\n")), &strings.Builder{})
	if err != nil {
		t.Fatal(err)
	}
	want := seen{passed: 1, failed: []string{"TestC/two", "TestC", "panic: test timed out after 10m0s"}, skipped: []string{"TestB"},
		counts: counts{"R-01": {"kills": 25, "acked": 1500, "lost": 0}}}
	if d := cmp.Diff(want, s, cmp.AllowUnexported(seen{})); d != "" {
		t.Fatal(d)
	}
}

func TestSeedsGoOnAfterTheLedger(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.jsonl")
	for _, l := range []line{
		{Part: "kill", Seeds: &[2]uint64{1, 2000}, Rows: counts{"R-01": {"kills": 2000}}},
		{Part: "other", Seeds: &[2]uint64{1, 9000}, Rows: counts{"R-01": {"kills": 1}}},
		{Part: "kill", Seeds: &[2]uint64{2001, 2500}, Rows: counts{"R-01": {"kills": 7}}, Failures: []string{"TestA"}},
	} {
		if err := appendLine(path, l); err != nil {
			t.Fatal(err)
		}
	}
	ledger, err := readLedger(path)
	if err != nil {
		t.Fatal(err)
	}
	if next := nextSeed(ledger, "kill"); next != 2501 {
		t.Errorf("the next seed is %d", next)
	}
	if next := nextSeed(ledger, "new"); next != 1 {
		t.Errorf("the first seed is %d", next)
	}
	// what failed counts for nothing but is told
	if sum := (goal{counted: counted{"R-01", "kills"}}).sum(ledger); sum != 2001 {
		t.Errorf("the sum is %v", sum)
	}
	var said strings.Builder
	if err := list(&said, plan{}, ledger); err != nil || !strings.Contains(said.String(), "failed: kill") {
		t.Errorf("the list says %q, %v", said.String(), err)
	}
}

// A part whose test was renamed would prove nothing, and pass.
func TestEachPartNamesTestsThatThereAre(t *testing.T) {
	all, err := loadPlan()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, p := range all.Parts {
		if names[p.Name] || p.Minutes < 1 || p.Minutes > 9 || p.Does == "" {
			t.Errorf("part %s stands twice, or does not say what it does in under ten minutes", p.Name)
		}
		names[p.Name] = true
		top, _, _ := strings.Cut(p.Run, "/")
		for _, pkg := range p.Packages {
			if !tests(t, pkg, regexp.MustCompile(top)) {
				t.Errorf("part %s: %s has no test %s", p.Name, pkg, p.Run)
			}
		}
	}
}

func tests(t *testing.T, pkg string, run *regexp.Regexp) bool {
	t.Helper()
	dir, _ := strings.CutSuffix(filepath.Join("..", "..", pkg), "/...")
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(text, -1) {
			if run.Match(m[1]) {
				return true
			}
		}
	}
	return false
}

// The ledger of the repository can be read, and only parts that passed hide nothing.
func TestTheLedgerCanBeRead(t *testing.T) {
	ledger, err := readLedger(filepath.Join("..", "..", ledgerFile))
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range ledger {
		if l.Part == "" || l.Commit == "" || l.Date == "" {
			t.Errorf("line %d says too little: %+v", i+1, l)
		}
	}
}
