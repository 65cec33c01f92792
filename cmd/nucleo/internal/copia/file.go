package copia

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
)

// chiudi writes what from yields to a file of the backup: compressed, then
// encrypted to recipients, if there are any.
func chiudi(ctx context.Context, path string, a []age.Recipient, from io.Reader) (c Contenuto, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	conta := &contato{w: f, hash: sha256.New()}
	buffered := bufio.NewWriterSize(conta, 1<<20)
	var fuori io.WriteCloser = nopCloser{buffered}
	if c.Cifrato = len(a) > 0; c.Cifrato {
		if fuori, err = age.Encrypt(buffered, a...); err != nil {
			return c, fmt.Errorf("encrypt: %w", err)
		}
	}
	compresso, err := gzip.NewWriterLevel(fuori, gzip.BestSpeed)
	if err != nil {
		return c, err
	}
	_, err = io.Copy(compresso, fermabile{ctx, from})
	if err = errors.Join(err, compresso.Close(), fuori.Close(), buffered.Flush(), f.Sync()); err != nil {
		return c, fmt.Errorf("write %s: %w", path, err)
	}
	c.Byte, c.SHA256 = conta.n, hex.EncodeToString(conta.hash.Sum(nil))
	return c, nil
}

// leggi hands a file of the backup to each, decrypted and decompressed, and says
// at the end whether it was what the manifest says: until then nothing that each
// got is sure.
func leggi(ctx context.Context, path string, c Contenuto, chiavi []age.Identity, each func(io.Reader) error) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w (%w)", ErrRovinato, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	somma := sha256.New()
	tutto := io.TeeReader(bufio.NewReaderSize(fermabile{ctx, f}, 1<<20), somma)
	err = svolgi(tutto, c.Cifrato, chiavi, each)
	_, resto := io.Copy(io.Discard, tutto)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if resto != nil || hex.EncodeToString(somma.Sum(nil)) != c.SHA256 {
		return fmt.Errorf("%w: %s", ErrRovinato, filepath.Base(path))
	}
	return err
}

// svolgi decrypts and decompresses.
func svolgi(from io.Reader, cifrato bool, chiavi []age.Identity, each func(io.Reader) error) (err error) {
	if cifrato {
		if len(chiavi) == 0 {
			return ErrSenzaIdentita
		}
		if from, err = age.Decrypt(from, chiavi...); err != nil {
			return fmt.Errorf("%w (%w)", ErrAltraIdentita, err)
		}
	}
	piano, err := gzip.NewReader(from)
	if err != nil {
		return fmt.Errorf("%w (%w)", ErrRovinato, err)
	}
	return each(piano)
}

// What keeps an encrypted backup shut.
var (
	ErrSenzaIdentita = errors.New("this backup is encrypted: name the file with the key of a recipient by --identita")
	ErrAltraIdentita = errors.New("this backup was not encrypted to the key that was named")
)

type contato struct {
	w    io.Writer
	n    int64
	hash hash.Hash
}

func (c *contato) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	_, _ = c.hash.Write(p[:n])
	return n, err
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// fermabile ends a long copy when its context ends.
type fermabile struct {
	ctx  context.Context
	from io.Reader
}

func (f fermabile) Read(p []byte) (int, error) {
	if f.ctx.Err() != nil {
		return 0, context.Cause(f.ctx)
	}
	return f.from.Read(p)
}
