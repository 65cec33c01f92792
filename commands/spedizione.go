package commands

import (
	"context"

	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// MettiInUscita puts an approved segnalazione into a flusso.
func (s *Service) MettiInUscita(ctx context.Context, req Request, c id.Caso, cmd caso.MettiInUscita) (Caso, error) {
	return execute(ctx, s, req, suCaso(c, is(cmd)))
}

// PrendiPerInvio claims a segnalazione for one sending, before its first byte
// goes out.
func (s *Service) PrendiPerInvio(ctx context.Context, req Request, c id.Caso, cmd caso.PrendiPerInvio) (Caso, error) {
	return execute(ctx, s, req, suCaso(c, is(cmd)))
}

// RegistraInvio notes that INPS took a segnalazione.
func (s *Service) RegistraInvio(ctx context.Context, req Request, c id.Caso, cmd caso.RegistraInvio) (Caso, error) {
	cmd.InviataIl, cmd.Oggi = req.Adesso, s.oggi(req)
	return execute(ctx, s, req, suCaso(c, is(cmd)))
}

// RegistraInvioFallito notes that INPS did certainly not take a segnalazione.
func (s *Service) RegistraInvioFallito(ctx context.Context, req Request, c id.Caso, cmd caso.RegistraInvioFallito) (Caso, error) {
	return execute(ctx, s, req, suCaso(c, is(cmd)))
}

// RegistraAcquisizione notes the receipt of INPS.
func (s *Service) RegistraAcquisizione(ctx context.Context, req Request, c id.Caso, cmd caso.RegistraAcquisizione) (Caso, error) {
	cmd.Istante, cmd.Oggi = req.Adesso, s.oggi(req)
	return execute(ctx, s, req, suCaso(c, is(cmd)))
}
