package segnalibri_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/cmd/nucleo/internal/segnalibri"
	"nucleo/internal/postgres/pgtest"
)

func TestABookmarkOnlyMovesForward(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), pgtest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	for range 2 { // the table may be there
		s, err := segnalibri.Apri(t.Context(), pool)
		if err != nil {
			t.Fatal(err)
		}
		if _, found, err := s.Leggi(t.Context(), "nuova"); found || err != nil {
			t.Fatal(found, err)
		}
		for _, at := range []uint64{7, 9, 8} {
			if err := s.Sposta(t.Context(), "revoca", at); err != nil {
				t.Fatal(err)
			}
		}
		if at, found, err := s.Leggi(t.Context(), "revoca"); at != 9 || !found || err != nil {
			t.Fatal(at, found, err)
		}
	}
}
