package commands

import (
	"context"

	"nucleo/domain"
	"nucleo/domain/flussoinps"
)

// Flusso is a flusso as it is now, by its key; without a number when there is none.
func (s *Service) Flusso(ctx context.Context, chiave string) (flussoinps.State, error) {
	letto, _, err := leggi(ctx, s.Store, Request{}, flussoinps.Decider, flussoinps.Decider.Stream(chiave))
	return letto.Stato, err
}

// SuFlusso carries out a command on a flusso, and returns what it left behind.
func (s *Service) SuFlusso(ctx context.Context, req Request, chiave string, cmd domain.Command[flussoinps.State, flussoinps.Event]) (Esito[flussoinps.State], error) {
	return execute(ctx, s, req, azione[flussoinps.State, flussoinps.Event]{decider: flussoinps.Decider, chiave: chiave, comando: is(cmd)})
}
