package commands

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/cancellazione"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/oblio"
	"nucleo/domain/operatore"
	"nucleo/domain/vincolo"
)

// Cancellazione is a request of erasure as a command found it, or left it.
type Cancellazione = Esito[cancellazione.State]

// ChiediCancellazione asks for an erasure.
func (s *Service) ChiediCancellazione(ctx context.Context, req Request, cmd cancellazione.Chiedi) (id.Cancellazione, Cancellazione, error) {
	c := id.Cancellazione{UUID: uuid.NewSHA1(req.Comando, []byte("cancellazione"))}
	cmd.Da, cmd.Il = id.Operatore{UUID: req.Attore.ID}, s.oggi(req)
	var err error
	if cmd.Fatti, cmd.Ambito, err = s.fattiDi(ctx, req, cmd.Soggetto); err != nil {
		return c, Cancellazione{}, err
	}
	esito, err := execute(ctx, s, req, suCancellazione(c, nil, is(cmd)))
	return c, esito, err
}

// ProponiCancellazione proposes the erasure of what was kept for as long as it must be.
func (s *Service) ProponiCancellazione(ctx context.Context, req Request, di cancellazione.Soggetto) (Cancellazione, error) {
	c := id.Cancellazione{UUID: uuid.NewSHA1(req.Comando, []byte("cancellazione"))}
	cmd := cancellazione.Propone{Scadenza: cancellazione.Scadenza{Soggetto: di, Il: s.oggi(req)}}
	var err error
	if cmd.Fatti, cmd.Ambito, err = s.fattiDi(ctx, req, di); err != nil {
		return Cancellazione{}, err
	}
	return execute(ctx, s, req, suCancellazione(c, nil, is(cmd)))
}

// FattiCaso is what is true of a case that keeps it from being erased.
func (s *Service) FattiCaso(ctx context.Context, req Request, c id.Caso) (cancellazione.Fatti, error) {
	fatti, _, err := s.fattiDi(ctx, req, cancellazione.Soggetto{Tipo: cancellazione.Nucleo, Caso: c})
	return fatti, err
}

// PrendiCancellazione makes a proposal the request of whoever takes it up.
func (s *Service) PrendiCancellazione(ctx context.Context, req Request, c id.Cancellazione, cmd cancellazione.Prende) (Cancellazione, error) {
	return execute(ctx, s, req, suCancellazione(c, vedeCancellazione(req.Attore), func(ctx context.Context, st cancellazione.State) (cancellazione.Prende, error) {
		var err error
		cmd.Da, cmd.Il = id.Operatore{UUID: req.Attore.ID}, s.oggi(req)
		cmd.Fatti, _, err = s.fattiDi(ctx, req, st.Richiesta.Soggetto)
		return cmd, err
	}))
}

// AccantonaCancellazione sets a proposal aside.
func (s *Service) AccantonaCancellazione(ctx context.Context, req Request, c id.Cancellazione, cmd cancellazione.Accantona) (Cancellazione, error) {
	cmd.Da = id.Operatore{UUID: req.Attore.ID}
	return execute(ctx, s, req, suCancellazione(c, vedeCancellazione(req.Attore), is(cmd)))
}

// AutorizzaCancellazione has an erasure carried out.
func (s *Service) AutorizzaCancellazione(ctx context.Context, req Request, c id.Cancellazione) (Cancellazione, error) {
	return execute(ctx, s, req, suCancellazione(c, vedeCancellazione(req.Attore), func(ctx context.Context, st cancellazione.State) (cancellazione.Autorizza, error) {
		fatti, _, err := s.fattiDi(ctx, req, st.Richiesta.Soggetto)
		return cancellazione.Autorizza{Da: id.Operatore{UUID: req.Attore.ID}, Oggi: s.oggi(req), Fatti: fatti}, err
	}))
}

// RifiutaCancellazione refuses an erasure.
func (s *Service) RifiutaCancellazione(ctx context.Context, req Request, c id.Cancellazione, cmd cancellazione.Rifiuta) (Cancellazione, error) {
	cmd.Da = id.Operatore{UUID: req.Attore.ID}
	return execute(ctx, s, req, suCancellazione(c, vedeCancellazione(req.Attore), is(cmd)))
}

