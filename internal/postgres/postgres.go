// Package postgres runs a private PostgreSQL cluster inside a data directory,
// for installations that do not name a server of their own. It is reached only
// through a unix socket in a private directory, by peer authentication: there
// is no TCP port and no password. The server is a process of its own, which
// outlives a killed owner and is adopted by the next Start.
package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"sync/atomic"
	"time"
)

// Config says where the cluster lives. Dir is made when missing and belongs to
// this package alone: nothing else may stand in it.
type Config struct {
	Dir string
	Log *slog.Logger // nil discards

	// BinDir overrides the search for PostgreSQL's programs.
	BinDir string
	// Throwaway trades every promise of durability for speed. For tests only.
	Throwaway bool
	// MaxConnections is 100 when zero.
	MaxConnections int
}

// Cluster is a running server that this process started or adopted.
type Cluster struct {
	place  place
	config Config
	log    *slog.Logger
	inUse  *lock // shared with every other process that uses the cluster
	pid    atomic.Int64
}

// startPatience is how long a server may take to become ready: crash recovery
// replays at most max_wal_size, and orphans of a killed server must end first.
const startPatience = 60 * time.Second

// Start makes the cluster if there is none, adopts it if it runs, starts it
// otherwise, and answers when the database accepts connections. Starts of the
// same directory, in this and in other processes, wait for each other and end
// up sharing one server.
func Start(ctx context.Context, config Config) (*Cluster, error) {
	c, err := open(config)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	begun := time.Now()
	adopted, err := c.start(ctx)
	if err != nil {
		c.inUse.release()
		return nil, fmt.Errorf("start postgres in %s: %w", config.Dir, err)
	}
	c.log.Info("postgres ready", "dir", c.place.dir, "pid", c.Pid(), "adopted", adopted, "took", time.Since(begun))
	return c, nil
}

func open(config Config) (*Cluster, error) {
	log := config.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if config.MaxConnections == 0 {
		config.MaxConnections = 100
	}
	p, err := prepare(config.Dir)
	if err != nil {
		return nil, fmt.Errorf("prepare %s for postgres: %w", config.Dir, err)
	}
	return &Cluster{place: p, config: config, log: log, inUse: p.usersLock()}, nil
}

// start does the work of Start under the directory's lock.
func (c *Cluster) start(ctx context.Context) (adopted bool, err error) {
	guard, err := c.place.startLock().acquire(ctx)
	if err != nil {
		return false, err
	}
	defer guard.release()
	if err := c.inUse.share(); err != nil {
		return false, err
	}
	if adopted, err = c.adopt(ctx); err != nil {
		return false, err
	}
	if !adopted {
		if err := c.boot(ctx); err != nil {
			return false, err
		}
	}
	return adopted, c.ensureDatabase(ctx)
}

// URL is the connection string of the database of Nucleo, for its owner role.
func (c *Cluster) URL() string { return c.place.url(role, database) }

// AnalystURL is the connection string of the role of analysts.
func (c *Cluster) AnalystURL() string { return c.place.url(analyst, database) }

// AnalystPsql is the command by which an analyst on this machine reads.
func (c *Cluster) AnalystPsql() string {
	return fmt.Sprintf("psql -h %s -U %s %s", c.place.socketDir, analyst, database)
}

// KeysURL is the connection string of the database of keys, for a role of its
// own: the one of URL may not connect to it.
func (c *Cluster) KeysURL() string { return c.place.url(keys, keys) }

// AdminURL is the connection string of the superuser. It is for tests, which
// make databases, and for repairs.
func (c *Cluster) AdminURL() string { return c.place.url(superuser, "postgres") }

// Pid is the process id of the server.
func (c *Cluster) Pid() int { return int(c.pid.Load()) }

// Release leaves the server running and forgets it; a later Start adopts it.
func (c *Cluster) Release() { c.inUse.release() }

// Stop shuts the server down, unless another process still uses it: the last
// user stops it. When ctx ends first the server is told to quit at once, which
// costs a crash recovery at the next start and no data.
func (c *Cluster) Stop(ctx context.Context) error {
	guard, err := c.place.startLock().acquire(ctx)
	if err != nil {
		return fmt.Errorf("stop postgres in %s: %w", c.place.dir, err)
	}
	defer guard.release()
	if !c.inUse.held() {
		return nil // stopped or released before
	}
	c.inUse.release()
	if last, err := c.inUse.alone(); err != nil || !last {
		return err
	}
	defer c.inUse.release()
	if err := c.shutdown(ctx); err != nil {
		return fmt.Errorf("stop postgres in %s: %w", c.place.dir, err)
	}
	c.log.Info("postgres stopped", "dir", c.place.dir, "pid", c.Pid())
	return nil
}

// Keep watches the server and starts it again whenever it dies, until ctx ends.
// The owner of the cluster runs it in a goroutine it waits for, and stops the
// cluster only afterwards.
func (c *Cluster) Keep(ctx context.Context) error {
	const every = 250 * time.Millisecond
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if alive(c.Pid()) {
			continue
		}
		c.log.Warn("postgres died, starting it again", "dir", c.place.dir, "pid", c.Pid())
		attempt, cancel := context.WithTimeout(ctx, startPatience)
		if _, err := c.start(attempt); err != nil && ctx.Err() == nil {
			c.log.Error("postgres does not start", "dir", c.place.dir, "error", err)
		}
		cancel()
	}
}

func (p place) url(user, database string) string {
	query := url.Values{"host": {p.socketDir}, "port": {port}, "user": {user}, "sslmode": {"disable"}}
	return "postgres:///" + database + "?" + query.Encode()
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
