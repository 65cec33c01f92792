package commands

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// ProponiSegnalazione asks the coordinator to tell INPS a fact.
func (s *Service) ProponiSegnalazione(ctx context.Context, req Request, c id.Caso, cmd caso.ProponiSegnalazione) (Caso, error) {
	cmd.Operatore, cmd.Oggi = id.Operatore{UUID: req.Attore.ID}, s.oggi(req)
	return execute(ctx, s, req, sulLavoro(req, c, func(_ context.Context, st caso.State) (domain.Command[caso.State, caso.Event], error) {
		cmd.Calendario = s.calendario(st.Comune)
		return cmd, nil
	}))
}

// RitiraSegnalazione takes a proposal back while nobody has decided on it.
func (s *Service) RitiraSegnalazione(ctx context.Context, req Request, c id.Caso, cmd caso.RitiraSegnalazione) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// Decisione is what a coordinator says of a segnalazione, for good.
type Decisione struct {
	Approva     bool
	Motivazione string `personale:"testo"` // of a refusal; of an approval, a note
}

// DecidiSegnalazione approves or refuses a segnalazione.
func (s *Service) DecidiSegnalazione(ctx context.Context, req Request, c id.Caso, n id.Segnalazione, d Decisione) (Caso, error) {
	chi := id.Operatore{UUID: req.Attore.ID}
	if !d.Approva {
		return execute(ctx, s, req, sullaSegnalazione(req, c, n, is(caso.RifiutaSegnalazione{Segnalazione: n, Operatore: chi, Motivazione: d.Motivazione})))
	}
	return execute(ctx, s, req, sullaSegnalazione(req, c, n, func(ctx context.Context, st caso.State) (domain.Command[caso.State, caso.Event], error) {
		dove, err := s.Ambito(ctx, st.Ambito)
		return caso.ApprovaSegnalazione{Segnalazione: n, Operatore: chi, Nota: d.Motivazione, PropriaVietata: dove.AutoapprovazioneVietata}, err
	}))
}

// Decisa is one segnalazione of a list that was decided on: what became of
// it, or why not.
type Decisa struct {
	Caso         id.Caso
	Segnalazione id.Segnalazione
	Esito        Caso
	Rifiuto      error // nil when the decision stands
}

// DecidiSegnalazioni puts one decision to many segnalazioni. Each is a command
// of its own on the stream of its case, and stands or is refused by itself
// (ambiguity 9.9). The same request again asks the same commands: what an
// earlier one had done before it was cut off is not done twice.
func (s *Service) DecidiSegnalazioni(ctx context.Context, req Request, quali []Decisa, d Decisione) ([]Decisa, error) {
	decise := make([]Decisa, len(quali))
	for i, q := range quali {
		una := req
		una.Comando = uuid.NewSHA1(req.Comando, []byte(q.Caso.String()+"/"+q.Segnalazione.String()))
		una.Causa = req.Comando
		if una.Correlazione == uuid.Nil {
			una.Correlazione = req.Comando
		}
		var rifiuto *domain.Error
		q.Esito, q.Rifiuto = s.DecidiSegnalazione(ctx, una, q.Caso, q.Segnalazione, d)
		if q.Rifiuto != nil && !errors.As(q.Rifiuto, &rifiuto) {
			return nil, q.Rifiuto
		}
		decise[i] = q
	}
	return decise, nil
}

// AnnullaInvio stops the sending of a segnalazione that was approved.
func (s *Service) AnnullaInvio(ctx context.Context, req Request, c id.Caso, cmd caso.AnnullaInvio) (Caso, error) {
	return execute(ctx, s, req, sullaSegnalazione(req, c, cmd.Segnalazione, is(cmd)))
}

// RettificaSegnalazione corrects what INPS was told.
func (s *Service) RettificaSegnalazione(ctx context.Context, req Request, c id.Caso, cmd caso.RettificaSegnalazione) (Caso, error) {
	return execute(ctx, s, req, sullaSegnalazione(req, c, cmd.Segnalazione, func(_ context.Context, st caso.State) (domain.Command[caso.State, caso.Event], error) {
		cmd.Vietata = !s.Rettificabile(st.Domanda.Misura)
		return cmd, nil
	}))
}

// Rettificabile reports whether what was sent of a measure may be rectified.
func (s *Service) Rettificabile(m caso.Misura) bool { return m == caso.ADI || s.RettificaRDC }

// sullaSegnalazione is an action of a coordinator on a segnalazione. While
// nobody has decided it goes where its case goes; from then on it stays with
// the territory in which it was decided (ambiguity 9.36).
func sullaSegnalazione(req Request, c id.Caso, n id.Segnalazione, comando daCaso) azione[caso.State, caso.Event] {
	a := suCaso(c, comando)
	a.visibile = func(s caso.State) error {
		questa, _ := s.Segnalazioni.Trova(n)
		vede := Vede(req.Attore, s)
		switch {
		case questa.Ambito == "":
			return vede
		case req.Attore.Territorio.Copre(questa.Ambito, questa.Comune):
			return nil
		case vede == nil:
			return caso.ErrSegnalazioneInesistente
		}
		return vede
	}
	return a
}
