// Package spedizioniere is the dispatcher: it gathers approved segnalazioni into
// flussi, hands these over to INPS, and takes the receipts. It may be stopped
// at any point, by force too, and started again.
//
// What it remembers stands in the streams alone. Each segnalazione is claimed
// on the stream of its case before the first byte goes out; a coordinator who
// annuls writes to the same stream, and one of the two is refused. What was
// claimed and of which nothing is known is sent again under the same id, by
// which INPS knows it. Of several replicas one works at a time (Custode); two
// that did at once would send twice what has one effect.
package spedizioniere

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/inps"
	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/flussoinps"
	"nucleo/domain/giorno"
)

// Elenco says what there is to do, as a read model knows it: a hint.
type Elenco interface {
	Attendi(ctx context.Context, position uint64) error
	DaSpedire(ctx context.Context, limite int) ([]flussoinps.Voce, error)
	FlussiAperti(ctx context.Context) ([]string, error)
	UltimoFlusso(ctx context.Context, g giorno.Giorno) (int, error)
}

// Via is how INPS is reached.
type Via interface {
	Pronta(ctx context.Context) error
	Consegna(ctx context.Context, d inps.Documento) ([]inps.Esito, error)
	Ricevute(ctx context.Context, flussi []string, prendi func(inps.Ricevuta) error) error
}

// Custode lets one replica work at a time. It returns at once, without working,
// when another does.
type Custode interface {
	Solo(ctx context.Context, lavora func(context.Context) error) error
}

// Config is what a dispatcher works with.
type Config struct {
	Comandi *commands.Service
	Elenco  Elenco
	Via     Via
	Custode Custode
	Ogni    time.Duration // between rounds: as long, at least, what is in uscita can be annulled
	Adesso  func() time.Time
	Log     *slog.Logger
}

// Spedizioniere is the dispatcher.
type Spedizioniere struct {
	Config
	ultima uint64            // position of the last event that it wrote
	riposi map[string]riposo // of flussi that could not be sent
	misure misure
}

// riposo is how long a flusso is left alone after a failure.
type riposo struct {
	fino   time.Time
	durata time.Duration
}

const riposoMassimo = 6 * time.Hour

// Nuovo makes a dispatcher.
func Nuovo(c Config) *Spedizioniere { return &Spedizioniere{Config: c, riposi: map[string]riposo{}} }

// Run makes a round every so often until ctx ends.
func (s *Spedizioniere) Run(ctx context.Context) error {
	ogni := time.NewTicker(s.Ogni)
	defer ogni.Stop()
	for {
		if err := s.Custode.Solo(ctx, s.Giro); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "the dispatcher could not do all", "error", err)
		}
		select {
		case <-ogni.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Giro takes the receipts that came, sends the flussi that were gathered
// before, and gathers what was approved since.
func (s *Spedizioniere) Giro(ctx context.Context) error { return s.giudica(s.giro(ctx)) }

func (s *Spedizioniere) giro(ctx context.Context) error {
	if err := s.Elenco.Attendi(ctx, s.ultima); err != nil {
		return err
	}
	aperti, err := s.Elenco.FlussiAperti(ctx)
	if err != nil {
		return err
	}
	errs := []error{s.Via.Ricevute(ctx, aperti, func(r inps.Ricevuta) error { return s.ricevi(ctx, r) })}
	for _, f := range aperti {
		if s.riposi[f].fino.After(s.Adesso()) {
			continue
		}
		if err := s.spedisci(ctx, f); err != nil {
			errs = append(errs, fmt.Errorf("flusso %s: %w", f, err))
			s.riposa(f)
			continue
		}
		delete(s.riposi, f)
	}
	return errors.Join(append(errs, s.raccogli(ctx))...)
}

// riposa leaves a flusso alone for a while, each time for longer.
func (s *Spedizioniere) riposa(f string) {
	durata := min(max(2*s.riposi[f].durata, s.Ogni), riposoMassimo)
	s.riposi[f] = riposo{s.Adesso().Add(durata), durata}
}

// spazio is the namespace of the dispatcher's commands.
var spazio = uuid.MustParse("b1f7cf0a-59a3-5d2e-8f5e-0d6c0f1c6a77")

// richiesta is a command of the dispatcher, named after what it does: asked
// again it is the same.
func (s *Spedizioniere) richiesta(a domain.Attore, nome ...string) commands.Request {
	return commands.Request{
		Comando: uuid.NewSHA1(spazio, []byte(strings.Join(nome, "/"))), Impronta: nome[0], Attore: a, Canale: domain.Sistema, Adesso: s.Adesso(),
	}
}

// rifiuto is the code of a refusal that will stand; "" for anything else.
func rifiuto(err error) string {
	var no *domain.Error
	if errors.As(err, &no) && no.Kind != domain.Unavailable && no.Kind != domain.Stale {
		return no.Code
	}
	return ""
}

// sulFlusso carries out a command on a flusso.
func (s *Spedizioniere) sulFlusso(ctx context.Context, f string, cmd domain.Command[flussoinps.State, flussoinps.Event]) (commands.Esito[flussoinps.State], error) {
	esito, err := s.Comandi.SuFlusso(ctx, s.richiesta(domain.Dispatcher, "flusso", f, uuid.NewString()), f, cmd)
	s.ultima = max(s.ultima, esito.Posizione)
	return esito, err
}
