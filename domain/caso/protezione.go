package caso

import (
	"slices"

	"nucleo/domain"
)

// Protezione is why a case is protected: whoever looks at it, and is not its
// case manager, is told of to the privacy desk (reliability D-4). It keeps
// nobody out who may open the case, and is seen by nobody else.
type Protezione struct {
	Motivo MotivoProtezione `personale:"dato"` // empty while it is not
}

// MotivoProtezione is why a case is protected: one of a list, because words
// would tell what the protection is to keep.
type MotivoProtezione string

// The reasons.
const (
	Antiviolenza       MotivoProtezione = "ANTIVIOLENZA"        // somebody is kept from somebody violent
	TutelaMinori       MotivoProtezione = "TUTELA_MINORI"       // a measure of the court for minors
	ProtezioneSpeciale MotivoProtezione = "PROTEZIONE_SPECIALE" // witnesses, and those who help justice
	Notorieta          MotivoProtezione = "NOTORIETA"           // somebody is known, and draws curiosity
)

// MotiviProtezione are the reasons.
var MotiviProtezione = []MotivoProtezione{Antiviolenza, TutelaMinori, ProtezioneSpeciale, Notorieta}

//sumtype:decl
type protezione interface {
	Event
	isProtezione()
}

type (
	// ProtezioneDisposta protects a case, or says that it is protected for another
	// reason from now on.
	ProtezioneDisposta struct {
		Motivo MotivoProtezione `json:"motivo" personale:"dato"`
	}
	// ProtezioneRevocata ends the protection of a case, which it had for a reason.
	ProtezioneRevocata struct {
		Motivo MotivoProtezione `json:"motivo" personale:"dato"`
	}
)

var eventiProtezione = []domain.Entry{domain.Of[ProtezioneDisposta](), domain.Of[ProtezioneRevocata]()}

// ErrMotivoProtezione refuses a reason that is none of the list.
var ErrMotivoProtezione = domain.Refuse(domain.Unprocessable, "protezione.motivo_non_valido", "the reason is ANTIVIOLENZA, TUTELA_MINORI, PROTEZIONE_SPECIALE or NOTORIETA")

// Proteggi protects a case, in whatever state it is: who was in it is to be
// protected when it is closed, too.
type Proteggi struct{ Motivo MotivoProtezione }

// Decide answers Proteggi.
func (c Proteggi) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case !slices.Contains(MotiviProtezione, c.Motivo):
		return nil, ErrMotivoProtezione.At("motivo")
	case s.Protezione.Motivo == c.Motivo:
		return nil, nil // already so
	}
	return []Event{ProtezioneDisposta(c)}, nil
}

// RevocaProtezione ends the protection of a case.
type RevocaProtezione struct{}

// Decide answers RevocaProtezione.
func (RevocaProtezione) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case s.Protezione.Motivo == "":
		return nil, nil // already so
	}
	return []Event{ProtezioneRevocata(s.Protezione)}, nil
}

func (p Protezione) evolve(e protezione) Protezione {
	switch e := e.(type) {
	case ProtezioneDisposta:
		p.Motivo = e.Motivo
	case ProtezioneRevocata:
		p.Motivo = ""
	}
	return p
}

func (ProtezioneDisposta) EventType() string { return "ProtezioneDisposta" }
func (ProtezioneRevocata) EventType() string { return "ProtezioneRevocata" }

func (ProtezioneDisposta) isProtezione() {}
func (ProtezioneRevocata) isProtezione() {}

func (ProtezioneDisposta) isCaso() {}
func (ProtezioneRevocata) isCaso() {}
