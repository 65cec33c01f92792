package commands

import (
	"context"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/apertura"
	"nucleo/domain/id"
)

// Apertura is an opening as a command found it, or left it.
type Apertura = Esito[apertura.State]

// ChiediApertura asks to read the personal data of a case.
func (s *Service) ChiediApertura(ctx context.Context, req Request, cmd apertura.Chiedi) (id.Apertura, Apertura, error) {
	a := id.Apertura{UUID: uuid.NewSHA1(req.Comando, []byte("apertura"))}
	storia, err := s.StoriaCaso(ctx, cmd.Caso, Alla{})
	if err != nil {
		return a, Apertura{}, err
	}
	cmd.Ambito, cmd.Da, cmd.Il = storia.Stato.Ambito, id.Operatore{UUID: req.Attore.ID}, s.oggi(req)
	esito, err := execute(ctx, s, req, suApertura(a, nil, is(cmd)))
	return a, esito, err
}

// ConcediApertura lets who asked for an opening read, from now on.
func (s *Service) ConcediApertura(ctx context.Context, req Request, a id.Apertura) (Apertura, error) {
	cmd := apertura.Concedi{Da: id.Operatore{UUID: req.Attore.ID}, Oggi: s.oggi(req), Adesso: req.Adesso}
	return execute(ctx, s, req, suApertura(a, vedeApertura(req.Attore), is(cmd)))
}

// NegaApertura refuses an opening.
func (s *Service) NegaApertura(ctx context.Context, req Request, a id.Apertura, cmd apertura.Nega) (Apertura, error) {
	cmd.Da = id.Operatore{UUID: req.Attore.ID}
	return execute(ctx, s, req, suApertura(a, vedeApertura(req.Attore), is(cmd)))
}

// Apertura is an opening as it is now, for somebody who may know of it.
func (s *Service) Apertura(ctx context.Context, chi domain.Attore, a id.Apertura) (apertura.State, error) {
	letto, _, err := leggi(ctx, s.Store, Request{}, apertura.Decider, apertura.Decider.Stream(a.String()))
	if err == nil {
		err = vedeApertura(chi)(letto.Stato)
	}
	return letto.Stato, err
}

// UsaApertura is an opening under which somebody may read now.
func (s *Service) UsaApertura(ctx context.Context, chi domain.Attore, a id.Apertura, adesso time.Time) (apertura.State, error) {
	letto, _, err := leggi(ctx, s.Store, Request{}, apertura.Decider, apertura.Decider.Stream(a.String()))
	if err == nil {
		err = letto.Stato.Apre(id.Operatore{UUID: chi.ID}, adesso)
	}
	return letto.Stato, err
}

func suApertura[C domain.Command[apertura.State, apertura.Event]](a id.Apertura, visibile func(apertura.State) error, comando func(context.Context, apertura.State) (C, error)) azione[apertura.State, apertura.Event] {
	return azione[apertura.State, apertura.Event]{
		decider: apertura.Decider, chiave: a.String(), visibile: visibile,
		comando: func(ctx context.Context, st apertura.State) (domain.Command[apertura.State, apertura.Event], error) {
			return comando(ctx, st)
		},
	}
}

// vedeApertura refuses who may not know of an opening: it is there for who asked
// for it, and for the privacy desk in whose territory the case lay.
func vedeApertura(chi domain.Attore) func(apertura.State) error {
	return func(s apertura.State) error {
		sua := s.Richiesta.Da.UUID == chi.ID
		desk := chi.Ruolo == domain.ResponsabileDati && chi.Territorio.Copre(s.Richiesta.Ambito, "")
		if s.Stato == "" || !sua && !desk {
			return apertura.ErrInesistente
		}
		return nil
	}
}
