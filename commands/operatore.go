package commands

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"slices"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

// Operatore is an operator as a command found it, or left it.
type Operatore = Esito[operatore.State]

// OperatoreDi is the id of the operator with a codice fiscale. Only whoever
// has the secret of the installation can tell one from the other.
func (s *Service) OperatoreDi(codiceFiscale string) id.Operatore {
	h := hmac.New(sha256.New, s.Segreto)
	_, _ = h.Write([]byte("operatore\x00" + codiceFiscale))
	o := uuid.UUID(h.Sum(nil)[:16])
	o[6], o[8] = o[6]&0x0f|0x80, o[8]&0x3f|0x80 // a UUID of version 8: made by the application
	return id.Operatore{UUID: o}
}

// Operatore is an operator as it is now; not registered when there is none.
func (s *Service) Operatore(ctx context.Context, o id.Operatore) (operatore.State, error) {
	letto, _, err := leggi(ctx, s.Store, Request{}, operatore.Decider, operatore.Decider.Stream(o.String()))
	return letto.Stato, err
}

// RegistraOperatore makes a person known, and returns their id.
func (s *Service) RegistraOperatore(ctx context.Context, req Request, cmd operatore.Registra) (id.Operatore, Operatore, error) {
	identificato, err := cmd.Dati.Identificato()
	if err == nil { // else the command refuses what is wrong
		cmd.Dati = identificato
	}
	cmd.Oggi = s.oggi(req)
	o := s.OperatoreDi(cmd.Dati.CodiceFiscale)
	esito, err := execute(ctx, s, req, suOperatore(o, is(cmd)))
	return o, esito, err
}

// AccreditaRuolo gives an operator a role on a territory.
func (s *Service) AccreditaRuolo(ctx context.Context, req Request, o id.Operatore, cmd operatore.Accredita) (Operatore, error) {
	cmd.Oggi = s.oggi(req)
	cmd.ID, cmd.Chi = id.Accreditamento{UUID: uuid.NewSHA1(req.Comando, []byte("accreditamento"))}, accreditante(req, o)
	return execute(ctx, s, req, suOperatore(o, func(ctx context.Context, _ operatore.State) (domain.Command[operatore.State, operatore.Event], error) {
		dove, err := s.Ambito(ctx, cmd.Territorio.Ambito)
		cmd.ComuniAmbito, cmd.Adesioni = dove.Comuni, adesioni(dove)
		return cmd, err
	}))
}

// adesioni is what an ambito and its comuni have signed.
func adesioni(di ambito.State) (a operatore.Adesioni) {
	for _, c := range di.Convenzioni {
		if c.Comune == "" {
			a.Ente = true
			continue
		}
		a.Convenzionati = append(a.Convenzionati, c.Comune)
	}
	for _, d := range di.Deleghe {
		a.Delegati = append(a.Delegati, d.Comune)
	}
	return a
}

// RevocaRuolo ends one accreditation of an operator.
func (s *Service) RevocaRuolo(ctx context.Context, req Request, o id.Operatore, cmd operatore.Revoca) (Operatore, error) {
	cmd.Chi = accreditante(req, o)
	return execute(ctx, s, req, sulRuolo(req, o, is(cmd)))
}

// ModificaRuolo changes the comuni and the fund of an accreditation.
func (s *Service) ModificaRuolo(ctx context.Context, req Request, o id.Operatore, cmd operatore.Modifica) (Operatore, error) {
	cmd.Chi, cmd.Oggi = accreditante(req, o), s.oggi(req)
	return execute(ctx, s, req, sulRuolo(req, o, func(ctx context.Context, st operatore.State) (domain.Command[operatore.State, operatore.Event], error) {
		acc, _ := st.Trova(cmd.Accreditamento)
		dove, err := s.Ambito(ctx, acc.Territorio.Ambito)
		cmd.ComuniAmbito, cmd.Adesioni = dove.Comuni, adesioni(dove)
		return cmd, err
	}))
}

// AggiornaRecapitiOperatore changes how an operator is reached.
func (s *Service) AggiornaRecapitiOperatore(ctx context.Context, req Request, o id.Operatore, cmd operatore.AggiornaRecapiti) (Operatore, error) {
	cmd.Chi = accreditante(req, o)
	return execute(ctx, s, req, sulRuolo(req, o, is(cmd)))
}

