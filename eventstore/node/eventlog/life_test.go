package eventlog_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"

	"nucleo/eventstore/node/eventlog"
)

// lifeEnv makes the test binary a process that lives with a log for a while; lifeSeed
// says how.
const (
	lifeEnv  = "NUCLEO_EVENTLOG_LIFE"
	lifeSeed = "NUCLEO_EVENTLOG_LIFE_SEED"
)

// marksFile is where it writes what it tries, and what was answered.
const marksFile = "marks"

// lives opens a log, appends to it from some goroutines, and closes it or not; more than
// once. What it tries and what is answered, it marks.
func lives(dir string) {
	var seed, part uint64
	if _, err := fmt.Sscan(os.Getenv(lifeSeed), &seed, &part); err != nil {
		panic(err)
	}
	r := rand.New(rand.NewPCG(seed, part))
	marks, err := os.OpenFile(filepath.Join(dir, marksFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	opts := eventlog.Options{Readers: 1, Journal: 2 << 10 << r.IntN(4), WAL: 16 << 10 << r.IntN(4), Tail: 2 << r.IntN(6)}
	for left := r.IntN(3); ; left-- {
		l, err := eventlog.Open(filepath.Join(dir, "events.db"), opts)
		if err != nil {
			fmt.Println("not opened:", err)
			os.Exit(1)
		}
		var all sync.WaitGroup
		for worker := range 1 + r.IntN(3) {
			own := rand.New(rand.NewPCG(r.Uint64(), part))
			all.Go(func() { someBatches(l, marks, fmt.Sprintf("w%d", worker), own) })
		}
		all.Wait()
		if left == 0 && r.IntN(2) == 0 {
			return // without a word
		}
		if err := l.Close(); err != nil {
			fmt.Println("not closed:", err)
			os.Exit(1)
		}
		if left == 0 {
			return
		}
	}
}

func someBatches(l *eventlog.Log, marks *os.File, stream string, r *rand.Rand) {
	for range 1 + r.IntN(8) {
		batch := proposed(1 + r.IntN(4))
		for i := range batch {
			batch[i].Data = fmt.Appendf(nil, "%s/%d/%d", batch[0].ID, i, len(batch))
			if r.IntN(8) == 0 { // in many sectors, or more than the journal holds
				batch[i].Metadata = make([]byte, r.IntN(9000))
			}
		}
		fmt.Fprintln(marks, "try", batch[0].ID)
		result, err := l.Append(context.Background(), stream, eventlog.Any, batch)
		if err != nil {
			fmt.Println("not appended:", err)
			os.Exit(3)
		}
		fmt.Fprintln(marks, "ack", stream, result.Revision, batch[0].ID, len(batch))
		if r.IntN(6) == 0 { // moves what was answered to the table
			if err := l.Verify(context.Background(), nil); err != nil {
				fmt.Println("not whole:", err)
				os.Exit(4)
			}
		}
	}
}
