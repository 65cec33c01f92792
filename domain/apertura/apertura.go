// Package apertura decides when an auditor may read the personal data of one
// case: asked for with a coded reason and the act that it rests on, granted by
// another person, and for an hour. Nothing personal stands in its events.
package apertura

import (
	"time"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Event is a fact of one opening.
//
//sumtype:decl
type Event interface {
	domain.Event
	isApertura()
}

// Stato is how an opening stands, but for time, which ends it by itself.
type Stato string

// The states.
const (
	InAttesa  Stato = "IN_ATTESA" // nobody has decided
	Accolta   Stato = "CONCESSA"
	Rifiutata Stato = "RIFIUTATA"
)

// Motivo is why personal data is to be read.
type Motivo string

// The reasons.
const (
	AutoritaGiudiziaria Motivo = "AUTORITA_GIUDIZIARIA"
	Ispezione           Motivo = "ISPEZIONE"
	Reclamo             Motivo = "RECLAMO"
	VerificaInterna     Motivo = "VERIFICA_INTERNA"
	AccessoInteressato  Motivo = "ACCESSO_INTERESSATO"
)

// Motivi are the reasons there are.
var Motivi = []Motivo{AutoritaGiudiziaria, Ispezione, Reclamo, VerificaInterna, AccessoInteressato}

// Durata is how long an opening lasts once it is granted.
const Durata = time.Hour

// Attesa is how many days somebody has to decide.
const Attesa giorno.Giorno = 7

// State is what the rules of an opening need to know.
type State struct {
	Stato     Stato // empty before it was asked for
	Richiesta Richiesta
	DecisaDa  id.Operatore
	Scade     time.Time // of one that was granted
}

// Periodo is the stretch of a history that may be read.
type Periodo struct {
	Dal giorno.Giorno `json:"dal"`
	Al  giorno.Giorno `json:"al"`
}

// Decider is the write side of an opening.
var Decider = domain.Decider[State, Event]{Category: "apertura", Evolve: evolve}

// Aggregate is every event that the stream of an opening may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: []domain.Entry{
	domain.Of[Richiesta](),
	domain.Of[Concessa](),
	domain.Of[Negata](),
}}

type (
	// Richiesta asks for the personal data of one case, in a stretch of its
	// history.
	Richiesta struct {
		Caso        id.Caso       `json:"caso_id"`
		Ambito      string        `json:"ambito"` // where the case lay then: its privacy desk decides
		Da          id.Operatore  `json:"richiesta_da"`
		Motivo      Motivo        `json:"motivo"`
		Riferimento string        `json:"riferimento"` // the number of the act that it rests on
		Periodo     Periodo       `json:"periodo"`
		Il          giorno.Giorno `json:"richiesta_il"`
	}
	// Concessa lets who asked read, until a time.
	Concessa struct {
		Da    id.Operatore `json:"concessa_da"`
		Scade time.Time    `json:"scade"` // UTC
	}
	// Negata keeps who asked from reading.
	Negata struct {
		Da     id.Operatore  `json:"negata_da"`
		Motivo MotivoDiniego `json:"motivo"`
	}
)

// MotivoDiniego is why an opening is refused.
type MotivoDiniego string

// MotiviDiniego are the reasons to refuse.
var MotiviDiniego = []MotivoDiniego{"NON_MOTIVATA", "NON_NECESSARIA", "PERIODO_TROPPO_AMPIO", "CASO_ERRATO"}

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case Richiesta:
		s = State{Stato: InAttesa, Richiesta: e}
	case Concessa:
		s.Stato, s.DecisaDa, s.Scade = Accolta, e.Da, e.Scade
	case Negata:
		s.Stato, s.DecisaDa = Rifiutata, e.Da
	}
	return s
}

func (Richiesta) EventType() string { return "AperturaRichiesta" }
func (Concessa) EventType() string  { return "AperturaConcessa" }
func (Negata) EventType() string    { return "AperturaNegata" }

func (Richiesta) isApertura() {}
func (Concessa) isApertura()  {}
func (Negata) isApertura()    {}
