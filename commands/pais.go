package commands

import (
	"context"

	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// SottoscriviPaIS records the signature of the version that is being defined.
func (s *Service) SottoscriviPaIS(ctx context.Context, req Request, c id.Caso, cmd caso.SottoscriviPaIS) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RegistraMancataSottoscrizione says who did not sign it.
func (s *Service) RegistraMancataSottoscrizione(ctx context.Context, req Request, c id.Caso, cmd caso.RegistraMancataSottoscrizione) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RidefinisciPaIS opens the next version of a signed PaIS.
func (s *Service) RidefinisciPaIS(ctx context.Context, req Request, c id.Caso, cmd caso.RidefinisciPaIS) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// ConcludiPaIS ends the PaIS in force, and the case with it.
func (s *Service) ConcludiPaIS(ctx context.Context, req Request, c id.Caso, cmd caso.ConcludiPaIS) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}
