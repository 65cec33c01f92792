package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"nucleo/internal/postgres"
)

func TestScratchT5(t *testing.T) {
	ctx := context.Background()
	b := &bench{log: slog.New(slog.DiscardHandler), dir: t.TempDir()}
	os.Chmod(b.dir, 0o755)
	var err error
	b.cluster, err = postgres.Start(ctx, postgres.Config{Dir: "/tmp/ritmo/scratch/postgres", Log: b.log})
	if err != nil {
		t.Fatal(err)
	}
	defer b.cluster.Stop(ctx)
	i, err := b.install(ctx, "x")
	if err != nil {
		t.Fatal(err)
	}
	defer i.close()
	n, _ := strconv.Atoi(os.Getenv("N"))
	if n == 0 {
		n = 20000
	}
	m := mosseDi
	if os.Getenv("LONG") != "" {
		m = molte
	}
	events, err := i.seme.semina(ctx, i.node.Log(), 0, n, m)
	if err != nil {
		t.Fatal(err)
	}
	client, err := dial(i.node.Address())
	if err != nil {
		t.Fatal(err)
	}
	end, _ := i.store.End(ctx)
	var tw [2][]float64
	rep := 4
	if os.Getenv("SLOWLOG") != "" {
		c, _ := pgx.Connect(ctx, b.cluster.AdminURL())
		c.Exec(ctx, "alter system set log_min_duration_statement=5")
		c.Exec(ctx, "select pg_reload_conf()")
		defer func() { c.Exec(ctx, "alter system reset log_min_duration_statement"); c.Close(ctx) }()
		rep = 1
	}
	for k := range rep {
		for w := range 2 {
			runtime.GC()
			before := b.cpu()
			begun := time.Now()
			if w == 0 {
				count(ctx, client, end)
			} else {
				if k == rep-1 && os.Getenv("PROF") != "" {
					f, _ := os.Create(os.Getenv("PROF"))
					pprof.StartCPUProfile(f)
				}
				if err := i.rebuild(ctx); err != nil {
					t.Fatal(err)
				}
				pprof.StopCPUProfile()
			}
			took := time.Since(begun)
			time.Sleep(50 * time.Millisecond)
			after := b.cpu()
			fmt.Printf("%d %-8s %7.0f/s wall %.2f us/ev; go %.1f us/ev pg %.1f us/ev\n", events, []string{"bare", "rebuild"}[w], rate(events, took), took.Seconds()*1e6/float64(events),
				(after.process-before.process).Seconds()*1e6/float64(events), (after.postgres-before.postgres).Seconds()*1e6/float64(events))
			tw[w] = append(tw[w], took.Seconds())
		}
	}
	for k := range tw[0] {
		fmt.Printf("ratio %.3f\n", tw[0][k]/tw[1][k])
	}
	if err := i.rowsAre(ctx, map[string]int{"casi": n, "cronologia": moves(n, m), "pesi": n, "ambiti": 1}); err != nil {
		t.Fatal(err)
	}
}
