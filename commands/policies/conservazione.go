package policies

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/conservazione"
	"nucleo/domain/giorno"
)

// Registri answers which streams of the access log there are.
type Registri interface {
	// AttendiTutto waits until the answers follow all that the log holds now.
	AttendiTutto(ctx context.Context) error
	// Scaduti are the streams of the months after one and up to another, as they
	// stand; those that ended already, too.
	Scaduti(ctx context.Context, dopo, ultimo string) ([]conservazione.Scaduto, error)
}

// Archivio makes streams go away.
type Archivio interface {
	Delete(ctx context.Context, stream string, at domain.Head) error
}

// Conservazione ends the months of the access log that were kept for as long as
// they must be. First an event says that a stream has ended, then the stream
// goes away. The bookmark is the last month of which all is gone, so that after
// a stop between the two the month is gone through again; neither is done twice.
type Conservazione struct {
	Comandi    *commands.Service
	Registri   Registri
	Archivio   Archivio
	Segnalibri Segnalibri
	Adesso     func() time.Time
	Zona       *time.Location
}

const nomeConservazione = "conservazione"

// spazioConservazione is the namespace of the ids of its commands.
var spazioConservazione = uuid.MustParse("f1a7d3b8-0c52-5e19-8b6a-4d9e7c2f5a03")

// Oggi is the day where the service is.
func (c Conservazione) Oggi() giorno.Giorno { return giorno.Di(c.Adesso().In(c.Zona)) }

// Scade ends all that has expired. A stream that cannot be ended does not keep
// the others, but its month is not done.
func (c Conservazione) Scade(ctx context.Context) error {
	ultimo := conservazione.Ultimo(c.Oggi())
	fatto, found, err := c.Segnalibri.Leggi(ctx, nomeConservazione)
	if err != nil {
		return fmt.Errorf("policy %s: %w", nomeConservazione, err)
	}
	dopo := ""
	if found {
		dopo = strconv.FormatUint(fatto, 10)
	}
	if dopo == ultimo {
		return nil
	}
	if dopo > ultimo {
		dopo = "" // the clock had been ahead: what it did not find then may have expired since
	}
	if err := c.Registri.AttendiTutto(ctx); err != nil {
		return fmt.Errorf("policy %s: %w", nomeConservazione, err)
	}
	flussi, err := c.Registri.Scaduti(ctx, dopo, ultimo)
	if err != nil {
		return fmt.Errorf("policy %s: %w", nomeConservazione, err)
	}
	for _, f := range flussi {
		if ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		err = errors.Join(err, c.finisce(ctx, f))
	}
	if err == nil {
		mese, _ := strconv.ParseUint(ultimo, 10, 64) // six digits
		err = c.Segnalibri.Sposta(ctx, nomeConservazione, mese)
	}
	if err != nil {
		return fmt.Errorf("policy %s: %w", nomeConservazione, err)
	}
	return nil
}

func (c Conservazione) finisce(ctx context.Context, f conservazione.Scaduto) error {
	_, err := c.Comandi.ScadeRegistro(ctx, commands.Request{
		Comando: uuid.NewSHA1(spazioConservazione, []byte(f.Flusso)), Impronta: nomeConservazione,
		Attore: domain.Registro, Canale: domain.Sistema, Adesso: c.Adesso(),
	}, f)
	if err == nil {
		err = c.Archivio.Delete(ctx, f.Flusso, domain.Head{Version: uint64(f.Eventi), Self: f.Testa})
	}
	if err != nil {
		return fmt.Errorf("stream %s: %w", f.Flusso, err)
	}
	return nil
}
