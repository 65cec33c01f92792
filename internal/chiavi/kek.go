package chiavi

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/google/uuid"

	"nucleo/eventstore/sealing"
	"nucleo/internal/durable"
)

// busta is a KEK: it wraps keys.
type busta struct {
	aead     cipher.AEAD
	impronta []byte // by which the database knows it
	epoca    int
}

func nuovaBusta(kek []byte, epoca int) (busta, error) {
	block, err := aes.NewCipher(kek)
	if err != nil {
		return busta{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	mac := hmac.New(sha256.New, kek)
	mac.Write([]byte("nucleo-kek-v1"))
	return busta{aead, mac.Sum(nil), epoca}, err
}

// legato is what a wrapped key is bound to: it is that one's, under this KEK.
func (b busta) legato(kid uuid.UUID) []byte {
	return binary.BigEndian.AppendUint32(append([]byte("nucleo-dek-v1"), kid[:]...), uint32(b.epoca))
}

func (b busta) chiudi(kid uuid.UUID, secret sealing.Secret) []byte {
	return b.aead.Seal(nil, nil, secret[:], b.legato(kid))
}

func (b busta) apri(kid uuid.UUID, dek []byte) (secret sealing.Secret, err error) {
	plain, err := b.aead.Open(nil, nil, dek, b.legato(kid))
	if err != nil || len(plain) != len(secret) {
		return secret, fmt.Errorf("the key %s is damaged in the key database: restore its backup", kid)
	}
	return sealing.Secret(plain), nil
}

// The files of the KEKs: kek-0001 and so on. One that the database may not
// know of yet ends with .nuova.
func nome(dir string, epoca int) string {
	return filepath.Join(dir, fmt.Sprintf("kek-%04d", epoca))
}

const nuova = ".nuova"

// prepara makes the directory of the KEKs, which is nobody else's to see.
func prepara(dir string) error {
	if err := durable.MakeDir(dir, 0o700); err != nil {
		return fmt.Errorf("directory of the KEKs: %w", err)
	}
	return privato(dir, 0o077)
}

// privato refuses what belongs to somebody else, or is open to others.
func privato(path string, aperto fs.FileMode) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && int(owner.Uid) != os.Geteuid() {
		return fmt.Errorf("%s belongs to uid %d, and this process is uid %d: a KEK is read by its owner alone", path, owner.Uid, os.Geteuid())
	}
	if info.Mode().Perm()&aperto != 0 {
		return fmt.Errorf("%s is open to others (%s): chmod go= %s", path, info.Mode().Perm(), path)
	}
	return nil
}

// usate reports whether a directory holds a KEK that a database knows of.
func usate(dir string) (bool, error) {
	found, err := filepath.Glob(filepath.Join(dir, "kek-*"))
	for _, f := range found {
		if !strings.HasSuffix(f, nuova) {
			return true, err
		}
	}
	return false, err
}

// leggi reads the file of a KEK.
func leggi(path string, epoca int) (busta, error) {
	if err := privato(path, 0o077); err != nil {
		return busta{}, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return busta{}, err
	}
	kek, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(kek) != 32 {
		return busta{}, fmt.Errorf("%s is damaged: restore its backup", path)
	}
	return nuovaBusta(kek, epoca)
}

// genera writes a new KEK under the name of what the database does not know
// yet, or takes the one that was left there.
func genera(dir string, epoca int) (busta, error) {
	path := nome(dir, epoca) + nuova
	if b, err := leggi(path, epoca); err == nil {
		return b, nil
	}
	kek := make([]byte, 32)
	_, _ = rand.Read(kek)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return busta{}, err
	}
	_, err = fmt.Fprintf(f, "%x\n", kek)
	if err := errors.Join(err, f.Sync(), f.Close(), durable.SyncDir(dir)); err != nil {
		return busta{}, fmt.Errorf("write %s: %w", path, err)
	}
	return nuovaBusta(kek, epoca)
}

// conferma gives a KEK its name, once the database knows of it. Whoever finds
// it without its name does so: another process may have come first.
func conferma(dir string, epoca int) error {
	err := os.Rename(nome(dir, epoca)+nuova, nome(dir, epoca))
	if errors.Is(err, fs.ErrNotExist) {
		_, err = os.Stat(nome(dir, epoca))
	}
	if err != nil {
		return err
	}
	return durable.SyncDir(dir)
}

// prendi reads the KEK of an epoch that the database knows.
func (c *Chiavi) prendi(e Epoca) error {
	b, err := leggi(nome(c.dir, e.Numero), e.Numero)
	if errors.Is(err, fs.ErrNotExist) {
		if b, err = leggi(nome(c.dir, e.Numero)+nuova, e.Numero); err == nil && bytes.Equal(b.impronta, e.impronta) {
			err = conferma(c.dir, e.Numero) // a stop came between
		} else if errors.Is(err, fs.ErrNotExist) {
			b, err = leggi(nome(c.dir, e.Numero), e.Numero) // named between the two looks
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && e.Ritirata != nil:
		return nil // it wraps nothing any more
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the key-encryption key %s is not there: restore its backup, without it nothing sealed can be read", nome(c.dir, e.Numero))
	case err != nil:
		return err
	case !bytes.Equal(b.impronta, e.impronta):
		return fmt.Errorf("%s is not the key-encryption key that this key database was made with: restore the two together", nome(c.dir, e.Numero))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kek[e.Numero], c.epoca = b, max(c.epoca, e.Numero)
	return nil
}

// bustaDi is the KEK of an epoch; false when this process has not read it.
func (c *Chiavi) bustaDi(epoca int) (busta, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b, has := c.kek[epoca]
	return b, has
}

func (c *Chiavi) apriDEK(kid uuid.UUID, dek []byte, epoca int) (sealing.Secret, error) {
	b, has := c.bustaDi(epoca)
	if !has {
		return sealing.Secret{}, fmt.Errorf("the key-encryption key %s is not there", nome(c.dir, epoca))
	}
	return b.apri(kid, dek)
}
