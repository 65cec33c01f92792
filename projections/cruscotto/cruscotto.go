// Package cruscotto answers: how does the work go, in numbers? It counts what
// the lists of other models hold, so that a dashboard is read without them, and
// says what happened day by day (the three sections of GEPI's dashboard). What
// a day changed is kept too: the sum up to a day is how things stood at its end,
// counted by the same function.
//
// Nothing in it is about a person: cases are counted by place, measure and the
// day of their domanda.
package cruscotto

import (
	"time"
	_ "time/tzdata" // days begin in Europe/Rome, wherever the model is built

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections"
)

// Projection counts. What a case manager is told of own cases is counted when it
// is asked for, from what is kept of each.
var Projection = projections.Projection[Tabelle]{Name: "cruscotto", Version: 3, Categories: []string{"caso"}, Apply: apply, Indexes: `
	CREATE INDEX ON casi_contati (case_manager);
	CREATE INDEX ON segnalazioni_contate (caso);`}

// Tabelle is what the projection keeps: what is counted of each case and
// segnalazione, to take it off where it no longer counts, and the counters.
type Tabelle struct {
	CasiContati         projections.Table[id.Caso, Caso]                 `key:"caso"`
	SegnalazioniContate projections.Table[id.Segnalazione, Segnalazione] `key:"segnalazione"`
	ContiGruppo         projections.Table[Gruppo, Conti]
	CarichiComune       projections.Table[Posto, Carico]
	FattiGiorno         projections.Table[Quando, Fatti]
	ContiGiorno         projections.Table[Quando, Conti]     // what a day changed in the counters
	CarichiGiorno       projections.Table[Scrivania, Carico] // and on the desks
	TempiMese           projections.Table[Durata, Passi]
	CategorieMese       projections.Table[DiCategoria, Proposte]
}

// Caso is what is counted of a case.
type Caso struct {
	Gruppo
	Stato       caso.Stato
	InCoda      bool         // the domanda has a place in the queue
	CaseManager id.Operatore // zero while it waits

	Presa     bool // its AP has the outcome B, C or D
	Firmato   bool // it has a PaIS that was signed
	Pendenti  int  // segnalazioni that wait for a decision: they go where the case goes
	Assegnato bool // it was, once
	Attesa    int  // days from the domanda to that
	Avviato   bool // its AP was begun, once
	Avvio     int  // days from the domanda to that
}

// Segnalazione is where a segnalazione stands. Once it is decided it counts in
// the place where it was, wherever the case goes (ambiguity 9.36).
type Segnalazione struct {
	Caso id.Caso
	Gruppo
	Stato caso.StatoSegnalazione
}

// Gruppo is cases that are counted together.
type Gruppo struct {
	Ambito        string
	Comune        string // Belfiore
	Misura        caso.Misura
	Presentazione giorno.Giorno
}

// Conti are the counters of a Gruppo.
type Conti struct {
	Nuclei      int
	DaAssegnare int
	Assegnati   int
	InCarico    int // AP with the outcome B, C or D
	Firmati     int // with a signed PaIS

	DaAvviare, InAP, InQA, InDefinizione, InMonitoraggio, AlCPI, AiServizi, Esclusi, Decaduti, Chiusi int

	SegnalazioniDaValidare, SegnalazioniRitirate, SegnalazioniApprovate, SegnalazioniRifiutate, SegnalazioniInUscita int
	SegnalazioniInviate, SegnalazioniAcquisite, SegnalazioniAnnullate, SegnalazioniRettificate                       int

	Assegnazioni       int // cases that were ever assigned
	GiorniAssegnazione int // from the domanda to it, added up
	Avvii              int // cases whose AP was ever begun
	GiorniAvvio        int
}

// Posto is the desk of a case manager, as far as it concerns a comune.
type Posto struct {
	Ambito      string
	Comune      string
	CaseManager id.Operatore
}

// Carico are the open cases on it, and the two workload numbers.
type Carico struct {
	Assegnati    int
	DaMonitorare int
	Monitorati   int
}

// Quando is a day in a place.
type Quando struct {
	Ambito string
	Comune string
	Misura caso.Misura
	Giorno giorno.Giorno
}

// Fatti are what happened on it.
type Fatti struct {
	Ricevute  int
	Assegnate int
	Avviate   int
	EsitiA    int `db:"esiti_a"`
	EsitiB    int `db:"esiti_b"`
	EsitiC    int `db:"esiti_c"`
	EsitiD    int `db:"esiti_d"`
	Firmati   int
	Chiuse    int // closed, lost or excluded
}

// roma is where days begin (ambiguity 9.34).
var roma = func() *time.Location {
	zona, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic("cruscotto: no time zone Europe/Rome: " + err.Error())
	}
	return zona
}()
