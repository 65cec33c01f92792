// Command endpgtest stops the PostgreSQL cluster that tests share, and removes its
// directory. `make clean` runs it.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"nucleo/internal/postgres/pgtest"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := pgtest.Remove(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "remove the test cluster:", err)
		os.Exit(1)
	}
}
