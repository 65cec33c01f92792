package caso

import (
	"slices"
	"unicode/utf8"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Sostegni says how far the sostegni of the PaIS came: PREVISTO, ATTIVATO,
// SOSPESO and ATTIVATO again, and in the end CONCLUSO or REVOCATO (domain rule 4.5).
type Sostegni []Attivazione

// Attivazione is where one sostegno stands, since when.
type Attivazione struct {
	Sostegno id.Sostegno
	Stato    StatoSostegno
	Passo
}

// Passo is a step of a sostegno: the day, and what there is to say.
type Passo struct {
	Data giorno.Giorno `json:"data"`
	Nota string        `json:"nota,omitempty" personale:"testo"`
}

// StatoSostegno is how far a sostegno came.
type StatoSostegno string

// The states of a sostegno.
const (
	SostegnoInAttesa StatoSostegno = "PREVISTO"
	SostegnoInCorso  StatoSostegno = "ATTIVATO"
	SostegnoFermo    StatoSostegno = "SOSPESO"
	SostegnoFinito   StatoSostegno = "CONCLUSO"
	SostegnoRitirato StatoSostegno = "REVOCATO"
)

func (s StatoSostegno) attivo() bool { return s == SostegnoInCorso || s == SostegnoFermo }

// Stato is how far a sostegno came.
func (l Sostegni) Stato(s id.Sostegno) StatoSostegno { return l.di(s).Stato }

func (l Sostegni) di(s id.Sostegno) Attivazione {
	if i := slices.IndexFunc(l, func(a Attivazione) bool { return a.Sostegno == s }); i >= 0 {
		return l[i]
	}
	return Attivazione{Sostegno: s, Stato: SostegnoInAttesa}
}

// attivoFuori reports whether a sostegno is active that a patto does not
// foresee: it was taken out, then activated by the one still in force.
func (l Sostegni) attivoFuori(p Patto) bool {
	return slices.ContainsFunc(l, func(a Attivazione) bool { return a.Stato.attivo() && posto(p.Sostegni, a.Sostegno.UUID) < 0 })
}

//sumtype:decl
type sostegni interface {
	Event
	isSostegni()
}

type (
	// SostegnoAttivato says that a sostegno is given, or given again.
	SostegnoAttivato struct {
		Sostegno id.Sostegno `json:"sostegno_id"`
		Passo
	}
	// SostegnoSospeso says that a sostegno is not given for the time being.
	SostegnoSospeso struct {
		Sostegno id.Sostegno `json:"sostegno_id"`
		Passo
	}
	// SostegnoConcluso says that a sostegno was given to its end.
	SostegnoConcluso struct {
		Sostegno id.Sostegno `json:"sostegno_id"`
		Passo
	}
	// SostegnoRevocato says that a sostegno was taken back before its end.
	SostegnoRevocato struct {
		Sostegno id.Sostegno `json:"sostegno_id"`
		Passo
	}
)

var eventiSostegni = []domain.Entry{
	domain.Of[SostegnoAttivato](),
	domain.Of[SostegnoSospeso](),
	domain.Of[SostegnoConcluso](),
	domain.Of[SostegnoRevocato](),
}

// Refusals.
var (
	ErrSostegnoInesistente = domain.Refuse(domain.NotFound, "sostegno.inesistente", "there is no such sostegno in the case")
	ErrSostegnoNonAttivo   = domain.Refuse(domain.Refused, "sostegno.non_attivo", "the sostegno is not active, or ended before")
	ErrSostegnoAttivo      = domain.Refuse(domain.Refused, "sostegno.attivo", "a sostegno that the PaIS does not foresee any more is active: conclude or revoke it first")
	ErrSostegnoDelCM       = domain.Refuse(domain.Refused, "sostegno.del_case_manager", "the case has a case manager, who alone leads its sostegni")
	ErrSostegnoNonInVigore = domain.Refuse(domain.Refused, "sostegno.non_in_vigore", "the sostegno is part of no signed PaIS: have it signed first")
)

func (l Sostegni) evolve(e sostegni) Sostegni {
	switch e := e.(type) {
	case SostegnoAttivato:
		return l.passa(Attivazione{e.Sostegno, SostegnoInCorso, e.Passo})
	case SostegnoSospeso:
		return l.passa(Attivazione{e.Sostegno, SostegnoFermo, e.Passo})
	case SostegnoConcluso:
		return l.passa(Attivazione{e.Sostegno, SostegnoFinito, e.Passo})
	case SostegnoRevocato:
		return l.passa(Attivazione{e.Sostegno, SostegnoRitirato, e.Passo})
	}
	return l
}

func (l Sostegni) passa(a Attivazione) Sostegni {
	l = slices.Clone(l)
	if i := slices.IndexFunc(l, func(b Attivazione) bool { return b.Sostegno == a.Sostegno }); i >= 0 {
		l[i] = a
		return l
	}
	return append(l, a)
}

// PassoSostegno is what each step of a sostegno is asked with. A referente
// leads the sostegni of cases without case manager, the case manager all others.
type PassoSostegno struct {
	Sostegno id.Sostegno
	Data     giorno.Giorno
	Nota     string       `personale:"testo"`
	Ruolo    domain.Ruolo // of who asks
	Oggi     giorno.Giorno
}

// su is where the sostegno stands, unless the step cannot be.
func (p PassoSostegno) su(s State) (Attivazione, error) {
	if err := s.opera(); err != nil {
		return Attivazione{}, err
	}
	a := s.Sostegni.di(p.Sostegno)
	switch {
	case posto(s.PaIS.Bozza.Sostegni, p.Sostegno.UUID) < 0 && posto(s.PaIS.Vigente.Sostegni, p.Sostegno.UUID) < 0:
		return a, ErrSostegnoInesistente
	case p.Ruolo == domain.ReferenteSostegni && !s.Assegnazione.CaseManager.IsZero():
		return a, ErrSostegnoDelCM
	case p.Data.IsZero() || p.Data > p.Oggi || p.Data < a.Data:
		return a, ErrData.At("data")
	case utf8.RuneCountInString(p.Nota) > massimoTesto:
		return a, ErrTestoTroppoLungo.At("nota")
	}
	return a, nil
}

func (p PassoSostegno) passo() Passo { return Passo{p.Data, p.Nota} }

func (SostegnoAttivato) EventType() string { return "SostegnoAttivato" }
func (SostegnoSospeso) EventType() string  { return "SostegnoSospeso" }
func (SostegnoConcluso) EventType() string { return "SostegnoConcluso" }
func (SostegnoRevocato) EventType() string { return "SostegnoRevocato" }

func (SostegnoAttivato) isSostegni() {}
func (SostegnoSospeso) isSostegni()  {}
func (SostegnoConcluso) isSostegni() {}
func (SostegnoRevocato) isSostegni() {}

func (SostegnoAttivato) isCaso() {}
func (SostegnoSospeso) isCaso()  {}
func (SostegnoConcluso) isCaso() {}
func (SostegnoRevocato) isCaso() {}
