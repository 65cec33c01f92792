package commands

import (
	"context"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// RegistraScadenze notes the clocks of a case that had run out before a day,
// which need not be the one on which it is asked.
func (s *Service) RegistraScadenze(ctx context.Context, req Request, c id.Caso, il giorno.Giorno) (Caso, error) {
	return execute(ctx, s, req, suCaso(c, is(caso.RegistraScadenze{Oggi: il})))
}
