// Package modeltest puts read models into a PostgreSQL for their tests, by the
// engine that keeps them in earnest.
package modeltest

import (
	"context"
	"encoding/json"
	"iter"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/allarme"
	"nucleo/domain/ambito"
	"nucleo/domain/apertura"
	"nucleo/domain/cancellazione"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/conservazione"
	"nucleo/domain/distribuzione"
	"nucleo/domain/flussoinps"
	"nucleo/domain/massivo"
	"nucleo/domain/operatore"
	"nucleo/domain/processo"
	"nucleo/domain/vincolo"
	"nucleo/eventstore"
	"nucleo/internal/postgres/pgtest"
	"nucleo/projections"
)

// Pool is a database with the tables of a model. The first half of the log is
// built in one go; the rest is folded as it comes, and each event comes twice.
func Pool(t testing.TB, model projections.Model, log ...domain.Recorded) *pgxpool.Pool {
	t.Helper()
	return Pools(t, []projections.Model{model}, log...)
}

// Pepe is the secret of the blind indexes of these databases.
var Pepe = codicefiscale.NuovoPepe([]byte("modeltest"))

// Pools is Pool with the tables of several models, for queries that join them.
func Pools(t testing.TB, models []projections.Model, log ...domain.Recorded) *pgxpool.Pool {
	t.Helper()
	pool, err := projections.Open(context.Background(), pgtest.Database(t), models)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	source := registro{half: len(log) / 2}
	for _, r := range log {
		source.log = append(source.log, stored(t, r))
	}
	origin := projections.Origin{Source: source, Catalog: domain.NewCatalog(caso.Aggregate, operatore.Aggregate, ambito.Aggregate, flussoinps.Aggregate, distribuzione.Aggregate, processo.Aggregate, massivo.Aggregate, accesso.Aggregate, conservazione.Aggregate, allarme.Aggregate, apertura.Aggregate, cancellazione.Aggregate, vincolo.Aggregate), Pepe: Pepe}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	if len(log) == 0 {
		if err := projections.Ricostruisci(ctx, pool, origin, slog.New(slog.DiscardHandler), models...); err != nil {
			t.Fatal(err)
		}
		return pool
	}
	engine := projections.NewEngine(pool, origin, slog.New(slog.DiscardHandler), models...)
	done := make(chan error)
	running, end := context.WithCancel(ctx)
	go func() { done <- engine.Run(running) }()
	err = engine.Wait(ctx, log[len(log)-1].Position, models...)
	end()
	<-done
	if err != nil {
		t.Fatal(err)
	}
	parked, err := projections.Parcheggiati(ctx, pool, models)
	if err != nil || len(parked) > 0 {
		t.Fatalf("parked: %v %v", parked, err)
	}
	return pool
}

func stored(t testing.TB, r domain.Recorded) eventstore.Stored {
	t.Helper()
	data, err := json.Marshal(r.Event)
	if err != nil {
		t.Fatal(err)
	}
	meta, err := json.Marshal(r.Meta)
	if err != nil {
		t.Fatal(err)
	}
	return eventstore.Stored{
		ID: r.ID, Type: r.Event.EventType(), Stream: r.Stream, ContentType: "application/json", Version: r.Version, Position: r.Position,
		Data: data, Meta: meta,
	}
}

// registro is a log of which the second half comes late, and twice.
type registro struct {
	log  []eventstore.Stored
	half int
}

func (r registro) Keys() *eventstore.Keys { return nil }

func (r registro) All(_ context.Context, after uint64, resumed bool) iter.Seq2[eventstore.Stored, error] {
	return func(yield func(eventstore.Stored, error) bool) {
		for _, e := range r.log[:r.half] {
			if (!resumed || e.Position > after) && !yield(e, nil) {
				return
			}
		}
	}
}

func (r registro) Follow(ctx context.Context, after uint64, resumed bool) iter.Seq2[eventstore.Stored, error] {
	return func(yield func(eventstore.Stored, error) bool) {
		for _, e := range r.log {
			for range 2 {
				if (!resumed || e.Position > after) && !yield(e, nil) {
					return
				}
			}
		}
		<-ctx.Done()
	}
}

func (r registro) Stored(_ context.Context, stream string) iter.Seq2[eventstore.Stored, error] {
	return func(yield func(eventstore.Stored, error) bool) {
		for _, e := range r.log {
			if e.Stream == stream && !yield(e, nil) {
				return
			}
		}
	}
}

func (r registro) End(context.Context) (uint64, error) {
	if r.half == 0 {
		return 0, nil
	}
	return r.log[r.half-1].Position, nil
}
