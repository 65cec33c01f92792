package commands

import (
	"context"
	"slices"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

// PianificaIncontro puts a meeting on the agenda. When nobody is named to hold
// it, it is the case manager of the case; while it waits for one, who asks.
func (s *Service) PianificaIncontro(ctx context.Context, req Request, c id.Caso, cmd caso.PianificaIncontro) (Caso, error) {
	cmd.Incontro = id.Incontro{UUID: Nuovo(req)}
	cmd.Inizio, cmd.Oggi = cmd.Inizio.In(s.Zona), s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, func(ctx context.Context, st caso.State) (domain.Command[caso.State, caso.Event], error) {
		questo := cmd // made anew after a lost race
		if questo.Operatore.IsZero() {
			questo.Operatore = st.Assegnazione.CaseManager
		}
		if questo.Operatore.IsZero() {
			questo.Operatore = id.Operatore{UUID: req.Attore.ID}
		}
		var err error
		if !st.Di(questo.Operatore) {
			questo.Territori, err = s.territori(ctx, req, questo.Operatore, domain.CaseManager, domain.ResponsabileIncontri)
		}
		return questo, err
	}))
}

// RinviaIncontro moves a meeting to another time.
func (s *Service) RinviaIncontro(ctx context.Context, req Request, c id.Caso, cmd caso.RinviaIncontro) (Caso, error) {
	cmd.NuovoInizio, cmd.Oggi = cmd.NuovoInizio.In(s.Zona), s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// AnnullaIncontro takes a meeting off the agenda.
func (s *Service) AnnullaIncontro(ctx context.Context, req Request, c id.Caso, cmd caso.AnnullaIncontro) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RegistraIncontro says how a meeting went that is on the agenda; or, when the
// command names none, that the nucleo was met though nobody had planned it.
func (s *Service) RegistraIncontro(ctx context.Context, req Request, c id.Caso, cmd caso.RegistraIncontro) (Caso, error) {
	inAgenda := !cmd.Incontro.IsZero()
	if !inAgenda {
		cmd.Incontro = id.Incontro{UUID: Nuovo(req)}
	}
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, func(_ context.Context, st caso.State) (domain.Command[caso.State, caso.Event], error) {
		if _, found := st.Incontri.Trova(cmd.Incontro); inAgenda && !found {
			return nil, caso.ErrIncontroInesistente
		}
		return cmd, nil
	}))
}

// RegistraMancataPresentazione says who did not come to a meeting.
func (s *Service) RegistraMancataPresentazione(ctx context.Context, req Request, c id.Caso, cmd caso.RegistraMancataPresentazione) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// ValutaIncontro says how far results and impegni have come, after a meeting.
func (s *Service) ValutaIncontro(ctx context.Context, req Request, c id.Caso, cmd caso.ValutaIncontro) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// ValutaImpegno says how far one impegno has come, outside of any meeting.
func (s *Service) ValutaImpegno(ctx context.Context, req Request, c id.Caso, cmd caso.ValutaImpegno) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// territori are where an operator holds one of some roles today.
func (s *Service) territori(ctx context.Context, req Request, o id.Operatore, ruoli ...domain.Ruolo) (dove []domain.Territorio, err error) {
	op, _, err := leggi(ctx, s.Store, Request{}, operatore.Decider, operatore.Decider.Stream(o.String()))
	if err != nil {
		return nil, err
	}
	for _, a := range op.Stato.Attivi(s.oggi(req)) {
		if slices.Contains(ruoli, a.Ruolo) {
			dove = append(dove, a.Territorio)
		}
	}
	return dove, nil
}
