// Command prove runs the long tests part by part, and keeps the ledger of what they
// counted: docs/ledger.jsonl, one line a part. Without an argument it lists the
// parts, and what the ledger adds up to beside the goals. docs/prove.md says more.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"text/tabwriter"
	"time"
)

const ledgerFile = "docs/ledger.jsonl"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "prove:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	all, err := loadPlan()
	if err != nil {
		return err
	}
	ledger, err := readLedger(ledgerFile)
	if err != nil {
		return err
	}
	switch len(args) {
	case 0:
		return list(out, all, ledger)
	case 1:
	default:
		return errors.New("one part at a time: prove NUMBER or prove NAME")
	}
	p, err := all.find(args[0])
	if err != nil {
		return err
	}
	return prove(ctx, p, ledger, out)
}

// prove runs a part and writes its line, also when it fails.
func prove(ctx context.Context, p part, ledger []line, out io.Writer) error {
	from := nextSeed(ledger, p.Name)
	commit, err := commitNow(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "part %s: %s\n", p.Name, p.Does)
	begin := time.Now()
	saw, testErr := p.test(ctx, from, out)
	if ctx.Err() != nil {
		return ctx.Err() // what was broken off says nothing
	}
	l := line{Commit: commit, Date: begin.UTC().Format(time.RFC3339), Part: p.Name, Seconds: int(time.Since(begin).Seconds()),
		Tests: saw.passed, Rows: saw.counts, Failures: saw.failed}
	if p.Seeds > 0 {
		l.Seeds = &[2]uint64{from, from + uint64(p.Seeds) - 1}
	}
	if p.Passes != nil {
		l.Rows.add(p.Passes.Row, p.Passes.Count, float64(saw.passed))
	}
	if saw.unbuilt {
		return fmt.Errorf("part %s does not build, and the ledger stays as it was: %w", p.Name, testErr)
	}
	if testErr != nil && len(l.Failures) == 0 {
		l.Failures = []string{testErr.Error()}
	}
	if testErr == nil && len(l.Rows) == 0 {
		return fmt.Errorf("part %s counted nothing, and the ledger stays as it was; what was skipped: %v", p.Name, saw.skipped)
	}
	if err := appendLine(ledgerFile, l); err != nil {
		return err
	}
	if testErr != nil {
		return fmt.Errorf("part %s failed: %v", p.Name, l.Failures)
	}
	fmt.Fprintf(out, "part %s passed in %d s; its line stands in %s\n", p.Name, l.Seconds, ledgerFile)
	return nil
}

// list shows the parts, and the sums beside the goals.
func list(out io.Writer, all plan, ledger []line) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "PART\tNAME\tMINUTES\tRUNS\tWHAT IT DOES")
	for i, p := range all.Parts {
		runs := 0
		for _, l := range ledger {
			if l.Part == p.Name {
				runs++
			}
		}
		fmt.Fprintf(w, "%d\t%s\t%d\t%d\t%s\n", i+1, p.Name, p.Minutes, runs, p.Does)
	}
	fmt.Fprintln(w, "\nROW\tSUM OF THE LEDGER\tPR\tNIGHTLY\tWHAT IS COUNTED")
	for _, g := range all.Goals {
		sum := g.sum(ledger)
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", g.Row, group(sum), reached(sum, g.PR), reached(sum, g.Nightly), g.What)
	}
	failed := 0
	for _, l := range ledger {
		if len(l.Failures) > 0 {
			failed++
			fmt.Fprintf(w, "\nfailed: %s at %s, %s: %v\n", l.Part, l.Commit, l.Date, l.Failures)
		}
	}
	fmt.Fprintf(w, "\n%d runs of parts, %d of them failed. make long PART=NUMBER or PART=NAME runs one.\n", len(ledger), failed)
	return w.Flush()
}

// reached is a goal, with a sign when the sum has come there.
func reached(sum, goal float64) string {
	switch {
	case goal == 0:
		return "—"
	case sum >= goal:
		return group(goal) + " ✓"
	}
	return group(goal)
}

// group writes a whole number with its thousands apart.
func group(f float64) string {
	s := fmt.Sprintf("%.0f", f)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
