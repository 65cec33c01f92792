package commands

import (
	"context"

	"nucleo/domain"
	"nucleo/domain/distribuzione"
	"nucleo/domain/id"
	"nucleo/domain/processo"
)

// Distribuzione is the automatic assignments of an ambito as a command found
// them, or left them.
type Distribuzione = Esito[distribuzione.State]

// AvviaAssegnazioneAutomatica begins a run on the waiting cases of the actor's
// territory, unless one is under way in the ambito (GEPI-39). It is carried
// out by Distribuisci.
func (s *Service) AvviaAssegnazioneAutomatica(ctx context.Context, req Request, p id.Processo, filtro distribuzione.Filtro) (Distribuzione, error) {
	return execute(ctx, s, req, suDistribuzione(req.Attore.Territorio.Ambito, distribuzione.Avvia{Corsa: distribuzione.Avviata{
		Processo: p, Coordinatore: id.Operatore{UUID: req.Attore.ID}, Territorio: req.Attore.Territorio, Filtro: filtro,
	}}))
}

// InterrompiAssegnazioneAutomatica asks the run under way to end.
func (s *Service) InterrompiAssegnazioneAutomatica(ctx context.Context, req Request, p id.Processo) (Distribuzione, error) {
	return execute(ctx, s, req, suDistribuzione(req.Attore.Territorio.Ambito, distribuzione.Interrompi{Processo: p, Territorio: req.Attore.Territorio}))
}

// AssegnazioneAutomaticaInCorso is the run under way in an ambito, if one is.
func (s *Service) AssegnazioneAutomaticaInCorso(ctx context.Context, ambito string) (distribuzione.Procedura, error) {
	letto, _, err := leggi(ctx, s.Store, Request{}, distribuzione.Decider, distribuzione.Decider.Stream(ambito))
	return letto.Stato.InCorso, err
}

// ProponiAssegnazioneAutomatica is what a run would choose now. It changes
// nothing.
func (s *Service) ProponiAssegnazioneAutomatica(ctx context.Context, req Request, filtro distribuzione.Filtro) ([]processo.Scelta, processo.Fotografia, error) {
	if err := filtro.Valida(req.Attore.Territorio); err != nil {
		return nil, processo.Fotografia{}, err
	}
	foto, err := s.Fotografo.Fotografa(ctx, 0, req.Attore.Territorio, filtro, s.oggi(req))
	return processo.Pianifica(foto), foto, err
}

func suDistribuzione(ambito string, cmd domain.Command[distribuzione.State, distribuzione.Event]) azione[distribuzione.State, distribuzione.Event] {
	return azione[distribuzione.State, distribuzione.Event]{decider: distribuzione.Decider, chiave: ambito, comando: is(cmd)}
}
