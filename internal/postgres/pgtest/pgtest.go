// Package pgtest gives tests a PostgreSQL database of their own: on the server
// of TEST_DATABASE_URL when that is set, else on one throwaway cluster that all
// test processes of a user share, in nucleo-test-pg-<uid> under the temporary
// directory. The cluster is left running for the next test process; `go run
// ./internal/postgres/pgtest/endpgtest` stops it and removes its directory.
package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"nucleo/internal/postgres"
)

// Database is the URL of a fresh, empty database, dropped when the test ends.
func Database(t testing.TB) string {
	t.Helper()
	server, err := server()
	if err != nil {
		t.Fatalf("a PostgreSQL for tests: %v", err)
	}
	name := fmt.Sprintf("%s%d_%s", prefix, time.Now().Unix(), strings.ToLower(rand.Text()[:10]))
	if err := execute(server.admin, "CREATE DATABASE "+name+" TEMPLATE template0"+server.owner); err != nil {
		t.Fatalf("create the test's database: %v", err)
	}
	t.Cleanup(func() {
		if err := execute(server.admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return named(server.user, name)
}

// Dir is where the shared cluster lives.
func Dir() string {
	return filepath.Join(os.TempDir(), "nucleo-test-pg-"+strconv.Itoa(os.Geteuid()))
}

// Remove stops the shared cluster, unless a test still uses it, and removes it.
func Remove(ctx context.Context) error {
	if _, err := os.Stat(Dir()); os.IsNotExist(err) {
		return nil
	}
	c, err := postgres.Start(ctx, config())
	if err != nil {
		return err
	}
	if err := c.Stop(ctx); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(Dir(), "data", "postmaster.pid")); err == nil {
		return fmt.Errorf("a test still uses the server in %s", Dir())
	}
	return os.RemoveAll(Dir())
}

const (
	prefix    = "nucleo_test_"
	forgotten = 2 * time.Hour // a database of this age has lost its test
)

// access is how to reach a server: the URL of a user that may create databases,
// and the URL that tests get, of which only the database's name is replaced.
type access struct {
	admin, user, owner string
	cluster            *postgres.Cluster // held, so that nobody stops it
}

// server is settled once a process.
var server = sync.OnceValues(func() (access, error) {
	if given := os.Getenv("TEST_DATABASE_URL"); given != "" {
		return access{admin: given, user: given}, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := postgres.Start(ctx, config())
	if err != nil {
		return access{}, err
	}
	a := access{admin: c.AdminURL(), user: c.URL(), owner: " OWNER nucleo STRATEGY file_copy", cluster: c}
	return a, sweep(ctx, a.admin)
})

func config() postgres.Config {
	return postgres.Config{Dir: Dir(), Throwaway: true, MaxConnections: 300}
}

// sweep drops the databases that killed tests have left.
func sweep(ctx context.Context, admin string) error {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, "SELECT datname FROM pg_database WHERE datname LIKE $1", prefix+"%")
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		born, _, _ := strings.Cut(strings.TrimPrefix(name, prefix), "_")
		second, err := strconv.ParseInt(born, 10, 64)
		if err != nil || time.Since(time.Unix(second, 0)) < forgotten {
			continue
		}
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}

func execute(url, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

// named is the same server with another database.
func named(server, database string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + database
	if u.Host == "" && !strings.Contains(server, "@") {
		return "postgres:///" + database + "?" + u.RawQuery
	}
	return u.String()
}

// Analyst is the URL of a test's database for the role of analysts. Servers that
// are not ours have no such role, and then the test is skipped.
func Analyst(t testing.TB, database string) string {
	t.Helper()
	if os.Getenv("TEST_DATABASE_URL") != "" {
		t.Skip("the server of TEST_DATABASE_URL has no role of analysts")
	}
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("user", "nucleo_analista")
	return "postgres://" + u.Path + "?" + q.Encode()
}

// Superuser is the URL of a test's database for who administers the server.
func Superuser(t testing.TB, database string) string {
	t.Helper()
	server, err := server()
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	return named(server.admin, strings.TrimPrefix(u.Path, "/"))
}
