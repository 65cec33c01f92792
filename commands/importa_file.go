package commands

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"

	"nucleo/domain"
	"nucleo/domain/importazione"
)

// fallita ends an import before its end.
type fallita struct {
	esito  importazione.Stato
	motivo string // for whoever sent the file
	causa  error  // for the log; nil when the file is to blame
}

func (f *fallita) Error() string { return f.motivo }
func (f *fallita) Unwrap() error { return f.causa }

var errAlterato = errors.New("the file kept is not the one that was received")

func illeggibile(err error) error {
	return &fallita{importazione.Fallita, "the file kept on the server can no longer be read: send it again", err}
}

// intatto makes sure that the file is still the one that was checked.
func (c *corsa) intatto(ctx context.Context) error {
	return c.conFile(func(f io.Reader) error {
		h := sha256.New()
		if _, err := io.Copy(h, lettore{ctx, f}); err != nil {
			return err
		}
		if domain.Digest(h.Sum(nil)) != c.stato.Impronta {
			return illeggibile(errAlterato)
		}
		return nil
	})
}

// lettore stops reading when ctx ends.
type lettore struct {
	ctx context.Context
	r   io.Reader
}

func (l lettore) Read(p []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	return l.r.Read(p)
}

// erroreLettura tells a file that cannot be read from what else may fail.
type erroreLettura struct{ error }

func (c *corsa) conFile(f func(io.Reader) error) error {
	file, err := c.apri()
	if err != nil {
		return illeggibile(err)
	}
	err = f(file)
	if chiusura := file.Close(); err == nil && chiusura != nil {
		err = erroreLettura{chiusura}
	}
	var lettura erroreLettura
	if errors.As(err, &lettura) {
		return illeggibile(err)
	}
	return err
}
