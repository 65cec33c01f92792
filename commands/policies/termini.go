package policies

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/cancellazione"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Chiuso is a case that has ended, where the log says so, who is in it and what
// was made of them.
type Chiuso struct {
	Caso      id.Caso
	Posizione uint64
	Persone   map[id.Componente][]id.Caso // not erased, with the other cases in which they are
	Chieste   []cancellazione.Chiesta
}

// Finiti answers which cases have ended, as read models know them. The answer may
// name too many: the streams decide.
type Finiti interface {
	// AttendiTutto waits until the answers follow all that the log holds now.
	AttendiTutto(ctx context.Context) error
	// Chiusi are cases that have ended, at most n, in the order in which they did
	// and after a position.
	Chiusi(ctx context.Context, dopo uint64, n int) ([]Chiuso, error)
}

// Termini proposes the erasure of cases that were kept for as long as they must be
// (ADR 0034). It goes through those that ended, the oldest first, until none is old
// enough any more. A person who is in another case of which that is not true
// is kept, and with them what the texts of the case say; the others are proposed
// one by one. What was proposed is not again, so it needs no bookmark.
type Termini struct {
	Comandi *commands.Service
	Casi    Finiti
	Adesso  func() time.Time
	Zona    *time.Location
}

const nomeTermini = "termini"

// chiusiInsieme are looked at together. The clock of the machine may have been
// ahead when one of them ended; hardly when all of them did.
const chiusiInsieme = 100

// spazioTermini is the namespace of the ids of its commands.
var spazioTermini = uuid.MustParse("b3f6a0d2-7c1e-5d48-9f03-2e8a5c7b1d64")

// Oggi is the day where the service is.
func (p Termini) Oggi() giorno.Giorno { return giorno.Di(p.Adesso().In(p.Zona)) }

// Propone proposes what is over today. A case that cannot be read does not keep
// the others, but the day is not done.
func (p Termini) Propone(ctx context.Context) error {
	err := p.Casi.AttendiTutto(ctx)
	giro := giroTermini{Termini: p, oggi: p.Oggi(), decorsi: map[id.Caso]bool{}}
	var dopo uint64
	for scaduti := err == nil; scaduti; {
		casi, errLetti := p.Casi.Chiusi(ctx, dopo, chiusiInsieme)
		err = errors.Join(err, errLetti)
		scaduti = false
		for _, c := range casi {
			if ctx.Err() != nil {
				return errors.Join(err, ctx.Err())
			}
			scaduto, errCaso := giro.caso(ctx, c)
			if errCaso != nil {
				err = errors.Join(err, fmt.Errorf("case %s: %w", c.Caso, errCaso))
			}
			scaduti, dopo = scaduti || scaduto, c.Posizione
		}
	}
	if err != nil {
		return fmt.Errorf("policy %s: %w", nomeTermini, err)
	}
	return nil
}

// giroTermini is one day's work.
type giroTermini struct {
	Termini
	oggi    giorno.Giorno
	decorsi map[id.Caso]bool // whether the term of a case is over, of those that were looked at
}

// caso proposes what there is to propose of a case, and reports whether its term is over.
func (g giroTermini) caso(ctx context.Context, c Chiuso) (scaduto bool, err error) {
	if c.basta(cancellazione.Soggetto{Tipo: cancellazione.Nucleo, Caso: c.Caso}) {
		return true, nil
	}
	fatti, err := g.Comandi.FattiCaso(ctx, g.richiesta(nil), c.Caso)
	if err != nil || !fatti.Decorso(g.oggi) {
		return err != nil, err
	}
	if fatti.Vincolato {
		return true, nil // looked at again tomorrow
	}
	soggetti, err := g.soggetti(ctx, c)
	if err != nil {
		return true, err
	}
	for _, di := range soggetti {
		if c.basta(di) {
			continue
		}
		_, errUno := g.Comandi.ProponiCancellazione(ctx, g.richiesta(fmt.Append(nil, di.Tipo, di.Caso, di.Quale, fatti.Fine)), di)
		err = errors.Join(err, errUno)
	}
	return true, err
}

// soggetti are what is proposed of a case: all of it, or, where somebody is kept,
// of whom its texts speak too, each of the others.
func (g giroTermini) soggetti(ctx context.Context, c Chiuso) (persone []cancellazione.Soggetto, err error) {
	intero := true
	for chi, altrove := range c.Persone {
		trattenuta, err := g.trattenuta(ctx, altrove)
		switch {
		case err != nil:
			return nil, err
		case trattenuta:
			intero = false
		default:
			persone = append(persone, cancellazione.Soggetto{Tipo: cancellazione.Persona, Caso: c.Caso, Quale: chi.UUID})
		}
	}
	if intero {
		return []cancellazione.Soggetto{{Tipo: cancellazione.Nucleo, Caso: c.Caso}}, nil
	}
	return persone, nil
}

// trattenuta reports whether one of the cases in which somebody is must be kept.
func (g giroTermini) trattenuta(ctx context.Context, altrove []id.Caso) (bool, error) {
	for _, c := range altrove {
		decorso, noto := g.decorsi[c]
		if !noto {
			fatti, err := g.Comandi.FattiCaso(ctx, g.richiesta(nil), c)
			if err != nil {
				return true, err
			}
			decorso = fatti.Decorso(g.oggi)
			g.decorsi[c] = decorso
		}
		if !decorso {
			return true, nil
		}
	}
	return false, nil
}

// basta reports whether a subject was proposed, or asked for, since the case went on.
func (c Chiuso) basta(di cancellazione.Soggetto) bool {
	for _, chiesta := range c.Chieste {
		if chiesta.Basta(di, c.Posizione) {
			return true
		}
	}
	return false
}

// richiesta is a request of the policy, whose id follows from what it is about.
func (p Termini) richiesta(cosa []byte) commands.Request {
	return commands.Request{
		Comando: uuid.NewSHA1(spazioTermini, cosa), Impronta: nomeTermini, Attore: domain.Oblio, Canale: domain.Sistema, Adesso: p.Adesso(),
	}
}
