package caso

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// AP is the analisi preliminare: one interview with the nucleo in six domains,
// whose outcome says which way the case goes. A case has one, which can be
// opened again (domain rules 2.3, 2.5, 2.7).
type AP struct {
	Avvio   AnalisiPreliminareAvviata // zero before it was begun
	Sezioni []Sezione
	Esito   AnalisiPreliminareFinalizzata // zero while it is compiled
	Rientro RientroDaServizioRegistrato   // the last one
}

// Finalizzata reports whether the AP has an outcome.
func (a AP) Finalizzata() bool { return a.Esito.Esito != "" }

// PresoInCarico reports whether the nucleo counts as taken into care: an AP
// with the outcome B, C or D.
func (a AP) PresoInCarico() bool { return a.Finalizzata() && a.Esito.Esito != EsitoA }

// Luogo is where an interview takes place.
type Luogo string

// The places.
const (
	Sede       Luogo = "SEDE_SERVIZIO"
	Domicilio  Luogo = "DOMICILIO"
	Remoto     Luogo = "REMOTO"
	AltroLuogo Luogo = "ALTRO"
)

// Luoghi are the places of an interview.
var Luoghi = []Luogo{Sede, Domicilio, Remoto, AltroLuogo}

// Destinazione is the office that a nucleo is sent to.
type Destinazione struct {
	Tipo   Servizio `json:"tipo" personale:"dato"`
	Codice string   `json:"codice,omitempty" personale:"dato"`
}

// Servizio is a kind of service outside that takes nuclei.
type Servizio string

// The services.
const (
	CPI           Servizio = "CPI"
	Specialistico Servizio = "SPECIALISTICO"
)

//sumtype:decl
type ap interface {
	Event
	isAP()
}

type (
	// AnalisiPreliminareAvviata begins the analisi preliminare.
	AnalisiPreliminareAvviata struct {
		Data     giorno.Giorno   `json:"data"`
		Luogo    Luogo           `json:"luogo,omitempty"`
		Presenti []id.Componente `json:"presenti,omitempty"`
	}
	// SezioneAPSalvata keeps one section of the analisi preliminare, of the nucleo or of one person.
	SezioneAPSalvata struct{ Sezione }
	// AnalisiPreliminareFinalizzata gives the analisi preliminare its outcome, which sends the case on its way.
	AnalisiPreliminareFinalizzata struct {
		Esito                Esito           `json:"esito"`
		Motivazione          string          `json:"motivazione" personale:"testo"`
		Data                 giorno.Giorno   `json:"data"`
		ComponentiAttivabili []id.Componente `json:"componenti_attivabili,omitempty"` // who can be directed to work
		InviatoA             Destinazione    `json:"inviato_a,omitzero"`
		LineeGuida           string          `json:"linee_guida"` // by which the outcome is read
		Stato                Stato           `json:"stato"`       // that follows from it
	}
	// AnalisiPreliminareRiaperta opens a finalised analisi preliminare again; what was drafted after it must be confirmed.
	AnalisiPreliminareRiaperta struct {
		Motivazione string `json:"motivazione" personale:"testo"`
	}
	// RientroDaServizioRegistrato takes a nucleo back from the service it was sent to: the analisi preliminare is open again.
	RientroDaServizioRegistrato struct {
		Da          Servizio      `json:"da"`
		Motivazione string        `json:"motivazione" personale:"testo"`
		Data        giorno.Giorno `json:"data"`
	}
)

var eventiAP = []domain.Entry{
	domain.Of[AnalisiPreliminareAvviata](),
	domain.Of[SezioneAPSalvata](),
	domain.Of[AnalisiPreliminareFinalizzata](),
	domain.Of[AnalisiPreliminareRiaperta](),
	domain.Of[RientroDaServizioRegistrato](),
}

// Refusals.
var (
	ErrAPNonAperta   = domain.Refuse(domain.Refused, "ap.non_aperta", "the analisi preliminare is not being compiled: start it, or open it again")
	ErrAPAvviata     = domain.Refuse(domain.Refused, "ap.gia_avviata", "the analisi preliminare was begun before: open it again if it is finalised")
	ErrDataStrumento = domain.Refuse(domain.Unprocessable, "strumento.data_non_valida", "the day is missing, in the future, or before what it follows on: the domanda, the beginning or the end of the AP, or the last signature of the PaIS")
	ErrLuogo         = domain.Refuse(domain.Unprocessable, "caso.luogo_non_valido", "the place is SEDE_SERVIZIO, DOMICILIO, REMOTO or ALTRO")
	ErrFuoriNucleo   = domain.Refuse(domain.Unprocessable, "caso.componente_fuori_nucleo", "somebody named is not in the nucleo, or stands twice: name people by componente_id, once each")
)

func (a AP) evolve(e ap) AP {
	switch e := e.(type) {
	case AnalisiPreliminareAvviata:
		a.Avvio = e
	case SezioneAPSalvata:
		a.Sezioni = salva(a.Sezioni, e.Sezione)
	case AnalisiPreliminareFinalizzata:
		a.Esito = e
	case AnalisiPreliminareRiaperta:
		a.Esito = AnalisiPreliminareFinalizzata{}
	case RientroDaServizioRegistrato:
		a.Esito, a.Rientro = AnalisiPreliminareFinalizzata{}, e
	}
	return a
}

// comprende reports whether people are in the nucleo now, each named once.
func (n Nucleo) comprende(persone []id.Componente) bool {
	for i, p := range persone {
		if !n.contiene(p) || slices.Contains(persone[:i], p) {
			return false
		}
	}
	return true
}

func (n Nucleo) contiene(p id.Componente) bool {
	_, dentro := n.componente(p)
	return dentro
}

// elenco is a list as it is read again after it was stored: none is nothing.
func elenco[T any](l []T) []T {
	if len(l) == 0 {
		return nil
	}
	return l
}

// componente is a person who is in the nucleo now.
func (n Nucleo) componente(p id.Componente) (Componente, bool) {
	i := slices.IndexFunc(n.Componenti, func(c Componente) bool { return c.ID == p })
	if i < 0 {
		return Componente{}, false
	}
	return n.Componenti[i], true
}

func (AnalisiPreliminareAvviata) EventType() string     { return "AnalisiPreliminareAvviata" }
func (SezioneAPSalvata) EventType() string              { return "SezioneAPSalvata" }
func (AnalisiPreliminareFinalizzata) EventType() string { return "AnalisiPreliminareFinalizzata" }
func (AnalisiPreliminareRiaperta) EventType() string    { return "AnalisiPreliminareRiaperta" }
func (RientroDaServizioRegistrato) EventType() string   { return "RientroDaServizioRegistrato" }

func (AnalisiPreliminareAvviata) isAP()     {}
func (SezioneAPSalvata) isAP()              {}
func (AnalisiPreliminareFinalizzata) isAP() {}
func (AnalisiPreliminareRiaperta) isAP()    {}
func (RientroDaServizioRegistrato) isAP()   {}

func (AnalisiPreliminareAvviata) isCaso()     {}
func (SezioneAPSalvata) isCaso()              {}
func (AnalisiPreliminareFinalizzata) isCaso() {}
func (AnalisiPreliminareRiaperta) isCaso()    {}
func (RientroDaServizioRegistrato) isCaso()   {}
