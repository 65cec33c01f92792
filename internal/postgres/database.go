package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// accepts says whether the server lets its superuser in. While there is no
// socket yet it does not even try.
func (c *Cluster) accepts(ctx context.Context) error {
	if _, err := os.Stat(c.place.socketDir + "/" + socketName); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.AdminURL())
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// ensureDatabase makes the role and the database of Nucleo when they are missing.
func (c *Cluster) ensureDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.AdminURL())
	if err != nil {
		return fmt.Errorf("connect as %s: %w", superuser, err)
	}
	defer conn.Close(ctx)
	for _, thing := range [...]struct{ has, make string }{
		{"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", "CREATE ROLE " + role + " LOGIN"},
		{"SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", "CREATE DATABASE " + database + " OWNER " + role},
	} {
		var has bool
		if err := conn.QueryRow(ctx, thing.has, "nucleo").Scan(&has); err != nil {
			return err
		}
		if has {
			continue
		}
		if _, err := conn.Exec(ctx, thing.make); err != nil && !duplicate(err) {
			return fmt.Errorf("%s: %w", thing.make, err)
		}
	}
	return nil
}

func duplicate(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && (refused.Code == "42710" || refused.Code == "42P04")
}

// refusesUs says whether a server turned this user away, which waiting does not change.
func refusesUs(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.Code[:2] == "28"
}
