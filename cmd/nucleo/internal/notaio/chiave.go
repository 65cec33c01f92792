package notaio

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"nucleo/eventstore/sigilli"
	"nucleo/internal/durable"
)

// The files of the keys in the data directory. The secret one is replaced when
// the key is; the others stay, or older seals could not be checked.
const (
	fileSegreto  = "sigillo.chiave"
	filePubblico = "sigillo.verificatori"
)

// Chiavi are what an installation signs its seals with, and what seals are
// checked by: that key, and those before it.
type Chiavi struct {
	Firma      note.Signer // nil where the secret key is not at hand
	Verificano note.Verifiers
	Testi      []string // the public keys, the present one last
}

// Origine is the name of the log, and of its keys.
func (c Chiavi) Origine() string {
	nome, _, _ := strings.Cut(c.Testi[len(c.Testi)-1], "+")
	return nome
}

// ApriChiavi reads the keys of a data directory, and makes the first one.
// Replicas share them, as they do the installation secret.
func ApriChiavi(dir string) (Chiavi, error) {
	_, err := os.Stat(filepath.Join(dir, fileSegreto))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(dir, filePubblico)); err == nil {
			return Chiavi{}, fmt.Errorf("the key of the seals, %s, is not there: restore it from the backup, or begin a new one with nucleo sigilli ruota", filepath.Join(dir, fileSegreto))
		}
		caso := make([]byte, 6)
		_, _ = rand.Read(caso)
		if err := nuova(dir, "nucleo-"+hex.EncodeToString(caso)); err != nil {
			return Chiavi{}, err
		}
	} else if err != nil {
		return Chiavi{}, fmt.Errorf("key of the seals: %w", err)
	}
	c, err := LeggiChiavi(dir)
	if err != nil {
		return c, err
	}
	segreta, err := os.ReadFile(filepath.Join(dir, fileSegreto))
	if err != nil {
		return c, fmt.Errorf("key of the seals: %w", err)
	}
	if c.Firma, err = note.NewSigner(strings.TrimSpace(string(segreta))); err != nil {
		return c, fmt.Errorf("the key of the seals, %s, is not whole: restore it from the backup", filepath.Join(dir, fileSegreto))
	}
	if _, err := c.Verificano.Verifier(c.Firma.Name(), c.Firma.KeyHash()); err != nil {
		return c, fmt.Errorf("the key of the seals, %s, is not among those in %s: restore both from one backup", fileSegreto, filePubblico)
	}
	return c, nil
}

// LeggiChiavi reads the public keys of a data directory.
func LeggiChiavi(dir string) (c Chiavi, err error) {
	b, err := os.ReadFile(filepath.Join(dir, filePubblico))
	if err != nil {
		return c, fmt.Errorf("verifier keys: %w", err)
	}
	for riga := range strings.Lines(string(b)) {
		if riga = strings.TrimSpace(riga); riga != "" {
			c.Testi = append(c.Testi, riga)
		}
	}
	if len(c.Testi) == 0 {
		return c, fmt.Errorf("there is no verifier key in %s: restore it from the backup", filepath.Join(dir, filePubblico))
	}
	c.Verificano, err = sigilli.Chiavi(c.Testi...)
	return c, err
}

// Ruota begins another key. The log keeps its name, and the old key goes on
// vouching for what it signed.
func Ruota(dir string) (Chiavi, error) {
	c, err := LeggiChiavi(dir)
	if err == nil {
		err = nuova(dir, c.Origine())
	}
	if err != nil {
		return Chiavi{}, err
	}
	return ApriChiavi(dir)
}

// nuova makes a key. The public one is there before anything can be signed; one
// that nothing was ever signed with does no harm.
func nuova(dir, origine string) error {
	segreta, pubblica, err := sigilli.NuovaChiave(rand.Reader, origine)
	if err != nil {
		return err
	}
	prima, err := os.ReadFile(filepath.Join(dir, filePubblico))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := scrivi(filepath.Join(dir, filePubblico), append(prima, pubblica+"\n"...), 0o644); err != nil {
		return err
	}
	return scrivi(filepath.Join(dir, fileSegreto), []byte(segreta+"\n"), 0o600)
}

// scrivi writes a file so that it is there whole or not at all.
func scrivi(nome string, contenuto []byte, modo fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(nome), filepath.Base(nome)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(contenuto)
	err = errors.Join(err, f.Chmod(modo), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), nome)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", nome, err), os.Remove(f.Name()))
	}
	return durable.SyncDir(filepath.Dir(nome))
}
