package caso

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Esoneri are who of the nucleo is exempt from the duties of the measure, and
// when (domain rule 4.9).
type Esoneri struct {
	Attivi   []Esonero // not revoked, whenever they hold
	Revocati []EsoneroRevocato
}

// Esonero exempts one person for some time.
type Esonero struct {
	Componente id.Componente `json:"componente_id" soggetto:"persona"`
	Motivo     MotivoEsonero `json:"motivo" personale:"dato"`
	Assistito  id.Componente `json:"assistito_id,omitzero"` // the disabled person cared for
	Dal        giorno.Giorno `json:"dal"`
	Al         giorno.Giorno `json:"al,omitzero"` // none: until it is revoked
	Documento  string        `json:"documento,omitempty" personale:"testo"`
}

// MotivoEsonero is a ground of exemption.
type MotivoEsonero string

// The grounds.
const (
	CuraMinore   MotivoEsonero = "CURA_MINORE_3"
	CuraDisabile MotivoEsonero = "CURA_DISABILE"
	LavoroBreve  MotivoEsonero = "LAVORO_OLTRE_20_ORE"
	Tirocinio    MotivoEsonero = "TIROCINIO"
	Malattia     MotivoEsonero = "MALATTIA_GRAVIDANZA"
)

// MotiviEsonero are the grounds of exemption.
var MotiviEsonero = []MotivoEsonero{CuraMinore, CuraDisabile, LavoroBreve, Tirocinio, Malattia}

// Il lists the exemptions that hold on a day.
func (l Esoneri) Il(il giorno.Giorno) (valgono []Esonero) {
	for _, e := range l.Attivi {
		if e.Dal <= il && (e.Al.IsZero() || il <= e.Al) {
			valgono = append(valgono, e)
		}
	}
	return valgono
}

func (e Esonero) siSovrappone(f Esonero) bool {
	return (f.Al.IsZero() || e.Dal <= f.Al) && (e.Al.IsZero() || f.Dal <= e.Al)
}

//sumtype:decl
type esonero interface {
	Event
	isEsonero()
}

type (
	// EsoneroRegistrato exempts a person from the duties of the measure.
	EsoneroRegistrato struct{ Esonero }
	// EsoneroRevocato ends the exemption of a person that began on a day.
	EsoneroRevocato struct {
		Componente  id.Componente   `json:"componente_id"`
		Dal         giorno.Giorno   `json:"dal"`
		Motivazione string          `json:"motivazione,omitempty" personale:"testo"`
		Causa       MotivoRimozione `json:"causa,omitempty"` // of the system's own revocations
	}
	// NucleoEsclusoDagliObblighi says that nobody of the nucleo has duties: the work stops.
	NucleoEsclusoDagliObblighi struct {
		Motivo MotivoEsclusione `json:"motivo"`
		Data   giorno.Giorno    `json:"data"`
	}
)

// MotivoEsclusione is why nobody of a nucleo has duties.
type MotivoEsclusione string

// The reasons, as they follow from the people.
const (
	TuttiEsonerati MotivoEsclusione = "TUTTI_ESONERATI"
	TuttiEsclusi   MotivoEsclusione = "TUTTI_ESCLUSI_PER_LEGGE"
	ChiEChi        MotivoEsclusione = "ESONERATI_ED_ESCLUSI"
)

var eventiEsonero = []domain.Entry{
	domain.Of[EsoneroRegistrato](),
	domain.Of[EsoneroRevocato](),
	domain.Of[NucleoEsclusoDagliObblighi](),
}

func (l Esoneri) evolve(e esonero) Esoneri {
	switch e := e.(type) {
	case EsoneroRegistrato:
		l.Attivi = append(slices.Clip(l.Attivi), e.Esonero)
	case EsoneroRevocato:
		l.Attivi = elenco(slices.DeleteFunc(slices.Clone(l.Attivi), e.revoca))
		l.Revocati = append(slices.Clip(l.Revocati), e)
	case NucleoEsclusoDagliObblighi: // a state of the case
	}
	return l
}

func (e EsoneroRevocato) revoca(f Esonero) bool {
	return f.Componente == e.Componente && f.Dal == e.Dal
}

// EsclusoPerLegge reports whether a person has no duties on a day without any
// exemption: minors, the old, the disabled, who works or studies.
func (c Componente) EsclusoPerLegge(misura Misura, il giorno.Giorno) bool {
	vecchiaia := 65
	if misura == ADI {
		vecchiaia = 60
	}
	eta := c.DataNascita.Anni(il)
	return eta < 18 || eta >= vecchiaia || c.Disabilita || c.Studente || c.Occupazione == "OCCUPATO" || c.Occupazione == "STUDENTE"
}

func (EsoneroRegistrato) EventType() string          { return "EsoneroRegistrato" }
func (EsoneroRevocato) EventType() string            { return "EsoneroRevocato" }
func (NucleoEsclusoDagliObblighi) EventType() string { return "NucleoEsclusoDagliObblighi" }

func (EsoneroRegistrato) isEsonero()          {}
func (EsoneroRevocato) isEsonero()            {}
func (NucleoEsclusoDagliObblighi) isEsonero() {}

func (EsoneroRegistrato) isCaso()          {}
func (EsoneroRevocato) isCaso()            {}
func (NucleoEsclusoDagliObblighi) isCaso() {}
