package commands

import (
	"context"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// ChiudiCaso ends the work on a case.
func (s *Service) ChiudiCaso(ctx context.Context, req Request, c id.Caso, cmd caso.ChiudiCaso) (Caso, error) {
	cmd.Oggi, cmd.Ruolo = s.oggi(req), req.Attore.Ruolo
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RiapriCaso takes up the work on a case again. Whether its case manager may
// still carry it is asked anew each time.
func (s *Service) RiapriCaso(ctx context.Context, req Request, c id.Caso, cmd caso.RiapriCaso) (Caso, error) {
	cmd.Ruolo = req.Attore.Ruolo
	return execute(ctx, s, req, sulLavoro(req, c, func(ctx context.Context, st caso.State) (_ domain.Command[caso.State, caso.Event], err error) {
		cmd.Incarichi, err = s.incarichi(ctx, req, st.Assegnazione.CaseManager)
		return cmd, err
	}))
}

// EscludiNucleo stops the work on a nucleo in which nobody has duties.
func (s *Service) EscludiNucleo(ctx context.Context, req Request, c id.Caso, cmd caso.EscludiNucleo) (Caso, error) {
	cmd.Oggi = s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RegistraEsonero exempts a person of the nucleo from the duties of the measure.
func (s *Service) RegistraEsonero(ctx context.Context, req Request, c id.Caso, cmd caso.RegistraEsonero) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RevocaEsonero ends an exemption.
func (s *Service) RevocaEsonero(ctx context.Context, req Request, c id.Caso, cmd caso.RevocaEsonero) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// AggiornaRecapiti says how to reach the nucleo, as who works on the case was told.
func (s *Service) AggiornaRecapiti(ctx context.Context, req Request, c id.Caso, cmd caso.AggiornaRecapiti) (Caso, error) {
	cmd.Fonte = caso.FonteComune
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}
