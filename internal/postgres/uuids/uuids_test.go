package uuids_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/domain/id"
	"nucleo/internal/postgres/pgtest"
	"nucleo/internal/postgres/uuids"
)

func TestIdsComeBackAsTheyWent(t *testing.T) {
	conn := connect(t)
	plain, typed := uuid.New(), id.New[id.Caso]()
	many := []uuid.UUID{plain, uuid.Nil, typed.UUID}
	row := conn.QueryRow(t.Context(), `SELECT $1::uuid, $2::uuid, $3::uuid[], $1::uuid::text, NULL::uuid, cardinality($3::uuid[])`, plain, typed, many)
	var gotPlain uuid.UUID
	var gotTyped id.Caso
	var gotMany []uuid.UUID
	var text string
	nobody := id.New[id.Caso]()
	var n int
	if err := row.Scan(&gotPlain, &gotTyped, &gotMany, &text, &nobody, &n); err != nil {
		t.Fatal(err)
	}
	if gotPlain != plain || gotTyped != typed || !slices.Equal(gotMany, many) || text != plain.String() || n != 3 {
		t.Error(gotPlain, gotTyped, gotMany, text, n)
	}
	if !nobody.IsZero() {
		t.Error("NULL left what was there:", nobody)
	}
}

func TestIdsOfNothingAreNull(t *testing.T) {
	conn := connect(t)
	var nobody *uuid.UUID
	var null bool
	if err := conn.QueryRow(t.Context(), `SELECT $1::uuid IS NULL`, nobody).Scan(&null); err != nil || !null {
		t.Error(null, err)
	}
}

func connect(t testing.TB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pgtest.Database(t))
	if err == nil {
		err = uuids.AfterConnect(t.Context(), conn)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// BenchmarkArray writes as many ids as are made keys at once.
func BenchmarkArray(b *testing.B) {
	conn := connect(b)
	ids := make([]uuid.UUID, 1024)
	for i := range ids {
		ids[i] = uuid.New()
	}
	b.ReportAllocs()
	for b.Loop() {
		var n int
		if err := conn.QueryRow(b.Context(), `SELECT cardinality($1::uuid[])`, ids).Scan(&n); err != nil {
			b.Fatal(err)
		}
	}
}
