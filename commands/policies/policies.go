// Package policies holds the reactions across aggregates: when that happened,
// ask this. A policy follows the log from a bookmark of its own. It may be
// shown an event again: what it asks is then asked under the same command id,
// and changes nothing.
package policies

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
)

// Segnalibri keeps how far each policy has read the log.
type Segnalibri interface {
	Leggi(ctx context.Context, nome string) (position uint64, found bool, err error)
	Sposta(ctx context.Context, nome string, position uint64) error
}

// Politica is one reaction, at work on the log.
type Politica struct {
	Nome       string
	Segnalibri Segnalibri
	Eventi     []domain.Event // of the kinds that it reacts to; others may come as well
	// Reagisci asks what follows from a batch of events.
	Reagisci func(context.Context, []domain.Recorded) error
}

// Name names the policy among those who follow the log.
func (p Politica) Name() string { return "politica_" + p.Nome }

// Kinds are those of the events that the policy reacts to.
func (p Politica) Kinds() []domain.Event { return p.Eventi }

// Position is the last position that the policy has reacted to.
func (p Politica) Position(ctx context.Context) (uint64, bool, error) {
	return p.Segnalibri.Leggi(ctx, p.Nome)
}

// Handle reacts to a batch, then moves the bookmark.
func (p Politica) Handle(ctx context.Context, batch []domain.Recorded) error {
	if len(batch) == 0 {
		return nil
	}
	if err := p.Reagisci(ctx, batch); err != nil {
		return fmt.Errorf("policy %s: %w", p.Nome, err)
	}
	return p.Segnalibri.Sposta(ctx, p.Nome, batch[len(batch)-1].Position)
}

// richiesta is what a policy asks because of an event. Asked again because of
// the same event and about the same thing, it is the same command.
func richiesta(nome string, adesso time.Time, causa domain.Recorded, cosa string) commands.Request {
	return commands.Request{
		Comando:      uuid.NewSHA1(causa.ID, []byte(nome+"\x00"+cosa)),
		Impronta:     nome,
		Correlazione: causa.Meta.Correlazione,
		Causa:        causa.ID,
		Attore:       domain.Politiche,
		Canale:       domain.Sistema,
		Adesso:       adesso,
	}
}
