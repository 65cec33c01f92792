package projectiontest

import (
	"context"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Database makes an empty database for one test and returns its address. It
// lies in the server that TEST_DATABASE_URL names, else in a throw-away
// cluster that all tests of this machine's user share.
func Database(t testing.TB) string {
	t.Helper()
	server := os.Getenv("TEST_DATABASE_URL")
	if server == "" {
		server = shared(t)
	}
	name := "test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	run(t, context.Background(), server, "CREATE DATABASE "+name)
	t.Cleanup(func() { run(t, context.Background(), server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func run(t testing.TB, ctx context.Context, server, sql string) {
	t.Helper()
	conn, err := pgx.Connect(ctx, server)
	if err == nil {
		_, err = conn.Exec(ctx, sql)
		_ = conn.Close(ctx)
	}
	if err != nil {
		t.Errorf("%s: %v", sql, err)
	}
}
