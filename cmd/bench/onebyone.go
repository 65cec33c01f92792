package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/projections/casi"
)

// oneByOne is the plain way to keep read models: a transaction for each event,
// with the row that it changes, its line in the chronology and the checkpoint.
// Transactions are sent without waiting for the one before.
type oneByOne struct {
	conn  *pgxpool.Conn
	name  string
	cases []string
	n     int // transactions, of which each must be found
}

// The tables are like those of the models, with the same indexes.
const oneByOneTables = `
	CREATE SCHEMA %[1]s;
	CREATE TABLE %[1]s.casi (LIKE %[2]s.casi INCLUDING ALL);
	CREATE TABLE %[1]s.cronologia (caso uuid, seq bigint, evento text, a uuid, istante timestamptz, PRIMARY KEY (caso, seq));
	CREATE TABLE %[1]s.avanzamento (proiezione text PRIMARY KEY, posizione bigint NOT NULL);
	INSERT INTO %[1]s.avanzamento VALUES ('casi', 0);
	INSERT INTO %[1]s.casi SELECT * FROM %[2]s.casi;`

var oneByOneStatements = []string{
	`UPDATE %s.casi SET lista = 2, data_assegnazione = now(), versione_assegnazione = versione_assegnazione + 1, posizione = $2::bigint WHERE caso = $1::uuid`,
	`INSERT INTO %s.cronologia VALUES ($1::uuid, $2::bigint, 'ASSEGNAZIONE', $1::uuid, now())`,
	`UPDATE %s.avanzamento SET posizione = $2::bigint WHERE proiezione = 'casi' AND $1::uuid IS NOT NULL`,
}

func (t *tail) oneByOne(ctx context.Context, durable bool) (*oneByOne, error) {
	conn, err := t.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	o := &oneByOne{conn: conn, name: "uno_" + strconv.FormatBool(durable)}
	if err := o.make(ctx, durable); err != nil {
		o.close()
		return nil, err
	}
	return o, nil
}

func (o *oneByOne) make(ctx context.Context, durable bool) error {
	if _, err := o.conn.Exec(ctx, fmt.Sprintf(oneByOneTables, o.name, casi.Projection.ID())); err != nil {
		return err
	}
	if !durable {
		if _, err := o.conn.Exec(ctx, "SET synchronous_commit = off"); err != nil {
			return err
		}
	}
	for k, sql := range oneByOneStatements {
		if _, err := o.conn.Conn().PgConn().Prepare(ctx, o.statement(k), fmt.Sprintf(sql, o.name), nil); err != nil {
			return err
		}
	}
	rows, err := o.conn.Query(ctx, "SELECT caso::text FROM "+o.name+".casi ORDER BY md5(caso::text) LIMIT 5000")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c string
		if err := rows.Scan(&c); err != nil {
			return err
		}
		o.cases = append(o.cases, c)
	}
	return rows.Err()
}

func (o *oneByOne) statement(k int) string { return fmt.Sprintf("%s_%d", o.name, k) }

// close gives up the connection: its settings are its own.
func (o *oneByOne) close() {
	conn := o.conn.Hijack()
	_ = conn.Close(context.Background())
}

// round projects events for a while, 64 transactions under way at a time.
func (o *oneByOne) round(d time.Duration) func(context.Context) (float64, error) {
	return func(ctx context.Context) (float64, error) {
		begun, before := time.Now(), o.n
		for time.Since(begun) < d {
			if err := o.some(ctx, 64); err != nil {
				return 0, err
			}
		}
		took := time.Since(begun)
		return rate(o.n-before, took), o.check(ctx)
	}
}

func (o *oneByOne) some(ctx context.Context, n int) (err error) {
	p := o.conn.Conn().PgConn().StartPipeline(ctx)
	defer func() { err = errors.Join(err, p.Close()) }()
	for range n {
		o.n++
		params := [][]byte{[]byte(o.cases[o.n%len(o.cases)]), []byte(strconv.Itoa(o.n))}
		for k := range oneByOneStatements {
			p.SendQueryPrepared(o.statement(k), params, nil, nil)
		}
		p.SendPipelineSync() // the end of a transaction
	}
	if err := p.Flush(); err != nil {
		return err
	}
	for synced := 0; synced < n; {
		result, err := p.GetResults()
		if err != nil {
			return err
		}
		switch r := result.(type) {
		case *pgconn.ResultReader:
			if _, err := r.Close(); err != nil {
				return err
			}
		case *pgconn.PipelineSync:
			synced++
		}
	}
	return nil
}

// check counts what the transactions have left.
func (o *oneByOne) check(ctx context.Context) error {
	var lines, at int
	err := o.conn.QueryRow(ctx, fmt.Sprintf("SELECT (SELECT count(*) FROM %[1]s.cronologia), (SELECT posizione FROM %[1]s.avanzamento)", o.name)).Scan(&lines, &at)
	if err == nil && (lines != o.n || at != o.n) {
		err = fmt.Errorf("%d transactions left %d lines and a checkpoint of %d", o.n, lines, at)
	}
	return err
}
