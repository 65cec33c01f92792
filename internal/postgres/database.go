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

// ensureDatabase makes the databases of Nucleo, and their roles, when they are
// missing. The analysts' role may connect to the one of the read models, and owns
// and may create nothing; the database of keys lets its own role in alone.
func (c *Cluster) ensureDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.AdminURL())
	if err != nil {
		return fmt.Errorf("connect as %s: %w", superuser, err)
	}
	defer conn.Close(ctx)
	upgraded := false
	const (
		hasRole     = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)"
		hasDatabase = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
		closed      = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND NOT has_database_privilege('" + role + "', oid, 'CONNECT'))"
	)
	for _, thing := range [...]struct{ has, name, make string }{
		{hasRole, role, "CREATE ROLE " + role + " LOGIN"},
		{hasDatabase, database, "CREATE DATABASE " + database + " OWNER " + role},
		{hasRole, analyst, "CREATE ROLE " + analyst + " LOGIN NOINHERIT CONNECTION LIMIT 10"},
		{hasRole, keys, "CREATE ROLE " + keys + " LOGIN"},
		{hasDatabase, keys, "CREATE DATABASE " + keys + " OWNER " + keys},
		{closed, keys, "REVOKE ALL ON DATABASE " + keys + " FROM PUBLIC"},
	} {
		var has bool
		if err := conn.QueryRow(ctx, thing.has, thing.name).Scan(&has); err != nil {
			return err
		}
		if has {
			continue
		}
		if _, err := conn.Exec(ctx, thing.make); err != nil && !duplicate(err) {
			return fmt.Errorf("%s: %w", thing.make, err)
		}
		upgraded = upgraded || thing.name == analyst || thing.name == keys
	}
	if upgraded { // a server that runs since before there was such a role does not let it in yet
		if err := c.writeAccess(); err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, "SELECT pg_reload_conf()"); err != nil {
			return err
		}
	}
	_, err = conn.Exec(ctx, analystSettings)
	return err
}

const analystSettings = `ALTER ROLE ` + analyst + ` SET default_transaction_read_only = on; ALTER ROLE ` + analyst + ` SET statement_timeout = '60s';
	ALTER ROLE ` + analyst + ` SET search_path = analisi; REVOKE ALL ON DATABASE ` + database + ` FROM PUBLIC; GRANT CONNECT ON DATABASE ` + database + ` TO ` + analyst

func duplicate(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && (refused.Code == "42710" || refused.Code == "42P04")
}

// refusesUs says whether a server turned this user away, which waiting does not change.
func refusesUs(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.Code[:2] == "28"
}
