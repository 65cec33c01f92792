package commands

import (
	"context"

	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// AnticipaSostegno gives a sostegno before there is a PaIS, on a case that waits.
func (s *Service) AnticipaSostegno(ctx context.Context, req Request, c id.Caso, cmd caso.AnticipaSostegno) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// AttivaSostegno says that a sostegno is given, or given again.
func (s *Service) AttivaSostegno(ctx context.Context, req Request, c id.Caso, cmd caso.AttivaSostegno) (Caso, error) {
	cmd.PassoSostegno = s.passo(req, cmd.PassoSostegno)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// SospendiSostegno says that a sostegno is not given for the time being.
func (s *Service) SospendiSostegno(ctx context.Context, req Request, c id.Caso, cmd caso.SospendiSostegno) (Caso, error) {
	cmd.PassoSostegno = s.passo(req, cmd.PassoSostegno)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// ConcludiSostegno says that a sostegno was given to its end.
func (s *Service) ConcludiSostegno(ctx context.Context, req Request, c id.Caso, cmd caso.ConcludiSostegno) (Caso, error) {
	cmd.PassoSostegno = s.passo(req, cmd.PassoSostegno)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RevocaSostegno takes a sostegno back before its end.
func (s *Service) RevocaSostegno(ctx context.Context, req Request, c id.Caso, cmd caso.RevocaSostegno) (Caso, error) {
	cmd.PassoSostegno = s.passo(req, cmd.PassoSostegno)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// passo adds to a step who asks for it, and the day.
func (s *Service) passo(req Request, p caso.PassoSostegno) caso.PassoSostegno {
	p.Ruolo, p.Oggi = req.Attore.Ruolo, s.oggi(req)
	return p
}
