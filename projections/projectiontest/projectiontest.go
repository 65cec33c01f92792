// Package projectiontest makes logs and databases for tests of projections.
package projectiontest

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
)

// Log makes records, an hour apart, of pairs: the id of an aggregate, and an
// event of it.
func Log(from time.Time, pairs ...any) (log []domain.Recorded) {
	for i := 0; i < len(pairs); i += 2 {
		log = append(log, domain.Recorded{
			Subject: uuid.MustParse(fmt.Sprint(pairs[i])), Stream: "caso-" + fmt.Sprint(pairs[i]),
			Position: uint64(len(log)), Event: pairs[i+1].(domain.Event), Type: pairs[i+1].(domain.Event).EventType(),
			Meta: domain.Meta{Istante: from.Add(time.Duration(len(log)) * time.Hour)},
		})
	}
	return log
}

// Database makes an empty database for one test. Without TEST_DATABASE_URL the
// test is skipped.
func Database(t *testing.T) string {
	t.Helper()
	url := os.Getenv("TEST_DATABASE_URL")
	if url == "" {
		t.Skip("TEST_DATABASE_URL names no database")
	}
	admin, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	name := "test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if _, err := admin.Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = admin.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)")
		admin.Close()
	})
	return url[:strings.LastIndex(url, "/")+1] + name
}
