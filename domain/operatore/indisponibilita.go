package operatore

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Periodo is the days, both included, on which an operator is away.
type Periodo struct {
	ID  id.Indisponibilita
	Dal giorno.Giorno
	Al  giorno.Giorno
}

// Indisponibilita is an absence of an operator: automatic assignment passes
// over them, and whoever assigns by hand is told.
type Indisponibilita struct {
	Periodo
	Motivo   MotivoIndisponibilita `personale:"dato"`
	Revocata bool
}

// MotivoIndisponibilita is why an operator is away.
type MotivoIndisponibilita string

// The reasons.
const (
	Ferie       MotivoIndisponibilita = "FERIE"
	Malattia    MotivoIndisponibilita = "MALATTIA"
	Maternita   MotivoIndisponibilita = "MATERNITA"
	Formazione  MotivoIndisponibilita = "FORMAZIONE"
	AltroMotivo MotivoIndisponibilita = "ALTRO"
)

var motiviIndisponibilita = []MotivoIndisponibilita{Ferie, Malattia, Maternita, Formazione, AltroMotivo}

type (
	// IndisponibilitaRegistrata says that the operator is away for a time.
	IndisponibilitaRegistrata struct {
		Indisponibilita id.Indisponibilita    `json:"indisponibilita_id"`
		Dal             giorno.Giorno         `json:"dal"`
		Al              giorno.Giorno         `json:"al"`
		Motivo          MotivoIndisponibilita `json:"motivo" personale:"dato"`
	}
	// IndisponibilitaRevocata takes an absence back: the operator is there, or
	// returned early.
	IndisponibilitaRevocata struct {
		Indisponibilita id.Indisponibilita `json:"indisponibilita_id"`
	}
)

// Periodi are the absences that hold.
func (s State) Periodi() (periodi []Periodo) {
	for _, i := range s.Indisponibilita {
		if !i.Revocata {
			periodi = append(periodi, i.Periodo)
		}
	}
	return periodi
}

// AssenteFino is the last day of the absence, or of absences that follow one
// another, in which a day lies; zero when it lies in none.
func AssenteFino(periodi []Periodo, oggi giorno.Giorno) (fino giorno.Giorno) {
	for {
		i := slices.IndexFunc(periodi, func(p Periodo) bool { return p.Dal <= oggi && oggi <= p.Al })
		if i < 0 {
			return fino
		}
		fino = periodi[i].Al
		oggi = fino + 1
	}
}

// trovaIndisponibilita is the absence of an id.
func (s State) trovaIndisponibilita(quale id.Indisponibilita) (Indisponibilita, bool) {
	i := slices.IndexFunc(s.Indisponibilita, func(i Indisponibilita) bool { return i.ID == quale })
	if i < 0 {
		return Indisponibilita{}, false
	}
	return s.Indisponibilita[i], true
}

// organizza reports whether an actor keeps the absences of an operator: a
// Super Utente those of all; an amministratore those of whoever has a role in
// the ambito; a coordinator those of the case managers with whom they share
// a comune. Nothing forbids one's own: an absence gives no right.
func (s State) organizza(chi Accreditante) bool {
	if chi.Ruolo == domain.SuperUtente {
		return s.Registrato
	}
	return slices.ContainsFunc(s.Accreditamenti, func(a Accreditamento) bool {
		switch {
		case a.Revocato || a.Territorio.Ambito == "" || !chi.Territorio.Incrocia(a.Territorio):
			return false
		case chi.Ruolo == domain.AmministratoreAmbito:
			return true
		}
		return chi.Ruolo == domain.CoordinatorePaIS && a.Ruolo == domain.CaseManager
	})
}

func (IndisponibilitaRegistrata) EventType() string { return "IndisponibilitaRegistrata" }
func (IndisponibilitaRevocata) EventType() string   { return "IndisponibilitaRevocata" }

func (IndisponibilitaRegistrata) isOperatore() {}
func (IndisponibilitaRevocata) isOperatore()   {}
