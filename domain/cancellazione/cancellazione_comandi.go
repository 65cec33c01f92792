package cancellazione

import (
	"regexp"
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Refusals of erasures.
var (
	ErrInesistente     = domain.Refuse(domain.NotFound, "cancellazione.inesistente", "there is no such request for you: look at your list of them")
	ErrSoggetto        = domain.Refuse(domain.Invalid, "cancellazione.soggetto", "name a NUCLEO by its case, a PERSONA or DOCUMENTO by its case and its id, an OPERATORE by its id")
	ErrSoggettoIgnoto  = domain.Refuse(domain.NotFound, "cancellazione.soggetto_inesistente", "there is nobody and nothing by that id there, for you")
	ErrBase            = domain.Refuse(domain.Invalid, "cancellazione.base", "the legal basis is not one of the list")
	ErrRiferimento     = domain.Refuse(domain.Invalid, "cancellazione.riferimento", "name the act by its number, in letters, digits and . / - without spaces, with a digit in it: nobody's name")
	ErrMotivo          = domain.Refuse(domain.Invalid, "cancellazione.motivo", "the reason is not one of the list")
	ErrVincolo         = domain.Refuse(domain.Refused, "cancellazione.vincolo", "the case is held by a legal hold, whatever the basis: have the hold lifted first, when its reason is gone")
	ErrCasoAperto      = domain.Refuse(domain.Refused, "cancellazione.caso_aperto", "the case is open and its data are needed by law (GDPR, art. 17.3.b): close it, or name a basis that does not wait")
	ErrOperatoreAttivo = domain.Refuse(domain.Refused, "cancellazione.operatore_attivo", "the operator has roles: revoke them first")
	ErrTermine         = domain.Refuse(domain.Refused, "cancellazione.termine_non_decorso", "it must be kept for 10 years after its end (GDPR, art. 17.3.b and d): ask again after them, or name a basis that does not wait")
	ErrStessaPersona   = domain.Refuse(domain.Forbidden, "cancellazione.stessa_persona", "whoever asks does not decide: it takes another person")
	ErrDecisa          = domain.Refuse(domain.Refused, "cancellazione.gia_decisa", "somebody has decided already: read it again")
	ErrNonProvata      = domain.Refuse(domain.Refused, "cancellazione.non_provata", "it is not proven yet that all is gone: ask for the receipt later")
)

// Anni are the years for which a case, or what an operator did, is kept after
// its end: as long as claims about it can be made (art. 2946 c.c.).
const Anni = 10

// atto is the number of an act: not a sentence, nor a name.
var atto = regexp.MustCompile(`^[A-Za-z0-9./-]{1,40}$`)

var cifra = regexp.MustCompile(`[0-9]`)

func numeroDiAtto(s string) bool { return atto.MatchString(s) && cifra.MatchString(s) }

// Fatti is what is true of a subject elsewhere.
type Fatti struct {
	Noto      bool          // the subject is there, for who asks
	Vincolato bool          // a legal hold stands on the case
	InCorso   bool          // the case is open; the operator has roles
	Fine      giorno.Giorno // of the case, or of what the operator did
}

// ostacolo is what keeps a subject from being erased on a day.
func (f Fatti) ostacolo(r Richiesta, oggi giorno.Giorno) error {
	aspetta := r.Base == TermineDecorso // the other bases do not wait for the end of a term
	switch {
	case !f.Noto:
		return ErrSoggettoIgnoto
	case f.Vincolato:
		return ErrVincolo
	case r.Tipo == Operatore && f.InCorso:
		return ErrOperatoreAttivo
	case aspetta && f.InCorso:
		return ErrCasoAperto
	case aspetta && !f.Decorso(oggi):
		return ErrTermine
	}
	return nil
}

// Decorso reports whether the term of what has ended is over on a day.
func (f Fatti) Decorso(oggi giorno.Giorno) bool {
	return !f.InCorso && giorno.Di(f.Fine.Time().AddDate(Anni, 0, 0)) <= oggi
}

// Chiedi asks for an erasure.
type Chiedi struct {
	Richiesta
	Fatti Fatti
}

// Decide implements domain.Command.
func (c Chiedi) Decide(s State) ([]Event, error) {
	switch {
	case !c.valido():
		return nil, ErrSoggetto.At("tipo")
	case !slices.Contains(Basi, c.Base):
		return nil, ErrBase.At("base")
	case !numeroDiAtto(c.Riferimento):
		return nil, ErrRiferimento.At("riferimento")
	case s.Stato != "":
		return nil, nil // already so
	}
	if err := c.Fatti.ostacolo(c.Richiesta, c.Il); err != nil {
		return nil, err
	}
	return []Event{c.Richiesta}, nil
}

// Autorizza has an erasure carried out. What kept it from being asked for keeps
// it from being authorised, too.
type Autorizza struct {
	Da    id.Operatore
	Oggi  giorno.Giorno
	Fatti Fatti
}

// Decide implements domain.Command.
func (c Autorizza) Decide(s State) ([]Event, error) {
	if s.autorizzata() && s.DecisaDa == c.Da {
		return nil, nil // already so
	}
	if err := s.decide(c.Da); err != nil {
		return nil, err
	}
	if err := c.Fatti.ostacolo(s.Richiesta, c.Oggi); err != nil {
		return nil, err
	}
	return []Event{Autorizzazione{Da: c.Da}}, nil
}

// Rifiuta refuses an erasure.
type Rifiuta struct {
	Da     id.Operatore
	Motivo MotivoRifiuto
}

// Decide implements domain.Command.
func (c Rifiuta) Decide(s State) ([]Event, error) {
	switch {
	case !slices.Contains(MotiviRifiuto, c.Motivo):
		return nil, ErrMotivo.At("motivo")
	case s.Stato == Rifiutata && s.DecisaDa == c.Da:
		return nil, nil // already so
	}
	if err := s.decide(c.Da); err != nil {
		return nil, err
	}
	return []Event{Rifiuto(c)}, nil
}

// autorizzata reports whether two persons have said yes.
func (s State) autorizzata() bool {
	return s.Stato == Autorizzata || s.Stato == Distrutta || s.Stato == Provata
}

// decide refuses who may not decide.
func (s State) decide(chi id.Operatore) error {
	switch {
	case s.Stato == "":
		return ErrInesistente
	case s.daPrendere():
		return ErrNonPresa
	case s.Richiesta.Da == chi:
		return ErrStessaPersona
	case s.Stato != InAttesa:
		return ErrDecisa
	}
	return nil
}

// Esegui notes that the keys are destroyed. When more had to be, because more
// was sealed meanwhile, it is noted again.
type Esegui struct{ ChiaviDistrutte }

// Decide implements domain.Command.
func (c Esegui) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == Provata || s.Stato == Distrutta && s.Distrutte.Impronta == c.Impronta:
		return nil, nil // already so
	case s.Stato != Autorizzata && s.Stato != Distrutta:
		return nil, ErrInesistente
	}
	c.Soggetto = s.Richiesta.Soggetto
	return []Event{c.ChiaviDistrutte}, nil
}

// Dimostra notes that nothing is left.
type Dimostra struct{ Prova }

// Decide implements domain.Command.
func (c Dimostra) Decide(s State) ([]Event, error) {
	switch s.Stato {
	case Provata:
		return nil, nil // already so
	case Distrutta:
		return []Event{c.Prova}, nil
	}
	return nil, ErrInesistente
}
