package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"

	"nucleo/internal/chiavi"
)

// What a backup calls the keys: they stand in the restored data directory until
// the next start has put them into the key database.
const (
	chiaviCopiate = "chiavi-da-ripristinare"
	kekCopiate    = "kek"
)

// copiaChiavi adds the keys to the secrets of a backup, and the KEKs. It comes
// after the log was copied, so that no key is missing that the log names.
func (i *impianto) copiaChiavi(ctx context.Context, segreti map[string][]byte) error {
	if _, err := os.Stat(i.kek()); errors.Is(err, fs.ErrNotExist) {
		return nil // an installation of before there were keys
	}
	if err := i.apriChiavi(ctx); err != nil {
		return err
	}
	tabelle, err := i.chiavi.Salva(ctx)
	if err != nil {
		return err
	}
	kek, err := chiavi.KEK(i.kek())
	for nome, b := range tabelle {
		segreti[path.Join(chiaviCopiate, nome)] = b
	}
	for nome, b := range kek {
		segreti[path.Join(kekCopiate, nome)] = b
	}
	return err
}

// ripristinaChiavi puts the keys of a restored backup into the key database.
// Interrupted, it is done at the next start.
func (i *impianto) ripristinaChiavi(ctx context.Context, url string) error {
	copiate := i.cartella.File(chiaviCopiate)
	if _, err := os.Stat(copiate); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if i.config.KEK != "" {
		kek, err := chiavi.KEK(i.cartella.File(kekCopiate))
		if err == nil {
			err = chiavi.RipristinaKEK(i.config.KEK, kek)
		}
		if err != nil {
			return err
		}
	}
	if err := chiavi.Ripristina(ctx, url, copiate); err != nil {
		return err
	}
	return os.RemoveAll(copiate)
}
