package caso

import (
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Assegnazione says who is responsible for the case.
type Assegnazione struct {
	CaseManager id.Operatore // zero while the case waits in the queue
	Versione    uint64       // how many events of this part there were: what a coordinator may see change
}

// Riassegnato reports whether somebody was responsible before (GEPI-28).
func (a Assegnazione) Riassegnato() bool {
	return a.Versione > 1 || a.Versione == 1 && a.CaseManager.IsZero()
}

// Modalita says how a case manager was chosen.
type Modalita string

// The ways to choose.
const (
	Manuale    Modalita = "MANUALE"
	Automatica Modalita = "AUTOMATICA"
)

// Fondo is what pays a case manager (GEPI-35); empty when nothing special does.
type Fondo string

// The funds.
const (
	PON          Fondo = "PON"
	FondoPoverta Fondo = "FONDO_POVERTA"
	AltroFondo   Fondo = "ALTRO"
)

// MotivoAnnullamento is why an assignment ends without a successor.
type MotivoAnnullamento string

// The reasons. People give the first or the last; the others are the system's.
const (
	Richiesta            MotivoAnnullamento = "RICHIESTA"
	FuoriTerritorio      MotivoAnnullamento = "FUORI_TERRITORIO"
	RevocaAccreditamento MotivoAnnullamento = "REVOCA_ACCREDITAMENTO"
	Trasferimento        MotivoAnnullamento = "TRASFERIMENTO"
	AltroMotivo          MotivoAnnullamento = "ALTRO"
)

const massimoMotivo = 500 // characters

//sumtype:decl
type assegnazione interface {
	Event
	isAssegnazione()
}

// Who did it and when stand in the metadata of each of these events.
type (
	// Assegnato gives a waiting case to a case manager.
	Assegnato struct {
		CaseManager id.Operatore `json:"case_manager_id"`
		Modalita    Modalita     `json:"modalita"`
		Processo    uuid.UUID    `json:"processo_id,omitzero"` // the automatic run that chose
		Fondo       Fondo        `json:"fondo,omitempty"`      // of the case manager, then
		Motivo      string       `json:"motivo,omitempty" personale:"testo"`
	}
	// Riassegnato moves the case from one case manager to another.
	Riassegnato struct {
		Da     id.Operatore `json:"da_case_manager_id"`
		A      id.Operatore `json:"a_case_manager_id"`
		Fondo  Fondo        `json:"fondo,omitempty"` // of the new one
		Motivo string       `json:"motivo" personale:"testo"`
	}
	// Annullata returns the case to the queue.
	Annullata struct {
		CaseManager id.Operatore       `json:"case_manager_id"`
		Motivo      MotivoAnnullamento `json:"motivo"`
		Nota        string             `json:"nota,omitempty" personale:"testo"`
	}
)

var eventiAssegnazione = []domain.Entry{
	domain.Of[Assegnato](),
	domain.Of[Riassegnato](),
	domain.Of[Annullata](),
}

// Refusals.
var (
	ErrGiaAssegnato       = domain.Refuse(domain.Refused, "caso.gia_assegnato", "the case already has a case manager: reassign it instead")
	ErrNonAssegnato       = domain.Refuse(domain.Refused, "caso.non_assegnato", "the case has no case manager: assign it instead")
	ErrNonResponsabile    = domain.Refuse(domain.Refused, "caso.non_responsabile", "another case manager is responsible now: read the case again")
	ErrNonIdoneo          = domain.Refuse(domain.Unprocessable, "caso.case_manager_non_idoneo", "the operator is not an active case manager for the comune of the case: choose one of GET /case-manager?comune=…")
	ErrFuoriCoda          = domain.Refuse(domain.Refused, "caso.fuori_coda", "the domanda has no place in the queue: a pensione di cittadinanza, or an ADI without signed PAD")
	ErrMotivoMancante     = domain.Refuse(domain.Unprocessable, "caso.motivo_mancante", "say in motivo why the case moves")
	ErrMotivoTroppoLungo  = domain.Refuse(domain.Unprocessable, "caso.motivo_troppo_lungo", "a reason has at most 500 characters: shorten it")
	ErrMotivoAnnullamento = domain.Refuse(domain.Unprocessable, "caso.motivo_annullamento", "the reason is RICHIESTA, or ALTRO with a nota")
	ErrStessoCaseManager  = domain.Refuse(domain.Unprocessable, "caso.stesso_case_manager", "da and a name the same case manager: name another in a")
)

func (a Assegnazione) evolve(e assegnazione) Assegnazione {
	a.Versione++
	switch e := e.(type) {
	case Assegnato:
		a.CaseManager = e.CaseManager
	case Riassegnato:
		a.CaseManager = e.A
	case Annullata:
		a.CaseManager = id.Operatore{}
	}
	return a
}

func (Assegnato) EventType() string   { return "CasoAssegnato" }
func (Riassegnato) EventType() string { return "CasoRiassegnato" }
func (Annullata) EventType() string   { return "AssegnazioneAnnullata" }

func (Assegnato) isAssegnazione()   {}
func (Riassegnato) isAssegnazione() {}
func (Annullata) isAssegnazione()   {}

func (Assegnato) isCaso()   {}
func (Riassegnato) isCaso() {}
func (Annullata) isCaso()   {}
