package caso

import (
	"slices"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// PaIS is the patto per l'inclusione sociale of the nucleo. It has versions: a
// next one is defined while the last one signed stays in force (GEPI-09, 12).
type PaIS struct {
	Versione      int   // in force; 0 before the first signature
	Vigente       Patto // what is in force
	Bozza         Patto // what is being defined
	Ridefinizione bool  // a next version is being defined
	Firma         PaISSottoscritto
	Mancate       []PaISNonSottoscritto
	Conclusione   PaISConcluso // zero while it goes on
	Usati         []uuid.UUID  // ids ever given: none means two things
}

// Patto is what a version of the PaIS says.
type Patto struct {
	Obiettivi []Obiettivo
	Impegni   []Impegno
	Sostegni  []Sostegno
	// DaConfermare are ids of what does not count until it is confirmed: drafted
	// before the AP was opened again, or activated before there was a PaIS.
	DaConfermare []uuid.UUID
}

// ModalitaFirma is how a PaIS is signed.
type ModalitaFirma string

// ModalitaFirme are the ways to sign.
var ModalitaFirme = []ModalitaFirma{"CARTACEA", "FEA", "DIGITALE"}

// EsitoPaIS says how far a PaIS came.
type EsitoPaIS string

// EsitiPaIS are the outcomes of a PaIS.
var EsitiPaIS = []EsitoPaIS{"RAGGIUNTO", "PARZIALE", "NON_RAGGIUNTO"}

//sumtype:decl
type pais interface {
	Event
	isPaIS()
}

type (
	// PaISSottoscritto puts a version of the PaIS in force.
	PaISSottoscritto struct {
		Versione      int             `json:"versione"`
		Data          giorno.Giorno   `json:"data"`
		Firmatari     []id.Componente `json:"firmatari"`
		Modalita      ModalitaFirma   `json:"modalita"`
		HashDocumento string          `json:"hash_documento"`
	}
	// PaISNonSottoscritto says that a person did not sign a version of the PaIS.
	PaISNonSottoscritto struct {
		Versione    int           `json:"versione"`
		Componente  id.Componente `json:"componente_id"`
		Motivazione string        `json:"motivazione" personale:"testo"`
		Data        giorno.Giorno `json:"data"`
	}
	// PaISRidefinizioneAvviata opens the next version of the PaIS; the one in force stays so until it is signed.
	PaISRidefinizioneAvviata struct {
		NuovaVersione int    `json:"nuova_versione"`
		Motivazione   string `json:"motivazione" personale:"testo"`
	}
	// PaISConcluso ends the PaIS, and with it the case.
	PaISConcluso struct {
		Esito EsitoPaIS     `json:"esito"`
		Data  giorno.Giorno `json:"data"`
	}
)

var eventiPaIS = []domain.Entry{
	domain.Of[ObiettivoDefinito](),
	domain.Of[ObiettivoModificato](),
	domain.Of[ObiettivoRimosso](),
	domain.Of[ImpegnoDefinito](),
	domain.Of[ImpegnoModificato](),
	domain.Of[ImpegnoRimosso](),
	domain.Of[SostegnoPrevisto](),
	domain.Of[SostegnoModificato](),
	domain.Of[SostegnoRimosso](),
	domain.Of[PaISSottoscritto](),
	domain.Of[PaISNonSottoscritto](),
	domain.Of[PaISRidefinizioneAvviata](),
	domain.Of[PaISConcluso](),
}

// Refusals.
var (
	ErrPaISNonInDefinizione = domain.Refuse(domain.Refused, "pais.non_in_definizione", "the PaIS is not being defined: it is after the AP or QA, and again when a redefinition was begun")
	ErrPaISNonInVigore      = domain.Refuse(domain.Refused, "pais.non_in_vigore", "no PaIS is in force: it must be signed first")
)

// InDefinizione is the version that is being defined; 0 when none is.
func (s State) InDefinizione() int {
	if s.Stato == InDefinizione || s.Stato == InMonitoraggio && s.PaIS.Ridefinizione {
		return s.PaIS.Versione + 1
	}
	return 0
}

func (s State) definisce() error {
	if err := s.opera(); err != nil {
		return err
	}
	if s.InDefinizione() == 0 {
		return ErrPaISNonInDefinizione
	}
	return nil
}

func (p PaIS) evolve(e pais, n Nucleo) PaIS {
	b := &p.Bozza
	switch e := e.(type) {
	case ObiettivoDefinito:
		b.Obiettivi, p.Usati = metti(b.Obiettivi, e.Obiettivo), usa(p.Usati, e.Obiettivo.ID.UUID)
	case ObiettivoModificato:
		b.Obiettivi, b.DaConfermare = metti(b.Obiettivi, e.Obiettivo), meno(b.DaConfermare, e.Obiettivo.ID.UUID)
	case ObiettivoRimosso:
		p = p.togli(e.Obiettivo.UUID, e.Motivo, n)
	case ImpegnoDefinito:
		b.Impegni, p.Usati = metti(b.Impegni, e.Impegno), usa(p.Usati, e.Impegno.ID.UUID)
	case ImpegnoModificato:
		b.Impegni, b.DaConfermare = metti(b.Impegni, e.Impegno), meno(b.DaConfermare, e.Impegno.ID.UUID)
	case ImpegnoRimosso:
		p = p.togli(e.Impegno.UUID, e.Motivo, n)
	case SostegnoPrevisto:
		b.Sostegni, p.Usati = metti(b.Sostegni, e.Sostegno), usa(p.Usati, e.Sostegno.ID.UUID)
		if e.Anticipato {
			b.DaConfermare = usa(b.DaConfermare, e.Sostegno.ID.UUID)
		}
	case SostegnoModificato:
		b.Sostegni, b.DaConfermare = metti(b.Sostegni, e.Sostegno), meno(b.DaConfermare, e.Sostegno.ID.UUID)
	case SostegnoRimosso:
		p = p.togli(e.Sostegno.UUID, "", n)
	case PaISSottoscritto:
		p.Versione, p.Firma, p.Ridefinizione, p.Vigente, p.Bozza = e.Versione, e, false, p.Bozza, Patto{}
	case PaISNonSottoscritto:
		p.Mancate = append(slices.Clip(p.Mancate), e)
	case PaISRidefinizioneAvviata:
		p.Ridefinizione, p.Bozza = true, p.Vigente
	case PaISConcluso:
		p.Conclusione = e
	}
	return p
}

// togli takes something out of what is being defined; what ends because people
// left the nucleo ends in what is in force too, in each where it was theirs
// alone: a redefinition may have passed it from one person to another.
func (p PaIS) togli(voce uuid.UUID, motivo MotivoRimozione, n Nucleo) PaIS {
	if motivo != UscitaComponente {
		p.Bozza = p.Bozza.meno(voce)
		return p
	}
	for _, patto := range []*Patto{&p.Vigente, &p.Bozza} {
		if posto(orfane(patto.Obiettivi, n), voce) >= 0 || posto(orfane(patto.Impegni, n), voce) >= 0 {
			*patto = patto.meno(voce)
		}
	}
	return p
}

// anticipa is the PaIS when a sostegno goes on its way: before there is a
// signed one, it must be confirmed.
func (p PaIS) anticipa(e sostegni, prima Sostegni) PaIS {
	a, attivato := e.(SostegnoAttivato)
	if !attivato || p.Versione > 0 || prima.Stato(a.Sostegno) != SostegnoInAttesa || slices.Contains(p.Bozza.DaConfermare, a.Sostegno.UUID) {
		return p
	}
	p.Bozza.DaConfermare = usa(p.Bozza.DaConfermare, a.Sostegno.UUID)
	return p
}

func (p Patto) meno(voce uuid.UUID) Patto {
	return Patto{togli(p.Obiettivi, voce), togli(p.Impegni, voce), togli(p.Sostegni, voce), meno(p.DaConfermare, voce)}
}

// supera is the PaIS after the AP was opened again: what was drafted must be
// confirmed.
func (p PaIS) supera() PaIS {
	p.Bozza.DaConfermare = nil
	for _, o := range p.Bozza.Obiettivi {
		p.Bozza.DaConfermare = append(p.Bozza.DaConfermare, o.ID.UUID)
	}
	for _, i := range p.Bozza.Impegni {
		p.Bozza.DaConfermare = append(p.Bozza.DaConfermare, i.ID.UUID)
	}
	for _, s := range p.Bozza.Sostegni {
		p.Bozza.DaConfermare = append(p.Bozza.DaConfermare, s.ID.UUID)
	}
	return p
}

func (PaISSottoscritto) EventType() string         { return "PaISSottoscritto" }
func (PaISNonSottoscritto) EventType() string      { return "PaISNonSottoscritto" }
func (PaISRidefinizioneAvviata) EventType() string { return "PaISRidefinizioneAvviata" }
func (PaISConcluso) EventType() string             { return "PaISConcluso" }

func (PaISSottoscritto) isPaIS()         {}
func (PaISNonSottoscritto) isPaIS()      {}
func (PaISRidefinizioneAvviata) isPaIS() {}
func (PaISConcluso) isPaIS()             {}

func (PaISSottoscritto) isCaso()         {}
func (PaISNonSottoscritto) isCaso()      {}
func (PaISRidefinizioneAvviata) isCaso() {}
func (PaISConcluso) isCaso()             {}
