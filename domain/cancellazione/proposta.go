package cancellazione

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// What the program finds to be over it proposes, and no more: it asks for nothing.
// A proposal becomes a request when a person takes it up, and then it takes
// another person, as if the first had come upon it alone (ADR 0034).
const (
	Proposta    Stato = "PROPOSTA"    // the term is over, and nobody has taken it up
	Accantonata Stato = "ACCANTONATA" // it is not taken up now; it may be, later
)

type (
	// Scadenza proposes the erasure of a subject that was kept for as long as it must be.
	Scadenza struct {
		Soggetto
		Ambito string        `json:"ambito"` // whose privacy desk takes it up
		Fine   giorno.Giorno `json:"fine"`   // of the case: its term begins there
		Il     giorno.Giorno `json:"proposta_il"`
	}
	// Accantonamento sets a proposal aside.
	Accantonamento struct {
		Da     id.Operatore         `json:"accantonata_da"`
		Motivo MotivoAccantonamento `json:"motivo"`
	}
)

// MotivoAccantonamento is why a proposal is set aside.
type MotivoAccantonamento string

// MotiviAccantonamento are the reasons to set a proposal aside.
var MotiviAccantonamento = []MotivoAccantonamento{"TERMINE_PIU_LUNGO", "CONTENZIOSO", "VERIFICA_IN_CORSO", "GIA_CANCELLATA"}

// Refusals of proposals.
var (
	ErrNonPresa    = domain.Refuse(domain.Refused, "cancellazione.non_presa", "it is a proposal of the program: a person takes it up first, then another decides")
	ErrGiaPresa    = domain.Refuse(domain.Refused, "cancellazione.gia_presa", "somebody has taken it up already: read it again")
	ErrPerProposta = domain.Refuse(domain.Invalid, "cancellazione.accantonamento", "the reason is not one of the list")
)

// Propone proposes an erasure.
type Propone struct {
	Scadenza
	Fatti Fatti
}

// Decide implements domain.Command.
func (c Propone) Decide(s State) ([]Event, error) {
	switch {
	case !c.valido() || c.Tipo != Nucleo && c.Tipo != Persona:
		return nil, ErrSoggetto.At("tipo")
	case s.Stato != "":
		return nil, nil // already so
	}
	if err := c.Fatti.ostacolo(Richiesta{Soggetto: c.Soggetto, Base: TermineDecorso}, c.Il); err != nil {
		return nil, err
	}
	c.Fine = c.Fatti.Fine
	return []Event{c.Scadenza}, nil
}

// Prende makes a proposal the request of a person, who names an act, as whoever
// asks does. It is held against the facts of that day.
type Prende struct {
	Da          id.Operatore
	Riferimento string
	Il          giorno.Giorno
	Fatti       Fatti
}

// Decide implements domain.Command.
func (c Prende) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case !numeroDiAtto(c.Riferimento):
		return nil, ErrRiferimento.At("riferimento")
	case s.Stato == InAttesa && s.Richiesta.Da == c.Da && s.Richiesta.Riferimento == c.Riferimento:
		return nil, nil // already so
	case !s.daPrendere():
		return nil, ErrGiaPresa
	}
	r := s.Richiesta
	r.Da, r.Riferimento, r.Il = c.Da, c.Riferimento, c.Il
	if err := c.Fatti.ostacolo(r, c.Il); err != nil {
		return nil, err
	}
	return []Event{r}, nil
}

// Accantona sets a proposal aside. It destroys nothing, so one person does.
type Accantona struct {
	Da     id.Operatore
	Motivo MotivoAccantonamento
}

// Decide implements domain.Command.
func (c Accantona) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case !slices.Contains(MotiviAccantonamento, c.Motivo):
		return nil, ErrPerProposta.At("motivo")
	case s.Stato == Accantonata && s.DecisaDa == c.Da && s.Motivo == string(c.Motivo):
		return nil, nil // already so
	case !s.daPrendere():
		return nil, ErrGiaPresa
	}
	return []Event{Accantonamento(c)}, nil
}

// daPrendere reports whether nobody has asked for what was proposed.
func (s State) daPrendere() bool { return s.Stato == Proposta || s.Stato == Accantonata }

// Chiesta is what was made of a subject, as a list knows it.
type Chiesta struct {
	Soggetto
	Base      Base
	Stato     Stato
	Posizione uint64 // of its last event in the log
}

// Basta reports whether a subject is not proposed because of this: it is about to
// be erased, or was, or people have said no since the case last went on.
func (c Chiesta) Basta(di Soggetto, ultima uint64) bool {
	if c.Soggetto != di && (c.Tipo != Nucleo || c.Caso != di.Caso) {
		return false
	}
	switch c.Stato {
	case Proposta, InAttesa, Autorizzata, Distrutta:
		return true
	case Provata:
		return c.Posizione > ultima
	}
	return c.Base == TermineDecorso && c.Posizione > ultima
}

func (Scadenza) EventType() string       { return "CancellazioneProposta" }
func (Accantonamento) EventType() string { return "CancellazioneAccantonata" }

func (Scadenza) isCancellazione()       {}
func (Accantonamento) isCancellazione() {}
