package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"testing"

	"nucleo/eventstore/memory"
	"nucleo/internal/postgres"
	"nucleo/projections"
)

func TestScratchFill(t *testing.T) {
	ctx := context.Background()
	b := &bench{log: slog.Default(), dir: "/tmp/ritmo/scratch"}
	var err error
	b.cluster, err = postgres.Start(ctx, postgres.Config{Dir: "/tmp/ritmo/scratch/postgres", Log: b.log})
	if err != nil {
		t.Fatal(err)
	}
	url, err := b.database(ctx)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := projections.Open(ctx, url, modelli)
	if err != nil {
		t.Fatal(err)
	}
	empty := projections.Origin{Source: memory.New(catalogo), Catalog: catalogo}
	if err := projections.Ricostruisci(ctx, pool, empty, b.log, modelli...); err != nil {
		t.Fatal(err)
	}
	n, _ := strconv.Atoi(os.Getenv("N"))
	if err := fill(ctx, pool, n); err != nil {
		t.Fatal(err)
	}
	fmt.Println("URL", url, b.cluster.AdminURL(), b.cluster.Pid())
	select {}
}
