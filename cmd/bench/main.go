// Command bench measures Nucleo against its targets, T1 to T12, what sealing costs (SIG) and to check a log (VER), how long a case
// takes to open, now and as it was, and an import of 100,000 domande. Every target is a ratio to a reference that is
// measured in the same run, in turns; what was done is read back and counted
// before its time counts. docs/benchmarks.md says how to read the table.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"nucleo/internal/postgres"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// experiment measures the rows that it gives.
type experiment struct {
	gives []string
	run   func(context.Context, *bench) error
}

var experiments = []experiment{
	{[]string{"T1", "T2", "T3"}, appends},
	{[]string{"SIG", "VER"}, seals},
	{[]string{"T4"}, httpCommands},
	{[]string{"T5"}, rebuilds},
	{[]string{"T6"}, liveTail},
	{[]string{"T7"}, pages},
	{[]string{"T8"}, queuePage},
	{[]string{"T9"}, openedBare},
	{[]string{"APRI"}, opened},
	{[]string{"AL"}, replayed},
	{[]string{"T10", "T11"}, sizes},
	{[]string{"T12"}, distributes},
	{[]string{"IMPORT"}, imports},
}

// bench is one run of the program.
type bench struct {
	quick    bool
	casi     int // rows of the lists of T7
	domande  int // of the import
	storie   int // cases of T10 and T11
	profiles string
	write    string

	dir     string
	cluster *postgres.Cluster
	log     *slog.Logger
	table   table
	begun   time.Time
	load    string // of the machine, before
}

func run(ctx context.Context) (err error) {
	b := &bench{begun: time.Now(), load: load(), log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))}
	var only, dir string
	var child importChild
	var rebuild rebuildChild
	flag.StringVar(&only, "only", "", "rows to measure, such as T2,T5 or import; all when empty")
	flag.BoolVar(&b.quick, "quick", false, "smaller counts: a look, no figure to quote")
	flag.IntVar(&b.casi, "casi", 0, "cases in the lists of T7 (200,000; with -quick 20,000)")
	flag.IntVar(&b.domande, "domande", 0, "domande of the import (100,000; with -quick 5,000)")
	flag.IntVar(&b.storie, "storie", 0, "cases of 20 events of T10 and T11 (50,000; with -quick 5,000)")
	flag.StringVar(&dir, "dir", "", "where to make the temporary directory: on the disk to be measured")
	flag.StringVar(&b.profiles, "profile", "", "write CPU profiles to this directory")
	flag.StringVar(&b.write, "write", "", "write the table to this file as well, with how to read it")
	flag.StringVar(&child.url, "import-into", "", "used by the program itself: import into this database, and say what it took")
	flag.StringVar(&child.dir, "import-dir", "", "used by the program itself")
	flag.StringVar(&rebuild.url, "rebuild-into", "", "used by the program itself: rebuild into this database, and say what it took")
	flag.StringVar(&rebuild.dir, "rebuild-dir", "", "used by the program itself")
	flag.Parse()
	if child.url != "" {
		return child.run(ctx, b.log)
	}
	if rebuild.url != "" {
		return rebuild.run(ctx, b.log)
	}
	chosen, err := choose(only)
	if err != nil {
		return err
	}
	b.casi = or(b.casi, b.pick(200_000, 20_000))
	b.storie = or(b.storie, b.pick(50_000, 5_000))
	b.domande = or(b.domande, b.pick(100_000, 5_000))
	if b.dir, err = os.MkdirTemp(dir, "nucleo-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if err := os.Chmod(b.dir, 0o755); err != nil { // the account of Postgres passes through
		return err
	}
	if b.cluster, err = postgres.Start(ctx, postgres.Config{Dir: filepath.Join(b.dir, "postgres"), Log: b.log}); err != nil {
		return err
	}
	defer func() {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		err = errors.Join(err, b.cluster.Stop(stopping))
	}()
	return b.measure(ctx, chosen)
}

// choose finds the experiments that give the rows asked for.
func choose(only string) (chosen []experiment, err error) {
	if only == "" {
		return experiments, nil
	}
	wanted := strings.Split(strings.ToUpper(only), ",")
	known := []string{}
	for _, e := range experiments {
		known = append(known, e.gives...)
		if slices.ContainsFunc(e.gives, func(row string) bool { return slices.Contains(wanted, row) }) {
			chosen = append(chosen, e)
		}
	}
	for _, row := range wanted {
		if !slices.Contains(known, row) {
			return nil, fmt.Errorf("-only %s: there is no such row; there are %s", row, strings.Join(known, ", "))
		}
	}
	return chosen, nil
}

func (b *bench) measure(ctx context.Context, chosen []experiment) error {
	m, err := b.machine(ctx)
	if err != nil {
		return err
	}
	fmt.Print(m)
	fmt.Print(b.table.header())
	var failed error
	for _, e := range chosen {
		before := len(b.table.rows)
		b.progress("%s …", strings.Join(e.gives, ", "))
		if err := e.run(ctx, b); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", strings.Join(e.gives, ", "), err))
		}
		for _, r := range b.table.rows[before:] {
			fmt.Print(r)
		}
		if ctx.Err() != nil {
			return errors.Join(failed, ctx.Err())
		}
	}
	last := fmt.Sprintf("\nIt took %s.\n", time.Since(b.begun).Round(time.Second))
	fmt.Print(last)
	if b.write != "" {
		failed = errors.Join(failed, os.WriteFile(b.write, []byte(howToRead+m+b.table.String()+last), 0o644))
	}
	return failed
}

// progress tells those who wait.
func (b *bench) progress(format string, args ...any) {
	_, _ = fmt.Fprintf(os.Stderr, "%6s  %s\n", time.Since(b.begun).Round(time.Second), fmt.Sprintf(format, args...))
}

// pick is a count: the usual one, or that of a quick run.
func (b *bench) pick(usual, quick int) int {
	if b.quick {
		return quick
	}
	return usual
}

func or(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// rounds is how often each thing is measured.
func (b *bench) rounds() int { return b.pick(rounds, 3) }
