package commands

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

// Caso is a case as a command found it, or left it.
type Caso = Esito[caso.State]

// RiceviDomanda opens the case of a domanda. A domanda that is new, as nearly
// all are, costs one append and no read.
func (s *Service) RiceviDomanda(ctx context.Context, req Request, cmd caso.RiceviDomanda) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	domanda, _ := caso.NormalizzaIDDomanda(cmd.Domanda.IDDomanda)
	c := id.CasoDi(domanda)
	decisi, err := cmd.Decide(caso.State{})
	if err != nil {
		return Caso{}, err
	}
	esito, err := appendi(ctx, s.Store, req, caso.Decider, caso.Decider.Stream(c.String()), Caso{}, decisi)
	if errors.Is(err, domain.ErrStale) {
		return execute(ctx, s, req, suCaso(c, is(cmd)))
	}
	return esito, err
}

// AggiornaNucleo changes who is in the nucleo of a case.
func (s *Service) AggiornaNucleo(ctx context.Context, req Request, c id.Caso, cmd caso.AggiornaNucleo) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, suCaso(c, is(cmd)))
}

// TrasferisciCaso moves a case to the comune where the nucleo lives now.
func (s *Service) TrasferisciCaso(ctx context.Context, req Request, c id.Caso, cmd caso.Trasferisci) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, suCaso(c, func(ctx context.Context, st caso.State) (domain.Command[caso.State, caso.Event], error) {
		incarichi, err := s.incarichi(ctx, req, st.Assegnazione.CaseManager)
		cmd.Territori = nil // asked again after a lost race
		for _, i := range incarichi {
			cmd.Territori = append(cmd.Territori, i.Territorio)
		}
		return cmd, err
	}))
}

// AssegnaCaso gives a waiting case to a case manager.
func (s *Service) AssegnaCaso(ctx context.Context, req Request, c id.Caso, cmd caso.Assegna) (Caso, error) {
	return execute(ctx, s, req, assegnazione(req, c, func(ctx context.Context, _ caso.State) (_ domain.Command[caso.State, caso.Event], err error) {
		cmd.Incarichi, err = s.incarichi(ctx, req, cmd.CaseManager)
		return cmd, err
	}))
}

// RiassegnaCaso moves a case from one case manager to another.
func (s *Service) RiassegnaCaso(ctx context.Context, req Request, c id.Caso, cmd caso.Riassegna) (Caso, error) {
	return execute(ctx, s, req, assegnazione(req, c, func(ctx context.Context, _ caso.State) (_ domain.Command[caso.State, caso.Event], err error) {
		cmd.Incarichi, err = s.incarichi(ctx, req, cmd.A)
		return cmd, err
	}))
}

// AnnullaAssegnazione returns a case to the queue.
func (s *Service) AnnullaAssegnazione(ctx context.Context, req Request, c id.Caso, cmd caso.AnnullaAssegnazione) (Caso, error) {
	return execute(ctx, s, req, assegnazione(req, c, is(cmd)))
}

// LiberaCaso returns a case to the queue if its case manager, still the given
// one, may no longer carry it.
func (s *Service) LiberaCaso(ctx context.Context, req Request, c id.Caso, cm id.Operatore) (Caso, error) {
	return execute(ctx, s, req, suCaso(c, func(ctx context.Context, st caso.State) (domain.Command[caso.State, caso.Event], error) {
		if st.Assegnazione.CaseManager != cm {
			return caso.Libera{}, nil
		}
		incarichi, err := s.incarichi(ctx, req, cm)
		return caso.Libera{CaseManager: cm, Incarichi: incarichi}, err
	}))
}

type daCaso = func(context.Context, caso.State) (domain.Command[caso.State, caso.Event], error)

func suCaso(c id.Caso, comando daCaso) azione[caso.State, caso.Event] {
	return azione[caso.State, caso.Event]{decider: caso.Decider, chiave: c.String(), comando: comando}
}

// assegnazione is an action of a coordinator, on a case of their territory:
// what lies outside it does not exist for them (ambiguity 9.18). If-Match
// speaks of the assignment alone, for a coordinator may not see the case
// progress (D-6).
func assegnazione(req Request, c id.Caso, comando daCaso) azione[caso.State, caso.Event] {
	a := suCaso(c, comando)
	a.visibile = func(s caso.State) error { return Vede(req.Attore, s) }
	a.versione = func(e Caso) uint64 { return e.Stato.Assegnazione.Versione }
	return a
}

// sulLavoro is an action of whoever works on a case: its case manager, or a role
// that looks after one thing of all cases of its territory. If-Match speaks of
// the case as a whole, which only its case manager sees, and for a coordinator
// of the assignment (D-6).
func sulLavoro(req Request, c id.Caso, comando daCaso) azione[caso.State, caso.Event] {
	if req.Attore.Ruolo == domain.CoordinatorePaIS {
		return assegnazione(req, c, comando)
	}
	a := suCaso(c, comando)
	a.visibile = func(s caso.State) error { return Vede(req.Attore, s) }
	a.versione = func(e Caso) uint64 { return e.Stato.VersioneLavoro(e.Head.Version) }
	return a
}

// Vede refuses cases that are not there for an actor: those outside of their
// territory, and, for a case manager, those of somebody else (ACC-13).
func Vede(a domain.Attore, s caso.State) error {
	switch {
	case s.Stato == "" || !a.Territorio.Copre(s.Ambito, s.Comune):
		return caso.ErrInesistente
	case a.Ruolo == domain.CaseManager && !s.Di(id.Operatore{UUID: a.ID}):
		return caso.ErrInesistente
	}
	return nil
}

// Nuovo is the id of what a request makes: the same each time it is asked.
func Nuovo(req Request) uuid.UUID { return uuid.NewSHA1(req.Comando, []byte("nuovo")) }

// AnnotaCaso writes into the diary of a case.
func (s *Service) AnnotaCaso(ctx context.Context, req Request, c id.Caso, cmd caso.Annota) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// ProteggiCaso protects a case of the territory, for a coordinator or for the
// privacy desk.
func (s *Service) ProteggiCaso(ctx context.Context, req Request, c id.Caso, cmd caso.Proteggi) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RevocaProtezione ends the protection of a case.
func (s *Service) RevocaProtezione(ctx context.Context, req Request, c id.Caso, cmd caso.RevocaProtezione) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// incarichi are the accreditations by which an operator carries cases today.
func (s *Service) incarichi(ctx context.Context, req Request, o id.Operatore) (incarichi []caso.Incarico, err error) {
	if o.IsZero() {
		return nil, nil
	}
	op, _, err := leggi(ctx, s.Store, Request{}, operatore.Decider, operatore.Decider.Stream(o.String()))
	if err != nil {
		return nil, err
	}
	return incarichiDi(op.Stato, s.oggi(req)), nil
}

// incarichiDi are the accreditations by which an operator carries cases on a day.
func incarichiDi(o operatore.State, oggi giorno.Giorno) (incarichi []caso.Incarico) {
	for _, a := range o.Attivi(oggi) {
		if a.Ruolo == domain.CaseManager {
			incarichi = append(incarichi, caso.Incarico{Territorio: a.Territorio, Fondo: caso.Fondo(a.Fondo)})
		}
	}
	return incarichi
}
