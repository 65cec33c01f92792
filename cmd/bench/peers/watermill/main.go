// Command watermill publishes to PostgreSQL by watermill-sql, for the benchmark. It is a module of its own, so that
// what it needs is not what Nucleo needs. Arguments: the URL of an empty database, the number of clients, the bytes of
// a message. For each line on standard input, a time in milliseconds, it publishes for so long and answers
// "<published> <milliseconds>".
//
// A message queue has no versions of streams to check: it does less than an event store.
package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	watermillsql "github.com/ThreeDotsLabs/watermill-sql/v3/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
	_ "github.com/jackc/pgx/v5/stdlib"
)

const topic = "casi"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "watermill:", err)
		os.Exit(1)
	}
}

func run() (err error) {
	clients, err := strconv.Atoi(os.Args[2])
	if err != nil {
		return err
	}
	size, err := strconv.Atoi(os.Args[3])
	if err != nil {
		return err
	}
	db, err := sql.Open("pgx", os.Args[1])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(clients)
	db.SetMaxIdleConns(clients)
	schema := watermillsql.DefaultPostgreSQLSchema{}
	for _, q := range schema.SchemaInitializingQueries(topic) { // by the publisher itself, clients race for it
		if _, err := db.Exec(q.Query, q.Args...); err != nil {
			return err
		}
	}
	publisher, err := watermillsql.NewPublisher(db, watermillsql.PublisherConfig{SchemaAdapter: schema}, watermill.NopLogger{})
	if err != nil {
		return err
	}
	payload := []byte(`{"text":"` + string(bytes.Repeat([]byte{'x'}, size-len(`{"text":""}`))) + `"}`)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		ms, err := strconv.Atoi(in.Text())
		if err != nil {
			return err
		}
		n, took, err := publish(publisher, clients, payload, time.Duration(ms)*time.Millisecond)
		if err != nil {
			return err
		}
		fmt.Println(n, float64(took.Microseconds())/1000)
	}
	return nil
}

func publish(to *watermillsql.Publisher, clients int, payload []byte, d time.Duration) (int64, time.Duration, error) {
	var n atomic.Int64
	errs := make([]error, clients)
	var all sync.WaitGroup
	begun := time.Now()
	for c := range clients {
		all.Go(func() {
			for errs[c] == nil && time.Since(begun) < d {
				if errs[c] = to.Publish(topic, message.NewMessage(watermill.NewUUID(), payload)); errs[c] == nil {
					n.Add(1)
				}
			}
		})
	}
	all.Wait()
	return n.Load(), time.Since(begun), errors.Join(errs...)
}
