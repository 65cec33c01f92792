package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"nucleo/eventstore"
	"nucleo/eventstore/node"
	"nucleo/eventstore/node/eventlog"
	"nucleo/projections"
)

const (
	rebuildLimit  = 2 << 30 // bytes of memory
	rebuildEvents = 20_000_000
)

// sizes measures how large the log of long cases is on disk (T11), and how much
// memory it takes to rebuild all read models from it, in a process of its own
// with the embedded node (T10): for a fifth of the cases, and for all.
func sizes(ctx context.Context, b *bench) error {
	var all [2]rebuilt
	for n, cases := range []int{b.storie / 5, b.storie} {
		dir := filepath.Join(b.dir, fmt.Sprint("size-", cases))
		events, payload, err := b.seedOnly(ctx, dir, cases)
		if err != nil {
			return err
		}
		if n == 1 {
			if err := b.logFile(dir, events, payload); err != nil {
				return err
			}
		}
		if all[n], err = b.rebuildIn(ctx, dir); err != nil {
			return err
		}
		if all[n].Cases != cases {
			return fmt.Errorf("%d cases were rebuilt of %d", all[n].Cases, cases)
		}
		all[n].Events = events
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	few, many := all[0], all[1]
	met := "–"
	if many.Events >= rebuildEvents {
		met = verdict(many.Peak < rebuildLimit)
	}
	b.table.add(row{
		id: "T10", what: fmt.Sprintf("peak memory (VmHWM) of a process with the node that rebuilds all read models from %s events of %s cases", thousands(float64(many.Events)), thousands(float64(many.Cases))),
		measured: fmt.Sprintf("%d MiB, in %s", many.Peak>>20, many.Took.Round(time.Second)), reference: fmt.Sprintf("a fifth of them: %d MiB", few.Peak>>20),
		ratio: twoDigits(float64(many.Peak)/float64(few.Peak)) + "×", bound: "< 2 GiB at 20,000,000 (-storie 1000000)", met: met,
	})
	return nil
}

// seedOnly makes a log of long cases, and answers what it holds: events, and
// their bytes as a file of frames would hold them.
func (b *bench) seedOnly(ctx context.Context, dir string, cases int) (events int, framed int64, err error) {
	i, err := b.install(ctx, filepath.Base(dir))
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	if _, err := i.seme.semina(ctx, i.node.Log(), 0, cases, molte); err != nil {
		return 0, 0, err
	}
	for e, err := range i.node.Log().ReadAll(ctx, 0, eventlog.Forwards, 1<<62) {
		if err != nil {
			return 0, 0, err
		}
		events++
		framed += frame + int64(len(e.Stream)+len(e.Type)+len(e.Data)+len(e.Metadata))
	}
	return events, framed, nil
}

// frame is what a file must hold of an event beside its texts: length and
// checksum, position, revision, id and time.
const frame = 4 + 4 + 8 + 8 + 16 + 8

// logFile adds the row of a log that was closed.
func (b *bench) logFile(dir string, events int, framed int64) error {
	var size int64
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	ratio := float64(size) / float64(framed)
	b.table.add(row{
		id: "T11", what: fmt.Sprintf("the data directory of a log of %s events, closed", thousands(float64(events))), measured: fmt.Sprintf("%d MB", size/1_000_000),
		reference: fmt.Sprintf("their frames: %d MB", framed/1_000_000), ratio: twoDigits(ratio) + "×", bound: "≤ 1.15×", met: verdict(ratio <= 1.15),
	})
	return err
}

// rebuilt is what a rebuild took.
type rebuilt struct {
	Events, Cases int
	Took          time.Duration
	Peak          int64
}

func (b *bench) rebuildIn(ctx context.Context, dir string) (got rebuilt, err error) {
	url, err := b.database(ctx)
	if err != nil {
		return got, err
	}
	program, err := os.Executable()
	if err != nil {
		return got, err
	}
	child := exec.CommandContext(ctx, program, "-rebuild-into", url, "-rebuild-dir", dir)
	var out bytes.Buffer
	child.Stdout, child.Stderr = &out, os.Stderr
	child.Cancel = func() error { return child.Process.Signal(syscall.SIGTERM) }
	child.WaitDelay = 20 * time.Second
	if err := child.Run(); err != nil {
		return got, fmt.Errorf("the process that rebuilds: %w", err)
	}
	return got, json.Unmarshal(out.Bytes(), &got)
}

// rebuildChild is the process that rebuilds.
type rebuildChild struct{ url, dir string }

func (c rebuildChild) run(ctx context.Context, log *slog.Logger) (err error) {
	n, err := node.Start(ctx, node.Config{Dir: c.dir, Log: log, Now: time.Now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.Stop()) }()
	store, err := eventstore.Open(eventstore.Config{Address: n.Address(), Alone: true, Log: log}, eventi)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Ready(ctx); err != nil {
		return err
	}
	pool, err := projections.Open(ctx, c.url, modelli)
	if err != nil {
		return err
	}
	defer pool.Close()
	begun := time.Now()
	if err := projections.Ricostruisci(ctx, pool, projections.Origin{Source: eventstore.Beside{Store: store, Log: n.Log()}, Catalog: eventi}, log, modelli...); err != nil {
		return err
	}
	got := rebuilt{Took: time.Since(begun)}
	if err := pool.QueryRow(ctx, "SELECT count(*) FROM casi").Scan(&got.Cases); err != nil {
		return err
	}
	if got.Peak, err = peak(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(got)
}
