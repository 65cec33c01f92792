package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// rebuilds measures a rebuild of all read models against a catch-up
// subscription that only counts (T5).
func rebuilds(ctx context.Context, b *bench) error {
	if err := rebuildOf(ctx, b, "rebuild", b.pick(40_000, 8_000), mosseDi); err != nil {
		return err
	}
	return rebuildOf(ctx, b, "rebuild-long", b.pick(6_000, 1_000), molte)
}

// molte are the moves of a case that has gone a long way: 20 events in all, as
// the cases of a whole installation will have.
func molte(int) int { return 19 }

func rebuildOf(ctx context.Context, b *bench, name string, cases int, mosse func(int) int) (err error) {
	i, err := b.install(ctx, name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	if _, err := i.seme.semina(ctx, i.node.Log(), 0, cases, mosse); err != nil {
		return err
	}
	client, err := dial(i.node.Address())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	end, err := i.store.End(ctx)
	if err != nil {
		return err
	}
	events, err := count(ctx, client, end)
	if err != nil {
		return err
	}
	want := map[string]int{"casi": cases, "cronologia": moves(cases, mosse), "pesi": cases, "ambiti": 1}
	bare := subject{"subscription that only counts", func(ctx context.Context) (float64, error) {
		begun := time.Now()
		n, err := count(ctx, client, end)
		if err == nil && n != events {
			err = fmt.Errorf("%d events, and there are %d", n, events)
		}
		return rate(n, time.Since(begun)), err
	}}
	all := subject{name + " of all read models", func(ctx context.Context) (float64, error) {
		begun := time.Now()
		err := i.rebuild(ctx)
		took := time.Since(begun)
		return rate(events, took), errors.Join(err, i.rowsAre(ctx, want))
	}}
	got, err := b.interleave(ctx, b.rounds(), bare, all)
	if err != nil {
		return err
	}
	b.table.ratio("T5", fmt.Sprintf("rebuild of all read models from the log, indexes included: %s events of %s cases", thousands(float64(events)), thousands(float64(cases))),
		got[all.name], "catch-up subscription by the same client that only counts the same events", got[bare.name], 0.5)
	return nil
}

// moves is how many events of assignment cases have.
func moves(cases int, mosse func(int) int) (n int) {
	for i := range cases {
		n += mosse(i)
	}
	return n
}

// count counts the events of the catalogue's categories up to a position.
func count(ctx context.Context, client *esdb.Client, end uint64) (n int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var prefixes []string
	for _, c := range eventi.Categories() {
		prefixes = append(prefixes, c+"-")
	}
	sub, err := client.SubscribeToAll(ctx, esdb.SubscribeToAllOptions{
		From: esdb.Start{}, MaxSearchWindow: 1000, CheckpointInterval: 1000,
		Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: prefixes},
	})
	if err != nil {
		return 0, err
	}
	defer func() { _ = sub.Close() }()
	for {
		got := sub.Recv()
		switch {
		case got.SubscriptionDropped != nil:
			return n, fmt.Errorf("the subscription was dropped: %w", got.SubscriptionDropped.Error)
		case got.EventAppeared != nil && got.EventAppeared.Event != nil:
			n++
			if got.EventAppeared.Event.Position.Commit >= end {
				return n, nil
			}
		}
	}
}
