package chiavi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"nucleo/internal/durable"
)

// tabelleSalvate are what a backup keeps of the key database.
var tabelleSalvate = []string{"epoche", "chiavi", "distrutte"}

// Salva returns the key database as a backup keeps it: by table. The keys in it
// are wrapped, and open nothing without the KEKs.
func (c *Chiavi) Salva(ctx context.Context) (map[string][]byte, error) {
	salvate := map[string][]byte{}
	err := pgx.BeginTxFunc(ctx, c.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 0`); err != nil {
			return err
		}
		for _, t := range tabelleSalvate {
			var b bytes.Buffer
			if _, err := tx.Conn().PgConn().CopyTo(ctx, &b, "COPY "+t+" TO STDOUT"); err != nil {
				return err
			}
			salvate[t] = b.Bytes()
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("copy the key database: %w", err)
	}
	return salvate, nil
}

// Ripristina puts what Salva returned, as files of a directory, into the
// database of an URL, all of it or nothing. A database that holds keys already
// stays as it is: whose they are is found when it is opened (Apri).
func Ripristina(ctx context.Context, url, dir string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return errors.New("restore the keys: the key database does not answer")
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, tabelle); err != nil {
			return err
		}
		epoche, err := leggiEpoche(ctx, tx)
		if err != nil || len(epoche) > 0 {
			return err
		}
		for _, t := range tabelleSalvate {
			f, err := os.Open(filepath.Join(dir, t))
			if err != nil {
				return err
			}
			_, err = tx.Conn().PgConn().CopyFrom(ctx, f, "COPY "+t+" FROM STDIN")
			if err := errors.Join(err, f.Close()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("restore the keys: %w", err)
	}
	return nil
}

// KEK are the files of the key-encryption keys that a directory holds, by name.
func KEK(dir string) (map[string][]byte, error) {
	found, err := filepath.Glob(filepath.Join(dir, "kek-*"))
	if err != nil {
		return nil, err
	}
	file := map[string][]byte{}
	for _, f := range found {
		if file[filepath.Base(f)], err = os.ReadFile(f); err != nil {
			return nil, err
		}
	}
	return file, nil
}

// RipristinaKEK writes the files of key-encryption keys that are missing in a directory.
func RipristinaKEK(dir string, file map[string][]byte) error {
	if err := prepara(dir); err != nil {
		return err
	}
	for nome, b := range file {
		f, err := os.OpenFile(filepath.Join(dir, nome), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err == nil {
			_, err = f.Write(b)
			err = errors.Join(err, f.Sync(), f.Close())
		}
		if err != nil {
			return err
		}
	}
	return durable.SyncDir(dir)
}
