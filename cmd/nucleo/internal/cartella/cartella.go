// Package cartella is the data directory of an installation: what is in it,
// and which format it has.
package cartella

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"nucleo/internal/durable"
)

// formato is what this program writes in a data directory, and all that it
// knows how to read.
const formato = "nucleo 1"

// Cartella is an open data directory.
type Cartella struct{ Dir string }

// ErrFormato says that another version of the program wrote the directory.
type ErrFormato struct{ Dir, Trovato string }

func (e *ErrFormato) Error() string {
	return fmt.Sprintf("the data directory %s has format %q, and this program knows only %q: use the version of nucleo that wrote it, or restore a backup into an empty directory", e.Dir, e.Trovato, formato)
}

// Apri opens a data directory, and makes it when it is not there. A directory
// that holds something else, or has another format, is refused untouched.
func Apri(dir string) (Cartella, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Cartella{}, err
	}
	if err := durable.MakeDir(dir, 0o711); err != nil {
		return Cartella{}, fmt.Errorf("data directory: %w", err)
	}
	c := Cartella{dir}
	found, err := os.ReadFile(c.File("FORMATO"))
	switch {
	case err == nil && strings.TrimSpace(string(found)) != formato:
		return Cartella{}, &ErrFormato{dir, strings.TrimSpace(string(found))}
	case err == nil:
		return c, nil
	case !errors.Is(err, fs.ErrNotExist):
		return Cartella{}, fmt.Errorf("data directory: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return Cartella{}, fmt.Errorf("data directory: %w", err)
	}
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), "FORMATO.") }) // of a program killed at its first start
	if len(entries) > 0 {
		return Cartella{}, fmt.Errorf("the directory %s is not empty and is no data directory of nucleo: name another with --data or NUCLEO_DATA", dir)
	}
	return c, c.scrivi("FORMATO", []byte(formato+"\n"))
}

// Esiste reports whether a directory is a data directory.
func Esiste(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "FORMATO"))
	return err == nil
}

// File is the path of something in the directory.
func (c Cartella) File(nome ...string) string {
	return filepath.Join(append([]string{c.Dir}, nome...)...)
}

// Segreto is the secret of the installation, made at first use. It names
// operators and keys ETags: it belongs to the backup, and replicas share it.
func (c Cartella) Segreto() ([]byte, error) {
	segreto, err := os.ReadFile(c.File("segreto"))
	if errors.Is(err, fs.ErrNotExist) {
		segreto = make([]byte, 32)
		_, _ = rand.Read(segreto)
		return segreto, c.scrivi("segreto", segreto)
	}
	if err != nil {
		return nil, fmt.Errorf("installation secret: %w", err)
	}
	if len(segreto) < 32 {
		return nil, fmt.Errorf("the installation secret %s is too short: restore it from the backup", c.File("segreto"))
	}
	return segreto, nil
}

// Segreti are the files that make the installation what it is and that nobody
// can make anew, by their names: all that lie at the top of the directory, the
// format with them. They belong into a backup, as the log does.
func (c Cartella) Segreti() (map[string][]byte, error) {
	voci, err := os.ReadDir(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	segreti := map[string][]byte{}
	for _, v := range voci {
		if !v.Type().IsRegular() {
			continue
		}
		if segreti[v.Name()], err = os.ReadFile(c.File(v.Name())); err != nil {
			return nil, fmt.Errorf("data directory: %w", err)
		}
	}
	return segreti, nil
}

// Ricorda keeps a text under a name, the first time, and returns what is kept:
// the text of the first time.
func (c Cartella) Ricorda(nome, testo string) (string, error) {
	kept, err := os.ReadFile(c.File(nome))
	if errors.Is(err, fs.ErrNotExist) {
		return testo, c.scrivi(nome, []byte(testo+"\n"))
	}
	return strings.TrimSpace(string(kept)), err
}

// scrivi writes a file so that it is there whole or not at all, also after a
// loss of power.
func (c Cartella) scrivi(nome string, contenuto []byte) error {
	f, err := os.CreateTemp(c.Dir, nome+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(contenuto)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), c.File(nome))
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", c.File(nome), err)
	}
	return durable.SyncDir(c.Dir)
}
