package pgtest_test

import (
	"context"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"nucleo/internal/postgres/pgtest"
)

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	const databases = 8
	var wait sync.WaitGroup
	for range databases {
		url := pgtest.Database(t)
		wait.Go(func() {
			conn, err := pgx.Connect(context.Background(), url)
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close(context.Background())
			if _, err := conn.Exec(context.Background(), "CREATE SCHEMA casi; CREATE TABLE casi.t(a int)"); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}

func BenchmarkDatabase(b *testing.B) {
	for b.Loop() {
		pgtest.Database(b)
	}
}