// SospendiOperatore keeps an operator from acting.
func (s *Service) SospendiOperatore(ctx context.Context, req Request, o id.Operatore, cmd operatore.Sospendi) (Operatore, error) {
	cmd.Chi = accreditante(req, o)
	return execute(ctx, s, req, sulRuolo(req, o, is(cmd)))
}

// RiattivaOperatore lets an operator act again.
func (s *Service) RiattivaOperatore(ctx context.Context, req Request, o id.Operatore, cmd operatore.Riattiva) (Operatore, error) {
	cmd.Chi = accreditante(req, o)
	return execute(ctx, s, req, sulRuolo(req, o, is(cmd)))
}

// SospendiAccreditamento keeps an operator from acting under one role.
func (s *Service) SospendiAccreditamento(ctx context.Context, req Request, o id.Operatore, cmd operatore.SospendiAccreditamento) (Operatore, error) {
	cmd.Chi = accreditante(req, o)
	return execute(ctx, s, req, sulRuolo(req, o, is(cmd)))
}

// RiattivaAccreditamento lets an operator act under one role again.
func (s *Service) RiattivaAccreditamento(ctx context.Context, req Request, o id.Operatore, cmd operatore.RiattivaAccreditamento) (Operatore, error) {
	cmd.Chi = accreditante(req, o)
	return execute(ctx, s, req, sulRuolo(req, o, is(cmd)))
}

// RifiutaAccesso notes that a person who signed in was not let in, if they are
// known here.
func (s *Service) RifiutaAccesso(ctx context.Context, req Request, o id.Operatore, cmd operatore.RifiutaAccesso) error {
	cmd.Oggi = s.oggi(req)
	_, err := execute(ctx, s, req, suOperatore(o, is(cmd)))
	return err
}

// RegistraIndisponibilita says that an operator is away for a time.
func (s *Service) RegistraIndisponibilita(ctx context.Context, req Request, o id.Operatore, cmd operatore.RegistraIndisponibilita) (Operatore, error) {
	cmd.Chi = accreditante(req, o)
	return execute(ctx, s, req, sulRuolo(req, o, is(cmd)))
}

// RevocaIndisponibilita takes an absence of an operator back.
func (s *Service) RevocaIndisponibilita(ctx context.Context, req Request, o id.Operatore, cmd operatore.RevocaIndisponibilita) (Operatore, error) {
	cmd.Chi = accreditante(req, o)
	return execute(ctx, s, req, sulRuolo(req, o, is(cmd)))
}

// sulRuolo is an action of whoever looks after operators: those of whom the
// actor may not know are not there (VedeOperatore). Who is not registered is
// left to the command: asked again, it may have been done before.
func sulRuolo(req Request, o id.Operatore, comando func(context.Context, operatore.State) (domain.Command[operatore.State, operatore.Event], error)) azione[operatore.State, operatore.Event] {
	a := suOperatore(o, comando)
	a.visibile = func(s operatore.State) error {
		if !s.Registrato {
			return nil
		}
		return VedeOperatore(req.Attore, s)
	}
	return a
}

// VedeOperatore refuses operators that are not there for an actor: those who
// never had a role in the actor's ambito, unless they have none at all yet. That
// somebody has a role elsewhere is told alone to who would accredit them here
// (domain 3.1-3).
func VedeOperatore(a domain.Attore, s operatore.State) error {
	qui := func(acc operatore.Accreditamento) bool { return acc.Territorio.Ambito == a.Territorio.Ambito }
	if !s.Registrato || a.Territorio.Ambito != "" && len(s.Accreditamenti) > 0 && !slices.ContainsFunc(s.Accreditamenti, qui) {
		return operatore.ErrInesistente
	}
	return nil
}

func accreditante(req Request, o id.Operatore) operatore.Accreditante {
	return operatore.Accreditante{Ruolo: req.Attore.Ruolo, Territorio: req.Attore.Territorio, SeStesso: req.Attore.ID == o.UUID}
}

func suOperatore(o id.Operatore, comando func(context.Context, operatore.State) (domain.Command[operatore.State, operatore.Event], error)) azione[operatore.State, operatore.Event] {
	return azione[operatore.State, operatore.Event]{decider: operatore.Decider, chiave: o.String(), comando: comando}
}

// Ambito is an ambito as it is now; without a code when there is none.
func (s *Service) Ambito(ctx context.Context, codice string) (ambito.State, error) {
	if codice == "" {
		return ambito.State{}, nil
	}
	letto, _, err := leggi(ctx, s.Store, Request{}, ambito.Decider, ambito.Decider.Stream(codice))
	return letto.Stato, err
}
