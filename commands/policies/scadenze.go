package policies

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Scaduti answers which cases have a clock that ran out, as a read model knows
// them. The answer may name too many: the case decides.
type Scaduti interface {
	// AttendiTutto waits until the answers follow all that the log holds now.
	AttendiTutto(ctx context.Context) error
	// DaRegistrare are cases, at most n and after a given one by their ids, of
	// which a clock ran out before a day and that was not noted.
	DaRegistrare(ctx context.Context, il giorno.Giorno, dopo id.Caso, n int) ([]id.Caso, error)
}

// Scadenze notes the clocks that ran out, each day where the service is. It
// does not follow the log but the calendar, with a bookmark of its own: the
// last day that it finished. Asked again it changes nothing, so it may be
// killed anywhere, and several replicas may do the same day at one time: what
// one has noted the other finds in the stream. A clock of the machine that jumps
// ahead makes it catch up day by day; one that jumps back makes it look at a day
// again.
type Scadenze struct {
	Comandi    *commands.Service
	Casi       Scaduti
	Segnalibri Segnalibri
	Adesso     func() time.Time
	Zona       *time.Location
}

const (
	nomeScadenze = "scadenze"
	casiInsieme  = 500 // that are asked for at one time
)

// spazioScadenze is the namespace of the ids of its commands.
var spazioScadenze = uuid.MustParse("8c1de0a4-52d5-5b0e-9d0c-6f4b8f5e7a31")

// Oggi is the day where the service is.
func (s Scadenze) Oggi() giorno.Giorno { return giorno.Di(s.Adesso().In(s.Zona)) }

// Registra notes the clocks that had run out before today, and before each day
// since the last that was finished: a clock that time alone has stopped since
// ran out all the same. It stops at the first day that it cannot finish.
func (s Scadenze) Registra(ctx context.Context) error {
	oggi := s.Oggi()
	fatto, found, err := s.Segnalibri.Leggi(ctx, nomeScadenze)
	if err != nil {
		return fmt.Errorf("policy %s: %w", nomeScadenze, err)
	}
	il := oggi
	if found && giorno.Giorno(fatto) < oggi {
		il = giorno.Giorno(fatto) + 1
	}
	for ; il <= oggi; il++ {
		err := s.giorno(ctx, il)
		if err == nil {
			err = s.Segnalibri.Sposta(ctx, nomeScadenze, uint64(il))
		}
		if err != nil {
			return fmt.Errorf("policy %s on %s: %w", nomeScadenze, il, err)
		}
	}
	return nil
}

// giorno notes what had run out before one day. A case that cannot be read
// does not keep the others waiting, but the day is not finished.
func (s Scadenze) giorno(ctx context.Context, il giorno.Giorno) (err error) {
	if err := s.Casi.AttendiTutto(ctx); err != nil {
		return err
	}
	for ultimo := (id.Caso{}); ; {
		casi, perso := s.Casi.DaRegistrare(ctx, il, ultimo, casiInsieme)
		if perso != nil {
			return errors.Join(err, perso)
		}
		for _, c := range casi {
			if _, perso := s.Comandi.RegistraScadenze(ctx, s.richiesta(il, c), c, il); perso != nil {
				err = errors.Join(err, fmt.Errorf("case %s: %w", c, perso))
			}
			if ctx.Err() != nil {
				return err
			}
			ultimo = c
		}
		if len(casi) < casiInsieme {
			return err
		}
	}
}

// richiesta asks about a case on a day: asked again, it is the same command.
func (s Scadenze) richiesta(il giorno.Giorno, c id.Caso) commands.Request {
	return commands.Request{
		Comando: uuid.NewSHA1(spazioScadenze, []byte(il.String()+"/"+c.String())), Impronta: nomeScadenze,
		Attore: domain.Scadenze, Canale: domain.Sistema, Adesso: s.Adesso(),
	}
}
