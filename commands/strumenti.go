package commands

import (
	"context"

	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// AvviaAnalisiPreliminare begins the AP of a case.
func (s *Service) AvviaAnalisiPreliminare(ctx context.Context, req Request, c id.Caso, cmd caso.AvviaAnalisiPreliminare) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// SalvaSezioneAP keeps one section of the AP.
func (s *Service) SalvaSezioneAP(ctx context.Context, req Request, c id.Caso, cmd caso.SalvaSezioneAP) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// FinalizzaAP gives the AP its outcome.
func (s *Service) FinalizzaAP(ctx context.Context, req Request, c id.Caso, cmd caso.FinalizzaAP) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RiapriAP opens a finalised AP again.
func (s *Service) RiapriAP(ctx context.Context, req Request, c id.Caso, cmd caso.RiapriAP) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RegistraRientro takes a nucleo back from the service that it was sent to.
func (s *Service) RegistraRientro(ctx context.Context, req Request, c id.Caso, cmd caso.RegistraRientro) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// ComponiEquipe names the team of the QA.
func (s *Service) ComponiEquipe(ctx context.Context, req Request, c id.Caso, cmd caso.ComponiEquipe) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// SalvaSezioneQA keeps one section of the QA.
func (s *Service) SalvaSezioneQA(ctx context.Context, req Request, c id.Caso, cmd caso.SalvaSezioneQA) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// FinalizzaQA ends the assessment by the team.
func (s *Service) FinalizzaQA(ctx context.Context, req Request, c id.Caso, cmd caso.FinalizzaQA) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RiapriQA opens a finalised QA again.
func (s *Service) RiapriQA(ctx context.Context, req Request, c id.Caso, cmd caso.RiapriQA) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}
