package operatore

import (
	"slices"

	"nucleo/domain/giorno"
)

type (
	// AccessoRifiutato says that a person who is known here signed in and was not
	// let in: once a day for each reason, however often they tried.
	AccessoRifiutato struct {
		Motivo MotivoRifiuto `json:"motivo"`
		Giorno giorno.Giorno `json:"giorno"`
	}
	// MotivoRifiuto is why somebody was not let in.
	MotivoRifiuto string
)

// The reasons.
const (
	LivelloInsufficiente MotivoRifiuto = "LIVELLO"         // signed in below SPID level 2
	NonAccreditato       MotivoRifiuto = "NON_ACCREDITATO" // no role yet, or none that has begun
	PersonaSospesa       MotivoRifiuto = "SOSPESO"         // the person, or every role that they have
	RuoliRevocati        MotivoRifiuto = "REVOCATO"        // no role is left
)

// RifiutaAccesso notes that a person was not let in. Of who is not known here
// nothing is noted, and nothing is of who may act after all.
type RifiutaAccesso struct {
	Livello bool // the sign-in was of too low a level, whatever their roles
	Oggi    giorno.Giorno
}

// Decide answers RifiutaAccesso.
func (c RifiutaAccesso) Decide(s State) ([]Event, error) {
	motivo := s.fuori(c.Oggi)
	if c.Livello {
		motivo = LivelloInsufficiente
	}
	gia := func(r AccessoRifiutato) bool { return r.Motivo == motivo && r.Giorno >= c.Oggi }
	if !s.Registrato || motivo == "" || slices.ContainsFunc(s.Rifiuti, gia) {
		return nil, nil
	}
	return []Event{AccessoRifiutato{Motivo: motivo, Giorno: c.Oggi}}, nil
}

// fuori is why the person may not act on a day; empty when they may.
func (s State) fuori(oggi giorno.Giorno) MotivoRifiuto {
	restano := s.inVigore()
	switch {
	case len(s.Attivi(oggi)) > 0:
		return ""
	case s.Sospeso || slices.ContainsFunc(restano, func(a Accreditamento) bool { return a.Sospeso }):
		return PersonaSospesa
	case len(restano) == 0 && len(s.Accreditamenti) > 0:
		return RuoliRevocati
	}
	return NonAccreditato
}

// conRifiuto is the state with the last refusal of each reason.
func (s State) conRifiuto(e AccessoRifiutato) State {
	s.Rifiuti = append(slices.DeleteFunc(slices.Clone(s.Rifiuti), func(r AccessoRifiutato) bool { return r.Motivo == e.Motivo }), e)
	return s
}

func (AccessoRifiutato) EventType() string { return "AccessoRifiutato" }

func (AccessoRifiutato) isOperatore() {}
