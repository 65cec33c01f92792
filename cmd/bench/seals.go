package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/eventstore"
	"nucleo/eventstore/node"
	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/sigilli"
	"nucleo/internal/chiavi"
)

// seals measures what sealing personal data costs (SIG): the same stories of
// cases, an event an append, with it and without, through the client.
func seals(ctx context.Context, b *bench) (err error) {
	kept, err := chiavi.Apri(ctx, b.cluster.KeysURL(), filepath.Join(b.dir, "kek"))
	if err != nil {
		return err
	}
	defer kept.Chiudi()
	keys := eventstore.NewKeys(kept)
	clear, _, stopClear, err := b.logOf(ctx, "chiaro", nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopClear()) }()
	sealed, log, stopSealed, err := b.logOf(ctx, "sigillato", keys)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopSealed()) }()
	s := seme{oggi: giorno.Di(time.Now().UTC()), cm: []id.Operatore{{UUID: uuid.New()}, {UUID: uuid.New()}}, da: domain.Attore{ID: uuid.New(), Ruolo: domain.CoordinatorePaIS}}
	took := time.Duration(b.pick(1000, 300)) * time.Millisecond
	var in, sealing atomic.Int64
	got, err := b.interleave(ctx, 2*b.rounds()+1, subject{"in the clear", storie(s, clear, took, &in)}, subject{"sealed", storie(s, sealed, took, &sealing)})
	if err != nil {
		return err
	}
	b.table.ratio("SIG", fmt.Sprintf("append of the events of cases, personal data sealed, 32 clients, official client (%s events)", thousands(float64(sealing.Load()))),
		got["sealed"], "in the clear", got["in the clear"], 0.85)
	read := func(store *eventstore.Store, keys *eventstore.Keys) func(context.Context) (float64, error) {
		return func(ctx context.Context) (float64, error) { return decoded(ctx, store, keys) }
	}
	got, err = b.interleave(ctx, b.rounds(), subject{"read in the clear", read(clear, nil)}, subject{"read sealed", read(sealed, keys)})
	if err != nil {
		return err
	}
	b.table.ratio("SIG", "the whole log read and decoded, as a rebuild does, sealed", got["read sealed"], "in the clear", got["read in the clear"], 0)
	return b.verifies(ctx, log)
}

// verifies measures the check of a whole log, as nucleo verifica --tutto does it
// but for the seals, on all processors, against a bare SHA-256 over the same bytes
// on one (VER).
func (b *bench) verifies(ctx context.Context, log *eventlog.Log) error {
	var bytes [][]byte
	size := 0
	for e, err := range (eventstore.Direct{Log: log, Catalog: eventi}).All(ctx, 0, false) {
		if err != nil {
			return err
		}
		bytes, size = append(bytes, e.Data, e.Meta), size+len(e.Data)+len(e.Meta)
	}
	events := int64(len(bytes) / 2)
	whole := func(ctx context.Context) (float64, error) {
		begun := time.Now()
		c, err := log.Check(ctx)
		if err != nil {
			return 0, err
		}
		found, err := sigilli.Verifica{Registro: eventstore.Checking{Direct: eventstore.Direct{Log: log, Catalog: eventi}, Check: c}, Chiavi: note.VerifierList()}.Esegui(ctx)
		if err == nil {
			err = c.End(ctx)
		}
		if err == nil && found.Eventi != events {
			err = fmt.Errorf("%d of %d events were checked", found.Eventi, events)
		}
		return rate(size/1000, time.Since(begun)), err
	}
	bare := func(context.Context) (float64, error) {
		begun, h := time.Now(), sha256.New()
		for _, x := range bytes {
			_, _ = h.Write(x)
		}
		_ = h.Sum(nil)
		return rate(size/1000, time.Since(begun)), nil
	}
	got, err := b.interleave(ctx, b.rounds(), subject{"verifica", whole}, subject{"sha256", bare})
	if err == nil {
		b.table.ratio("VER", fmt.Sprintf("check of a whole log, KB (%s events)", thousands(float64(events))), got["verifica"], "a bare SHA-256 over the same bytes on one processor, KB", got["sha256"], 0.25)
	}
	return err
}

// logOf is an embedded node with a store that seals by keys.
func (b *bench) logOf(ctx context.Context, name string, keys *eventstore.Keys) (*eventstore.Store, *eventlog.Log, func() error, error) {
	n, err := node.Start(ctx, node.Config{Dir: filepath.Join(b.dir, name), Log: b.log, Now: time.Now})
	if err != nil {
		return nil, nil, nil, err
	}
	store, err := eventstore.Open(eventstore.Config{Address: n.Address(), Alone: true, Keys: keys, Log: b.log}, eventi)
	if err == nil {
		err = store.Ready(ctx)
	}
	if err != nil {
		return nil, nil, nil, errors.Join(err, n.Stop())
	}
	return store, n.Log(), func() error { return errors.Join(store.Close(), n.Stop()) }, nil
}

// storie is a round: clients that append stories, each of other cases.
func storie(s seme, store *eventstore.Store, d time.Duration, next *atomic.Int64) func(context.Context) (float64, error) {
	var cases atomic.Int64
	return func(ctx context.Context) (float64, error) {
		n, took, err := together(ctx, 32, d, func(int) func(context.Context) error {
			var stream string
			var events []domain.Event
			var at domain.Head
			var i int
			return func(ctx context.Context) (err error) {
				if len(events) == 0 {
					i, at = int(cases.Add(1)), domain.Head{}
					if stream, events, err = s.fatti(i, mosseDi(i)); err != nil {
						return err
					}
				}
				appended, err := store.Append(ctx, stream, at, s.meta(i, uuid.New()), events[0])
				at, events = appended.Head, events[1:]
				next.Add(1)
				return err
			}
		})
		return rate(n, took), err
	}
}

// decoded reads a log to its end, and answers how many events a second.
func decoded(ctx context.Context, store *eventstore.Store, keys *eventstore.Keys) (float64, error) {
	begun, n := time.Now(), 0
	for batch, err := range eventstore.Batches(ctx, eventi, keys, store.All(ctx, 0, false), 10_000) {
		if err != nil {
			return 0, err
		}
		for _, e := range batch {
			if err := eventstore.Unreadable(e); err != nil {
				return 0, err
			}
		}
		n += len(batch)
	}
	return rate(n, time.Since(begun)), nil
}
