// Package ambito decides about the territory: an ambito territoriale sociale
// and the comuni that belong to it.
package ambito

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"nucleo/domain"
)

// Event is a fact of one ambito.
//
//sumtype:decl
type Event interface {
	domain.Event
	isAmbito()
}

// State is what the rules of an ambito need to know.
type State struct {
	Codice        string // empty before it is created
	Denominazione string
	Regione       string
	Comuni        []string // Belfiore; nil before it is created, then perhaps empty
	Convenzioni   []Convenzione
	Deleghe       []Delega
	// AutoapprovazioneVietata is set where nobody may approve a segnalazione
	// that they proposed themselves.
	AutoapprovazioneVietata bool
}

// Decider is the write side of an ambito, whose key is its code.
var Decider = domain.Decider[State, Event]{Category: "ambito", Evolve: evolve}

// Aggregate is every event that the stream of an ambito may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: []domain.Entry{
	domain.Of[Creato](),
	domain.Of[ComuneAssociato](),
	domain.Of[ComuneDissociato](),
	domain.Of[ConvenzioneSottoscritta](),
	domain.Was("ConvenzioneSottoscritta", convenzioneV1.lift),
	domain.Of[DelegaRegistrata](),
	domain.Of[AutoapprovazioneVietata](),
	domain.Of[AutoapprovazioneConsentita](),
}}

type (
	// Creato makes the ambito.
	Creato struct {
		Codice        string `json:"codice"`
		Denominazione string `json:"denominazione"`
		Regione       string `json:"regione"`
	}
	// ComuneAssociato adds a comune.
	ComuneAssociato struct {
		Comune string `json:"comune"` // Belfiore
	}
	// AutoapprovazioneVietata has another coordinator decide on a segnalazione
	// that a coordinator proposed.
	AutoapprovazioneVietata struct {
		Nota string `json:"nota,omitempty" personale:"testo"`
	}
	// AutoapprovazioneConsentita lets a coordinator approve what they proposed
	// themselves, as it is where nothing was said.
	AutoapprovazioneConsentita struct {
		Nota string `json:"nota,omitempty" personale:"testo"`
	}
)

// Refusals.
var (
	ErrInesistente     = domain.Refuse(domain.NotFound, "ambito.inesistente", "there is no such ambito")
	ErrCodice          = domain.Refuse(domain.Unprocessable, "ambito.codice_non_valido", "the code of an ambito has 2 to 20 capital letters, digits, hyphens and underscores")
	ErrDenominazione   = domain.Refuse(domain.Unprocessable, "ambito.denominazione_mancante", "an ambito has a name of at most 200 characters and a region: give both")
	ErrGiaCreato       = domain.Refuse(domain.Refused, "ambito.gia_creato", "an ambito with this code exists with another name or region: choose another code")
	ErrComune          = domain.Refuse(domain.Unprocessable, "ambito.comune_sconosciuto", "there is no such comune today: give its Belfiore code")
	ErrComuneAssociato = domain.Refuse(domain.Refused, "ambito.comune_gia_associato", "the comune belongs to another ambito: leave it out")
)

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case Creato:
		s = State{Codice: e.Codice, Denominazione: e.Denominazione, Regione: e.Regione, Comuni: []string{}}
	case ComuneAssociato:
		s.Comuni = append(slices.Clip(s.Comuni), e.Comune)
	case ComuneDissociato:
		s = s.senza(e.Comune)
	case ConvenzioneSottoscritta:
		s = s.conConvenzione(e)
	case DelegaRegistrata:
		s = s.conDelega(e)
	case AutoapprovazioneVietata:
		s.AutoapprovazioneVietata = true
	case AutoapprovazioneConsentita:
		s.AutoapprovazioneVietata = false
	}
	return s
}

// Crea makes an ambito.
type Crea struct{ Codice, Denominazione, Regione string }

var formaCodice = regexp.MustCompile(`^[A-Z0-9][A-Z0-9_-]{1,19}$`)

// Decide answers Crea.
func (c Crea) Decide(s State) ([]Event, error) {
	switch {
	case !formaCodice.MatchString(c.Codice):
		return nil, ErrCodice.At("codice")
	case strings.TrimSpace(c.Denominazione) == "" || utf8.RuneCountInString(c.Denominazione) > 200:
		return nil, ErrDenominazione.At("denominazione")
	case strings.TrimSpace(c.Regione) == "":
		return nil, ErrDenominazione.At("regione")
	case s.Codice == "":
		return []Event{Creato(c)}, nil
	case s.Denominazione != c.Denominazione || s.Regione != c.Regione:
		return nil, ErrGiaCreato.At("codice")
	}
	return nil, nil
}

// AssociaComuni adds comuni to an ambito. Those that belong to it already are
// passed over.
type AssociaComuni struct {
	Comuni []string
	// Sconosciuto and Altrove answer what only the outside knows: whether a
	// code is no comune of today, and whether it belongs to another ambito.
	Sconosciuto, Altrove func(comune string) bool
}

// Decide answers AssociaComuni.
func (c AssociaComuni) Decide(s State) ([]Event, error) {
	if s.Codice == "" {
		return nil, ErrInesistente
	}
	var events []Event
	comuni := slices.Clone(c.Comuni)
	slices.Sort(comuni)
	for _, comune := range slices.Compact(comuni) {
		switch {
		case slices.Contains(s.Comuni, comune):
			continue
		case c.Sconosciuto(comune):
			return nil, ErrComune.At("comuni")
		case c.Altrove(comune):
			return nil, ErrComuneAssociato.At("comuni")
		}
		events = append(events, ComuneAssociato{Comune: comune})
	}
	return events, nil
}

func (Creato) EventType() string                     { return "AmbitoCreato" }
func (ComuneAssociato) EventType() string            { return "ComuneAssociato" }
func (AutoapprovazioneVietata) EventType() string    { return "AutoapprovazioneVietata" }
func (AutoapprovazioneConsentita) EventType() string { return "AutoapprovazioneConsentita" }

func (Creato) isAmbito()                     {}
func (ComuneAssociato) isAmbito()            {}
func (AutoapprovazioneVietata) isAmbito()    {}
func (AutoapprovazioneConsentita) isAmbito() {}
