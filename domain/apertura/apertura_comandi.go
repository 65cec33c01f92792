package apertura

import (
	"regexp"
	"slices"
	"time"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Refusals of openings.
var (
	ErrInesistente   = domain.Refuse(domain.NotFound, "apertura.inesistente", "there is no such opening for you: look at your list of them")
	ErrMotivo        = domain.Refuse(domain.Invalid, "apertura.motivo", "the reason is not one of the list")
	ErrRiferimento   = domain.Refuse(domain.Invalid, "apertura.riferimento", "name the act by its number, in letters, digits and . / - without spaces, with a digit in it: nobody's name")
	ErrPeriodo       = domain.Refuse(domain.Unprocessable, "apertura.periodo", "the stretch begins on a day and ends on the same or a later one, not after today")
	ErrStessaPersona = domain.Refuse(domain.Forbidden, "apertura.stessa_persona", "whoever asks does not decide: it takes another person")
	ErrDecisa        = domain.Refuse(domain.Refused, "apertura.gia_decisa", "somebody has decided already: read it again")
	ErrVecchia       = domain.Refuse(domain.Refused, "apertura.richiesta_scaduta", "the request is more than a week old: it must be made again")
	ErrNonConcessa   = domain.Refuse(domain.Refused, "apertura.non_concessa", "it was not granted: personal data stays masked")
	ErrScaduta       = domain.Refuse(domain.Refused, "apertura.scaduta", "the hour is over: ask for another opening")
	ErrFuoriPeriodo  = domain.Refuse(domain.Refused, "apertura.fuori_periodo", "the moment lies outside the stretch that was granted")
)

// atto is the number of an act: not a sentence, nor a name.
var atto = regexp.MustCompile(`^[A-Za-z0-9./-]{1,40}$`)

var cifra = regexp.MustCompile(`[0-9]`)

// Chiedi asks for an opening.
type Chiedi struct{ Richiesta }

// Decide implements domain.Command.
func (c Chiedi) Decide(s State) ([]Event, error) {
	switch p := c.Periodo; {
	case !slices.Contains(Motivi, c.Motivo):
		return nil, ErrMotivo.At("motivo")
	case !atto.MatchString(c.Riferimento) || !cifra.MatchString(c.Riferimento):
		return nil, ErrRiferimento.At("riferimento")
	case p.Dal.IsZero() || p.Al < p.Dal || p.Al > c.Il:
		return nil, ErrPeriodo.At("periodo")
	case s.Stato != "":
		return nil, nil // already so
	}
	return []Event{c.Richiesta}, nil
}

// Concedi grants an opening, to begin now.
type Concedi struct {
	Da     id.Operatore
	Oggi   giorno.Giorno
	Adesso time.Time
}

// Decide implements domain.Command.
func (c Concedi) Decide(s State) ([]Event, error) {
	if s.Stato == Accolta && s.DecisaDa == c.Da {
		return nil, nil // already so
	}
	if err := s.decide(c.Da); err != nil {
		return nil, err
	}
	if c.Oggi > s.Richiesta.Il+Attesa {
		return nil, ErrVecchia
	}
	return []Event{Concessa{Da: c.Da, Scade: c.Adesso.Add(Durata).UTC()}}, nil
}

// Nega refuses an opening.
type Nega struct {
	Da     id.Operatore
	Motivo MotivoDiniego
}

// Decide implements domain.Command.
func (c Nega) Decide(s State) ([]Event, error) {
	switch {
	case !slices.Contains(MotiviDiniego, c.Motivo):
		return nil, ErrMotivo.At("motivo")
	case s.Stato == Rifiutata && s.DecisaDa == c.Da:
		return nil, nil // already so
	}
	if err := s.decide(c.Da); err != nil {
		return nil, err
	}
	return []Event{Negata(c)}, nil
}

// decide refuses who may not decide.
func (s State) decide(chi id.Operatore) error {
	switch {
	case s.Stato == "":
		return ErrInesistente
	case s.Richiesta.Da == chi:
		return ErrStessaPersona
	case s.Stato != InAttesa:
		return ErrDecisa
	}
	return nil
}

// Apre refuses who may not read under the opening, now: it is of who asked for
// it, and of nobody else.
func (s State) Apre(chi id.Operatore, adesso time.Time) error {
	switch {
	case s.Stato == "" || s.Richiesta.Da != chi:
		return ErrInesistente
	case s.Stato != Accolta:
		return ErrNonConcessa
	case !adesso.Before(s.Scade):
		return ErrScaduta
	}
	return nil
}
