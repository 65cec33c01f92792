package projections_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/id"
	"nucleo/internal/postgres/pgtest"
	"nucleo/projections"
)

// segnoTabelle keeps something that follows from the secret.
type segnoTabelle struct {
	Segni projections.Table[id.Caso, segno] `key:"caso"`
	Pepe  codicefiscale.Pepe
}

type segno struct{ Cieco codicefiscale.Cieco }

var segni = projections.Projection[segnoTabelle]{Name: "segni", Version: 1, Categories: []string{"caso"}, Apply: func(t *segnoTabelle, r domain.Recorded) {
	c := id.Caso{UUID: r.Subject}
	t.Segni.Row(c).Cieco = t.Pepe.Cieco(c.String())
}}

// segui lets an engine follow the log to its end, and returns what it warned of.
func segui(t *testing.T, pool *pgxpool.Pool, d *diario, pepe codicefiscale.Pepe, models ...projections.Model) string {
	t.Helper()
	var detto strings.Builder
	origin := d.origin()
	origin.Pepe = pepe
	e := projections.NewEngine(pool, origin, slog.New(slog.NewTextHandler(&detto, &slog.HandlerOptions{Level: slog.LevelWarn})), models...)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- e.Run(ctx) }()
	err := e.Wait(ctx, d.last, models...)
	for guidano := 0; err == nil && guidano < len(models); err = ctx.Err() { // old tables are as far, too
		guidano = 0
		for _, m := range e.Misure() {
			if m.Guida && m.Posizione >= int64(d.last) {
				guidano++
			}
		}
	}
	stop()
	<-done
	if err != nil {
		t.Fatal(err)
	}
	return detto.String()
}

// Tables of another secret would find nobody, and never say so.
func TestTablesOfAnotherSecretAreBuiltAnew(t *testing.T) {
	pool, err := projections.Open(t.Context(), pgtest.Database(t), []projections.Model{segni, casi})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	d := newDiario(t)
	d.fill(5)
	vecchio, nuovo := codicefiscale.NuovoPepe([]byte("old")), codicefiscale.NuovoPepe([]byte("new"))
	di := func(about string, pepe codicefiscale.Pepe) {
		t.Helper()
		n := 0
		rows, err := pool.Query(t.Context(), `SELECT caso, cieco FROM segni`)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var c id.Caso
			var cieco codicefiscale.Cieco
			if err := rows.Scan(&c, &cieco); err != nil {
				t.Fatal(err)
			}
			if n++; cieco != pepe.Cieco(c.String()) {
				t.Errorf("%s: a row is of another secret", about)
			}
		}
		if n != 5 {
			t.Errorf("%s: %d rows", about, n)
		}
	}
	if detto := segui(t, pool, d, vecchio, segni, casi); detto != "" {
		t.Errorf("the first time: %s", detto)
	}
	di("the first time", vecchio)
	if detto := segui(t, pool, d, vecchio, segni, casi); detto != "" {
		t.Errorf("the same secret: %s", detto)
	}
	if detto := segui(t, pool, d, nuovo, segni, casi); !strings.Contains(detto, "segni_v1") || strings.Contains(detto, "casi_v1") {
		t.Errorf("another secret: %q", detto)
	}
	di("another secret", nuovo)
	if err := projections.Ricostruisci(t.Context(), pool, projections.Origin{Source: d.store, Catalog: catalog, Pepe: nuovo}, slog.New(slog.DiscardHandler), segni); err != nil {
		t.Fatal(err)
	}
	di("a rebuild", nuovo)
	diverse, err := projections.Verifica(t.Context(), pool, projections.Origin{Source: d.store, Catalog: catalog, Pepe: nuovo}, slog.New(slog.DiscardHandler), segni)
	if err != nil || len(diverse) > 0 {
		t.Error(diverse, err)
	}
	if diverse, err := projections.Verifica(t.Context(), pool, projections.Origin{Source: d.store, Catalog: catalog, Pepe: vecchio}, slog.New(slog.DiscardHandler), segni); err != nil || len(diverse) != 1 {
		t.Error("a check by another secret finds no difference", diverse, err)
	}
}