// Cancellazione is a request as it is now, for somebody who may know of it.
func (s *Service) Cancellazione(ctx context.Context, chi domain.Attore, c id.Cancellazione) (cancellazione.State, error) {
	letto, _, err := leggi(ctx, s.Store, Request{}, cancellazione.Decider, cancellazione.Decider.Stream(c.String()))
	if err == nil {
		err = vedeCancellazione(chi)(letto.Stato)
	}
	return letto.Stato, err
}

// StorieCancellazioni are the events of requests, in the order of the log, up to an instant.
func (s *Service) StorieCancellazioni(ctx context.Context, fino time.Time, quali ...id.Cancellazione) (tutti []domain.Recorded, err error) {
	for _, c := range quali {
		for r, err := range s.Store.Read(ctx, cancellazione.Decider.Stream(c.String())) {
			if err != nil {
				return nil, err
			}
			if !r.Meta.Istante.After(fino) {
				tutti = append(tutti, r)
			}
		}
	}
	slices.SortFunc(tutti, func(a, b domain.Recorded) int { return cmp.Compare(a.Position, b.Position) })
	return tutti, nil
}

// StatoCancellazione is a request as it is now, for the program that carries it out.
func (s *Service) StatoCancellazione(ctx context.Context, c id.Cancellazione) (cancellazione.State, error) {
	letto, _, err := leggi(ctx, s.Store, Request{}, cancellazione.Decider, cancellazione.Decider.Stream(c.String()))
	return letto.Stato, err
}

// EseguiCancellazione notes that the keys of a request are destroyed.
func (s *Service) EseguiCancellazione(ctx context.Context, req Request, c id.Cancellazione, cmd cancellazione.Esegui) (Cancellazione, error) {
	return execute(ctx, s, req, suCancellazione(c, nil, is(cmd)))
}

// ProvaCancellazione notes that nothing is left of a subject.
func (s *Service) ProvaCancellazione(ctx context.Context, req Request, c id.Cancellazione, cmd cancellazione.Dimostra) (Cancellazione, error) {
	return execute(ctx, s, req, suCancellazione(c, nil, is(cmd)))
}

// RegistroOblio is the ledger of what was destroyed.
func (s *Service) RegistroOblio(ctx context.Context) (oblio.State, error) {
	letto, _, err := leggi(ctx, s.Store, Request{}, oblio.Decider, oblio.Flusso)
	return letto.Stato, err
}

// IscriviOblio enters something in the ledger.
func (s *Service) IscriviOblio(ctx context.Context, req Request, cmd domain.Command[oblio.State, oblio.Event]) (Esito[oblio.State], error) {
	return execute(ctx, s, req, azione[oblio.State, oblio.Event]{
		decider: oblio.Decider, chiave: domain.Key(oblio.Flusso), comando: is(cmd),
	})
}

// PoniVincolo holds a case, and TogliVincolo lets it go.
func (s *Service) PoniVincolo(ctx context.Context, req Request, cmd vincolo.Poni) (Esito[vincolo.State], error) {
	storia, err := s.casoDelDesk(ctx, req.Attore, cmd.Caso)
	if err != nil {
		return Esito[vincolo.State]{}, err
	}
	cmd.Ambito, cmd.Da = storia.Stato.Ambito, id.Operatore{UUID: req.Attore.ID}
	return execute(ctx, s, req, suVincolo(cmd.Caso, is(cmd)))
}

// TogliVincolo lets a case go.
func (s *Service) TogliVincolo(ctx context.Context, req Request, c id.Caso, cmd vincolo.Togli) (Esito[vincolo.State], error) {
	if _, err := s.casoDelDesk(ctx, req.Attore, c); err != nil {
		return Esito[vincolo.State]{}, err
	}
	cmd.Da = id.Operatore{UUID: req.Attore.ID}
	return execute(ctx, s, req, suVincolo(c, is(cmd)))
}

func suCancellazione[C domain.Command[cancellazione.State, cancellazione.Event]](c id.Cancellazione, visibile func(cancellazione.State) error, comando func(context.Context, cancellazione.State) (C, error)) azione[cancellazione.State, cancellazione.Event] {
	return azione[cancellazione.State, cancellazione.Event]{
		decider: cancellazione.Decider, chiave: c.String(), visibile: visibile,
		comando: func(ctx context.Context, st cancellazione.State) (domain.Command[cancellazione.State, cancellazione.Event], error) {
			return comando(ctx, st)
		},
	}
}

