package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Peers are the event stores and queues on PostgreSQL that others use, from
// their own packages, on the same server as ours: see peers/.

// peer is one of them: a subject, and what counts the events that it has.
type peer struct {
	subject
	appended int64
	count    func(context.Context) (int64, error)
	close    func() error
}

// peers are all of them: message-db first.
func (b *bench) peers(ctx context.Context, d time.Duration) (all []*peer, err error) {
	for _, begin := range []func(context.Context, time.Duration) (*peer, error){b.messageDB, b.emmett, b.watermillSQL} {
		p, err := begin(ctx, d)
		if err != nil {
			for _, p := range all {
				err = errors.Join(err, p.close())
			}
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// peersDir is where their packages are named, from the root of the source.
const peersDir = "cmd/bench/peers"

// installPeers fetches the packages of npm, at the versions of the lock file.
func (b *bench) installPeers(ctx context.Context) (dir string, err error) {
	dir = filepath.Join(b.dir, "peers")
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	if err := os.CopyFS(dir, os.DirFS(peersDir)); err != nil {
		return "", fmt.Errorf("run the benchmark from the root of the source: %w", err)
	}
	install := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		_ = os.RemoveAll(dir)
		return "", fmt.Errorf("npm ci of the peers: %w\n%s", err, out)
	}
	return dir, nil
}

// messageDBFiles are the SQL of message-db that appending needs, in the order of its install.sh.
var messageDBFiles = strings.Fields(`
	schema/message-store extensions/pgcrypto tables/messages types/message
	functions/message-store-version functions/hash-64 functions/acquire-lock functions/category functions/is-category functions/id
	functions/cardinal-id functions/stream-version functions/write-message
	indexes/messages-id indexes/messages-stream indexes/messages-category`)

// messageDB appends by write_message of message-db, its SQL installed as its
// package has it, by 32 connections.
func (b *bench) messageDB(ctx context.Context, d time.Duration) (*peer, error) {
	dir, err := b.installPeers(ctx)
	if err != nil {
		return nil, err
	}
	pool, err := b.peerPool(ctx, "message_store,public")
	if err != nil {
		return nil, err
	}
	for _, name := range messageDBFiles {
		sql, err := os.ReadFile(filepath.Join(dir, "node_modules/@eventide/message-db/database", name+".sql"))
		if err == nil {
			_, err = pool.Exec(ctx, string(sql), pgx.QueryExecModeSimpleProtocol)
		}
		if err != nil {
			pool.Close()
			return nil, fmt.Errorf("message-db, %s: %w", name, err)
		}
	}
	data := `{"text":"` + strings.Repeat("x", payload-len(`{"text":""}`)) + `"}`
	p := &peer{count: counting(pool, "messages"), close: func() error { pool.Close(); return nil }}
	p.subject = subject{"message-db, 32 clients", func(ctx context.Context) (float64, error) {
		n, took, err := together(ctx, 32, d, inStreams(func(ctx context.Context, stream string, revision int64) error {
			_, err := pool.Exec(ctx, `SELECT write_message($1, $2, 'CasoAssegnato', $3, NULL, $4)`, uuid.NewString(), stream, data, revision)
			return err
		}))
		p.appended += int64(n)
		return rate(n, took), err
	}}
	return p, nil
}

// emmett appends by emmett's store of PostgreSQL, in a Node.js process.
func (b *bench) emmett(ctx context.Context, d time.Duration) (*peer, error) {
	dir, err := b.installPeers(ctx)
	if err != nil {
		return nil, err
	}
	pool, err := b.peerPool(ctx, "public")
	if err != nil {
		return nil, err
	}
	return b.child(ctx, "emmett, 32 clients", pool, "emt_messages WHERE is_archived = false", d, dir, "node", "emmett.mjs", pool.Config().ConnString(), "32", fmt.Sprint(payload), fmt.Sprint(perStream))
}

// watermillSQL publishes by watermill-sql, which checks no version.
func (b *bench) watermillSQL(ctx context.Context, d time.Duration) (*peer, error) {
	program := filepath.Join(b.dir, "watermill")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, ".")
	build.Dir = filepath.Join(peersDir, "watermill")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build watermill-sql: %w\n%s", err, out)
	}
	pool, err := b.peerPool(ctx, "public")
	if err != nil {
		return nil, err
	}
	return b.child(ctx, "watermill-sql, 32 clients, no version check", pool, "watermill_casi", d, b.dir, program, pool.Config().ConnString(), "32", fmt.Sprint(payload))
}

// peerPool is a new database of the same server, where peers may do all.
func (b *bench) peerPool(ctx context.Context, path string) (*pgxpool.Pool, error) {
	own, err := b.database(ctx)
	if err != nil {
		return nil, err
	}
	name, err := url.Parse(own)
	if err != nil {
		return nil, err
	}
	admin, err := url.Parse(b.cluster.AdminURL())
	if err != nil {
		return nil, err
	}
	admin.Path = name.Path
	config, err := pgxpool.ParseConfig(strings.Replace(admin.String(), "postgres:/"+admin.Path, "postgres://"+admin.Path, 1))
	if err != nil {
		return nil, err
	}
	config.MaxConns = 32
	config.ConnConfig.RuntimeParams["search_path"] = path
	return pgxpool.NewWithConfig(ctx, config)
}

// child is a peer that runs in a program of its own: it is told how long to
// append, and says how much it did.
func (b *bench) child(ctx context.Context, name string, pool *pgxpool.Pool, table string, d time.Duration, dir, program string, args ...string) (*peer, error) {
	run := exec.CommandContext(ctx, program, args...)
	run.Dir, run.Stderr = dir, os.Stderr
	in, err := run.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := run.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := run.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(out)
	p := &peer{count: counting(pool, table), close: func() error {
		pool.Close()
		return errors.Join(in.Close(), run.Wait())
	}}
	p.subject = subject{name, func(context.Context) (float64, error) {
		if _, err := fmt.Fprintln(in, d.Milliseconds()); err != nil {
			return 0, err
		}
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return 0, fmt.Errorf("%s ended: see above", name)
		}
		var n int64
		var ms float64
		if _, err := fmt.Sscan(line, &n, &ms); err != nil {
			return 0, fmt.Errorf("%s said %q: %w", name, line, err)
		}
		p.appended += n
		return float64(n) / ms * 1000, nil
	}}
	return p, nil
}

func counting(pool *pgxpool.Pool, table string) func(context.Context) (int64, error) {
	return func(ctx context.Context) (n int64, err error) {
		return n, pool.QueryRow(ctx, "SELECT count(*) FROM "+table).Scan(&n)
	}
}

// verified holds what peers said they appended against what they have, and ends them.
func verified(ctx context.Context, peers ...*peer) (err error) {
	for _, p := range peers {
		n, counted := p.count(ctx)
		if counted == nil && n != p.appended {
			counted = fmt.Errorf("%s: %d events were appended, and %d are there", p.name, p.appended, n)
		}
		err = errors.Join(err, counted, p.close())
	}
	return err
}
