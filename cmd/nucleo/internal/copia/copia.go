package copia

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"nucleo/internal/durable"
)

// Luogo is where a backup lies.
type Luogo struct {
	Dir     string // the manifest and the log
	Segreti string // the directory of the secrets; Dir when empty
}

func (l Luogo) segreti() string {
	if l.Segreti == "" {
		return l.Dir
	}
	return l.Segreti
}

// Scrivi makes a backup: of the log in the file at log, and of secrets by their
// names. The directories are made by it and must not be there. Until the
// manifest is written, which comes last, Leggi says that there is no backup.
func Scrivi(ctx context.Context, l Luogo, a []age.Recipient, m Manifesto, log string, segreti map[string][]byte) (Manifesto, error) {
	for _, dir := range l.cartelle() {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return m, fmt.Errorf("backup: %w", err)
		}
	}
	f, err := os.Open(log)
	if err != nil {
		return m, err
	}
	defer func() { _ = f.Close() }()
	m.File = map[string]Contenuto{}
	if m.File[nomeEventi], err = chiudi(ctx, filepath.Join(l.Dir, nomeEventi), a, f); err != nil {
		return m, err
	}
	archivio, fine := io.Pipe()
	go func() { _ = fine.CloseWithError(archivia(fine, m.Quando, segreti)) }()
	m.File[nomeSegreti], err = chiudi(ctx, filepath.Join(l.segreti(), nomeSegreti), a, archivio)
	_ = archivio.Close()
	if err != nil {
		return m, err
	}
	if err := m.scrivi(l.Dir); err != nil {
		return m, err
	}
	for _, dir := range l.cartelle() {
		if err := errors.Join(durable.SyncDir(dir), durable.SyncDir(filepath.Dir(dir))); err != nil {
			return m, err
		}
	}
	return m, nil
}

func (l Luogo) cartelle() []string {
	if l.segreti() == l.Dir {
		return []string{l.Dir}
	}
	return []string{l.Dir, l.Segreti}
}

func archivia(w io.Writer, quando time.Time, segreti map[string][]byte) error {
	t := tar.NewWriter(w)
	for nome, b := range segreti {
		if err := t.WriteHeader(&tar.Header{Name: nome, Mode: 0o600, Size: int64(len(b)), ModTime: quando}); err != nil {
			return err
		}
		if _, err := t.Write(b); err != nil {
			return err
		}
	}
	return t.Close()
}

// Estrai writes the log of a backup to a new file, and returns the secrets. An
// error leaves what it wrote behind.
func Estrai(ctx context.Context, l Luogo, chiavi []age.Identity, log string) (m Manifesto, segreti map[string][]byte, err error) {
	if m, err = Leggi(l.Dir); err != nil {
		return m, nil, err
	}
	f, err := os.OpenFile(log, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return m, nil, err
	}
	err = leggi(ctx, filepath.Join(l.Dir, nomeEventi), m.File[nomeEventi], chiavi, func(r io.Reader) error {
		_, err := io.Copy(f, r)
		return err
	})
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return m, nil, err
	}
	err = leggi(ctx, filepath.Join(l.segreti(), nomeSegreti), m.File[nomeSegreti], chiavi, func(r io.Reader) (err error) {
		segreti, err = sfoglia(tar.NewReader(r))
		return err
	})
	return m, segreti, err
}

// massimoSegreto bounds one secret file: a backup may come from anywhere.
const massimoSegreto = 1 << 30

func sfoglia(t *tar.Reader) (map[string][]byte, error) {
	segreti := map[string][]byte{}
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return segreti, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w (%w)", ErrRovinato, err)
		}
		if h.Typeflag != tar.TypeReg || !filepath.IsLocal(h.Name) || h.Size > massimoSegreto {
			return nil, fmt.Errorf("%w: a secret is called %q", ErrRovinato, h.Name)
		}
		if segreti[h.Name], err = io.ReadAll(t); err != nil {
			return nil, fmt.Errorf("%w (%w)", ErrRovinato, err)
		}
	}
}
