package caso

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// TipoScadenza names a clock that runs on a case (domain rule 2.9).
type TipoScadenza string

// The clocks.
const (
	PrimoIncontro120 TipoScadenza = "PRIMO_INCONTRO_120" // first presentation of an ADI nucleo
	Monitoraggio90   TipoScadenza = "MONITORAGGIO_90"    // its next one
	Convocazione30   TipoScadenza = "CONVOCAZIONE_30"    // convene an RDC nucleo
	Convocazione60   TipoScadenza = "CONVOCAZIONE_60"    // convene an ADI nucleo
	Riconvocazione   TipoScadenza = "RICONVOCAZIONE"     // convene again after a justified absence
	Sottoscrizione5  TipoScadenza = "SOTTOSCRIZIONE_5"   // tell INPS of a missed signature
	Segnalazione10   TipoScadenza = "SEGNALAZIONE_10"    // tell INPS of another fact
)

// The lengths of the clocks in calendar days, where they are.
const (
	terminiPrimoIncontro   giorno.Giorno = 120
	terminiRinnovo         giorno.Giorno = 90
	terminiConvocazioneRDC giorno.Giorno = 30
	terminiConvocazioneADI giorno.Giorno = 60
	terminiRiconvocazione  giorno.Giorno = 30
	etaSenzaObblighi                     = 60 // years from which nobody has to come every 90 days
)

// dallaTrasmissione is the last day of a domanda of ADI whose first 120 days
// run from the transmission to the comune, not from the PAD.
var dallaTrasmissione = giorno.Data(2024, 2, 29)

// Scadenza is a clock that runs, and the last day on which it is kept.
type Scadenza struct {
	Tipo         TipoScadenza
	Giorno       giorno.Giorno
	Segnalazione id.Segnalazione // the one that waits, for the clocks of segnalazioni
	Componente   id.Componente   // who did not sign, while nobody has proposed to tell INPS
}

// Superata reports whether the last day has gone by.
func (x Scadenza) Superata(oggi giorno.Giorno) bool { return oggi > x.Giorno }

// Superate are the clocks that ran out and were noted, each once.
type Superate []ScadenzaSuperata

//sumtype:decl
type scadenza interface {
	Event
	isScadenza()
}

type (
	// ScadenzaSuperata notes that the last day of a clock went by, and what it
	// asked for had not been done.
	ScadenzaSuperata struct {
		Tipo     TipoScadenza  `json:"tipo"`
		Scadenza giorno.Giorno `json:"scadenza"`
	}
)

var eventiScadenze = []domain.Entry{domain.Of[ScadenzaSuperata]()}

// VersioneLavoro is the version of what was done to a case, of the version of its
// stream: that the calendar went on is no reason to read the case again.
func (s State) VersioneLavoro(versione uint64) uint64 { return versione - uint64(len(s.Superate)) }

func (n Superate) evolve(e scadenza) Superate {
	switch e := e.(type) {
	case ScadenzaSuperata:
		n = append(slices.Clip(n), e)
	}
	return n
}

// Scadenze are the clocks that run on a case as things stand on a day, the
// earliest first, those that ran out included. Who is met, or excused, stops
// the first ones; segnalazioni keep theirs when the case is closed.
func Scadenze(s State, oggi giorno.Giorno) []Scadenza { return s.orologi().Scadenze(oggi) }

// SenzaObbligoPeriodico reports whether a nucleo need not come every 90 days:
// everybody in it is 60 or older, or disabled.
func (n Nucleo) SenzaObbligoPeriodico(il giorno.Giorno) bool {
	return esentiDal(soggetti(n.Componenti)) <= il
}

// fermando are events that may stop clocks. Those that had run out by a day,
// and that nobody noted, are noted first: a clock that is stopped too late ran
// out all the same.
func (s State) fermando(il giorno.Giorno, events ...Event) []Event {
	dopo := s
	for _, e := range events {
		dopo = evolve(dopo, e)
	}
	var tutti []Event
	vive := Scadenze(dopo, il)
	for _, x := range s.superate(il) {
		if !slices.ContainsFunc(vive, func(v Scadenza) bool { return v.Tipo == x.Tipo && v.Giorno == x.Scadenza }) {
			tutti = append(tutti, x)
		}
	}
	return append(tutti, events...)
}

// superate are the clocks that ran out before a day and were not noted, each
// kind and day once.
func (s State) superate(oggi giorno.Giorno) (nuove []ScadenzaSuperata) {
	for _, x := range Scadenze(s, oggi) {
		e := ScadenzaSuperata{Tipo: x.Tipo, Scadenza: x.Giorno}
		if x.Superata(oggi) && !slices.Contains(s.Superate, e) && !slices.Contains(nuove, e) {
			nuove = append(nuove, e)
		}
	}
	return nuove
}

func (ScadenzaSuperata) EventType() string { return "ScadenzaSuperata" }
func (ScadenzaSuperata) isScadenza()       {}
func (ScadenzaSuperata) isCaso()           {}