func suVincolo[C domain.Command[vincolo.State, vincolo.Event]](c id.Caso, comando func(context.Context, vincolo.State) (C, error)) azione[vincolo.State, vincolo.Event] {
	return azione[vincolo.State, vincolo.Event]{
		decider: vincolo.Decider, chiave: c.String(),
		comando: func(ctx context.Context, v vincolo.State) (domain.Command[vincolo.State, vincolo.Event], error) {
			return comando(ctx, v)
		},
	}
}

// vedeCancellazione refuses who may not know of a request: it is there for the
// privacy desk of the ambito.
func vedeCancellazione(chi domain.Attore) func(cancellazione.State) error {
	return func(s cancellazione.State) error {
		if s.Stato == "" || chi.Ruolo != domain.ResponsabileDati || !chi.Territorio.Copre(s.Richiesta.Ambito, "") {
			return cancellazione.ErrInesistente
		}
		return nil
	}
}

// casoDelDesk is a case that lies where a privacy desk looks after it.
func (s *Service) casoDelDesk(ctx context.Context, chi domain.Attore, c id.Caso) (Storia, error) {
	storia, err := s.StoriaCaso(ctx, c, Alla{})
	if err == nil && !chi.Territorio.Copre(storia.Stato.Ambito, "") {
		err = caso.ErrInesistente
	}
	return storia, err
}

// fattiDi is what is true of a subject, and in which ambito.
func (s *Service) fattiDi(ctx context.Context, req Request, di cancellazione.Soggetto) (f cancellazione.Fatti, ambito string, err error) {
	if di.Tipo == cancellazione.Operatore {
		return s.fattiDiOperatore(ctx, req, id.Operatore{UUID: di.Quale})
	}
	if di.Caso.IsZero() {
		return f, "", cancellazione.ErrSoggetto.At("tipo")
	}
	storia, err := s.casoDelDesk(ctx, req.Attore, di.Caso)
	if err != nil {
		return f, "", err
	}
	tenuto, _, err := leggi(ctx, s.Store, Request{}, vincolo.Decider, vincolo.Decider.Stream(di.Caso.String()))
	f = cancellazione.Fatti{
		Noto: storia.conosce(di), Vincolato: tenuto.Stato.Vale(), InCorso: storia.Stato.Stato.Aperto(),
		Fine: max(storia.Stato.Chiusura.Data, giorno.Di(storia.Head.Istante.In(s.Zona))),
	}
	return f, storia.Stato.Ambito, err
}

// conosce reports whether a subject is, or ever was, in the case.
func (s Storia) conosce(di cancellazione.Soggetto) bool {
	return slices.ContainsFunc(s.Eventi, func(r domain.Recorded) bool {
		switch di.Tipo {
		case cancellazione.Documento:
			return r.ID == di.Quale
		case cancellazione.Persona:
			return slices.ContainsFunc(entrati(r.Event), func(c caso.Componente) bool { return c.ID.UUID == di.Quale })
		}
		return true
	})
}

// entrati are the people that an event brings into a nucleo.
func entrati(e domain.Event) []caso.Componente {
	switch e := e.(type) {
	case caso.DomandaRicevuta:
		return e.Componenti
	case caso.ComposizioneNucleoAggiornata:
		return e.Aggiunti
	}
	return nil
}

// fattiDiOperatore is what is true of an operator, for the privacy desk of an
// ambito in which they had a role.
func (s *Service) fattiDiOperatore(ctx context.Context, req Request, o id.Operatore) (f cancellazione.Fatti, ambito string, err error) {
	letto, _, err := leggi(ctx, s.Store, Request{}, operatore.Decider, operatore.Decider.Stream(o.String()))
	if err != nil {
		return f, "", err
	}
	ambito = req.Attore.Territorio.Ambito
	f.Noto = letto.Stato.Registrato && slices.ContainsFunc(letto.Stato.Accreditamenti, func(a operatore.Accreditamento) bool { return a.Territorio.Ambito == ambito })
	f.InCorso = slices.ContainsFunc(letto.Stato.Accreditamenti, func(a operatore.Accreditamento) bool { return !a.Revocato })
	f.Fine = giorno.Di(letto.Head.Istante.In(s.Zona))
	return f, ambito, nil
}
