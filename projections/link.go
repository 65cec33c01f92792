package projections

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// link is a connection of its own, with the statements prepared on it. The
// models that it writes are locked on it.
type link struct {
	conn     *pgx.Conn
	prepared map[string]string // name by SQL
}

var binaryFormat = []int16{1}

// connect opens a connection as the pool does, for writing. A leader whose
// machine is gone loses its locks within about 10 s: both ends look for one
// another.
func connect(ctx context.Context, pool *pgxpool.Pool) (*link, error) {
	config := pool.Config().ConnConfig.Copy()
	for name, value := range map[string]string{
		"synchronous_commit":                  "off", // rows and checkpoint are lost together, and the log has both
		"statement_timeout":                   "0",   // an index takes its time
		"idle_in_transaction_session_timeout": "60s",
		"tcp_keepalives_idle":                 "5",
		"tcp_keepalives_interval":             "2",
		"tcp_keepalives_count":                "3",
		"tcp_user_timeout":                    "10s",
		"application_name":                    "nucleo projections",
		// Statements find rows by key, one at a time, however many they are given:
		// planned once, and not by what tables held at first.
		"plan_cache_mode":  "force_generic_plan",
		"enable_seqscan":   "off",
		"enable_hashjoin":  "off",
		"enable_mergejoin": "off",
	} {
		config.RuntimeParams[name] = value
	}
	config.ConnectTimeout = 5 * time.Second
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 3}}
	config.DialFunc = dialer.DialContext
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to Postgres: %w", err)
	}
	return &link{conn: conn, prepared: map[string]string{}}, nil
}

// close gives up the connection, and its locks with it.
func (l *link) close() {
	if l == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = l.conn.Close(ctx)
	if !l.conn.PgConn().IsClosed() {
		return
	}
	select {
	case <-l.conn.PgConn().CleanupDone():
	case <-ctx.Done():
	}
}

// alive asks the server for an answer.
func (l *link) alive(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return l.conn.Ping(ctx)
}

func (l *link) statement(ctx context.Context, sql string) (string, error) {
	if name, ok := l.prepared[sql]; ok {
		return name, nil
	}
	name := fmt.Sprint("s", len(l.prepared))
	if _, err := l.conn.PgConn().Prepare(ctx, name, sql, nil); err != nil {
		return "", err
	}
	l.prepared[sql] = name
	return name, nil
}

// pipeline is statements that go to Postgres in one round trip, and outside a
// transaction are one.
type pipeline struct {
	link  *link
	batch pgconn.Batch
	owner []*model // whose statement it is, or nil
	rows  []func(row [][]byte)
}

func (p *pipeline) add(ctx context.Context, owner *model, s statement, row func([][]byte)) error {
	name, err := p.link.statement(ctx, s.sql)
	if err != nil {
		return blame(owner, err)
	}
	p.batch.ExecPrepared(name, s.params, binaryFormat, binaryFormat)
	p.owner, p.rows = append(p.owner, owner), append(p.rows, row)
	return nil
}

// run sends the statements and reads the answers.
func (p *pipeline) run(ctx context.Context) error {
	if len(p.owner) == 0 {
		return nil
	}
	results := p.link.conn.PgConn().ExecBatch(ctx, &p.batch)
	n := 0
	for ; results.NextResult(); n++ {
		r := results.ResultReader()
		for r.NextRow() {
			if p.rows[n] != nil {
				p.rows[n](r.Values())
			}
		}
		if _, err := r.Close(); err != nil {
			_ = results.Close()
			return blame(p.owner[n], err)
		}
	}
	if err := results.Close(); err != nil {
		return blame(p.owner[min(n, len(p.owner)-1)], err)
	}
	return nil
}

// inTransaction runs f between BEGIN and COMMIT.
func (l *link) inTransaction(ctx context.Context, f func() error, beforeCommit func() error) error {
	if _, err := l.conn.Exec(ctx, "BEGIN"); err != nil {
		return err
	}
	err := f()
	if err == nil {
		err = beforeCommit()
	}
	if err == nil {
		_, err = l.conn.Exec(ctx, "COMMIT")
		return err
	}
	if !l.conn.IsClosed() {
		_, undone := l.conn.Exec(context.WithoutCancel(ctx), "ROLLBACK")
		err = errors.Join(err, undone)
	}
	return err
}

// copy sends rows by COPY: the fastest way for many.
func (l *link) copy(ctx context.Context, sql string, rows io.Reader) error {
	_, err := l.conn.PgConn().CopyFrom(ctx, rows, sql)
	return err
}
