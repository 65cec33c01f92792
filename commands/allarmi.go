package commands

import (
	"cmp"
	"context"
	"time"

	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/allarme"
	"nucleo/domain/caso"
	"nucleo/domain/conservazione"
	"nucleo/domain/id"
)

// Allarme is an alert as a command found it, or left it.
type Allarme = Esito[allarme.State]

// SollevaAllarme begins an alert, unless it stands.
func (s *Service) SollevaAllarme(ctx context.Context, req Request, a allarme.Sollevato) (Allarme, error) {
	return execute(ctx, s, req, suAllarme(req, a.ID(), allarme.Solleva{Allarme: a}))
}

// SpiegaAllarme explains an alert of the actor's territory.
func (s *Service) SpiegaAllarme(ctx context.Context, req Request, a id.Allarme, m allarme.Motivo) (Allarme, error) {
	return execute(ctx, s, req, suAllarme(req, a, allarme.Spiega{Motivo: m, Da: id.Operatore{UUID: req.Attore.ID}}))
}

// SegnalaAllarme reports an alert of the actor's territory.
func (s *Service) SegnalaAllarme(ctx context.Context, req Request, a id.Allarme) (Allarme, error) {
	return execute(ctx, s, req, suAllarme(req, a, allarme.Segnala{Da: id.Operatore{UUID: req.Attore.ID}}))
}

// suAllarme is a command on an alert. One of another ambito is not there; who
// belongs to none follows those of the others who do not: auditors, analysts,
// super utenti. Those about protected cases are there for the privacy desk alone.
func suAllarme(req Request, a id.Allarme, cmd domain.Command[allarme.State, allarme.Event]) azione[allarme.State, allarme.Event] {
	return azione[allarme.State, allarme.Event]{
		decider: allarme.Decider, chiave: a.String(), comando: is(cmd),
		visibile: func(s allarme.State) error {
			riservato := s.Regola.Riservata() && req.Attore.Ruolo != domain.ResponsabileDati
			if s.Stato != "" && req.Attore.Ruolo != domain.SistemaVigilanza && (riservato || s.Ambito != cmp.Or(req.Attore.Territorio.Ambito, accesso.Nazionale)) {
				return allarme.ErrInesistente
			}
			return nil
		},
	}
}

// HaLavorato reports whether an operator did anything to a case from an instant
// on and before another.
func (s *Service) HaLavorato(ctx context.Context, c id.Caso, o id.Operatore, dal, prima time.Time) (bool, error) {
	for r, err := range s.Store.Read(ctx, caso.Decider.Stream(c.String())) {
		if err != nil {
			return false, err
		}
		if r.Meta.Attore == o.UUID && !r.Meta.Istante.Before(dal) && r.Meta.Istante.Before(prima) {
			return true, nil
		}
	}
	return false, nil
}

// ScadeRegistro ends a stream of the access log.
func (s *Service) ScadeRegistro(ctx context.Context, req Request, fine conservazione.Scaduto) (Esito[conservazione.State], error) {
	return execute(ctx, s, req, azione[conservazione.State, conservazione.Event]{
		decider: conservazione.Decider, chiave: fine.Flusso, comando: is(conservazione.Scade{Scaduto: fine, Oggi: s.oggi(req)}),
	})
}
