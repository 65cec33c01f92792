// Package longtest is what the tests share that `make long` runs in parts: where
// their seeds begin, how many rounds they do, and how they say what they counted.
package longtest

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// The environment of a part: cmd/prove sets it.
const (
	longEnv   = "NUCLEO_LONG"   // not empty: the long tests run
	seedEnv   = "NUCLEO_SEED"   // the first seed; those before it were used
	roundsEnv = "NUCLEO_ROUNDS" // how many seeds there are
)

// Long reports whether the long tests were asked for.
func Long() bool { return os.Getenv(longEnv) != "" }

// Seeds are those that a test tries: usual ones from 0 on in the normal suite; in a
// part, those that the ledger does not have yet.
func Seeds(t testing.TB, usual, long int) (from, to uint64) {
	t.Helper()
	count := usual
	if Long() {
		count = number(t, roundsEnv, long)
	}
	first := number(t, seedEnv, 0)
	return uint64(first), uint64(first + count)
}

func number(t testing.TB, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		t.Fatalf("%s is %q, not a number", name, text)
	}
	return n
}

// Metric says what a test counted towards a row of the goals, for the ledger:
// names and values in turns.
func Metric(t testing.TB, row string, pairs ...any) {
	t.Helper()
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(&b, " %v=%v", pairs[i], pairs[i+1])
	}
	t.Logf("METRIC %s%s", row, b.String())
}
