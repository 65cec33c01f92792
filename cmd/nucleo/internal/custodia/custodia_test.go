package custodia_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/cmd/nucleo/internal/custodia"
	"nucleo/domain/id"
	"nucleo/internal/postgres/pgtest"
)

func TestFilesAreKeptUntilTheyAreDropped(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), pgtest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := custodia.Apri(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	c, err := custodia.Apri(t.Context(), pool) // another replica, or another start
	if err != nil {
		t.Fatal(err)
	}
	adesso, uno, due := time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC), id.New[id.Massivo](), id.New[id.Massivo]()
	for m, scade := range map[id.Massivo]time.Time{uno: adesso.Add(time.Hour), due: adesso.Add(-time.Hour)} {
		if err := errors.Join(c.Conserva(t.Context(), m, []byte(m.String()), scade), c.Conserva(t.Context(), m, []byte("other"), scade)); err != nil {
			t.Fatal(err)
		}
	}
	all, err := c.Conservati(t.Context(), adesso)
	if diff := cmp.Diff(map[id.Massivo]bool{uno: false, due: true}, all); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if f, found, err := c.Leggi(t.Context(), uno); string(f) != uno.String() || !found || err != nil {
		t.Error(string(f), found, err)
	}
	if err := errors.Join(c.Scarta(t.Context(), uno), c.Scarta(t.Context(), uno)); err != nil {
		t.Error(err)
	}
	if _, found, err := c.Leggi(t.Context(), uno); found || err != nil {
		t.Error(found, err)
	}
}

func TestOneProgramAtATimeCarriesAFileOn(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), pgtest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	c, err := custodia.Apri(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	m, rotto := id.New[id.Massivo](), errors.New("broken")
	done, err := c.Sola(t.Context(), m, func(ctx context.Context) error {
		if done, err := c.Sola(ctx, m, func(context.Context) error { return rotto }); done || err != nil {
			t.Error("two at once", done, err)
		}
		if done, err := c.Sola(ctx, id.New[id.Massivo](), func(context.Context) error { return nil }); !done || err != nil {
			t.Error("another file waits", done, err)
		}
		return rotto
	})
	if !done || !errors.Is(err, rotto) {
		t.Error(done, err)
	}
	if done, err := c.Sola(t.Context(), m, func(context.Context) error { return nil }); !done || err != nil {
		t.Error("it cannot go on", done, err)
	}
}
