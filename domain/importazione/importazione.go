// Package importazione follows one file from INPS through its import: what
// came, what was wrong with it, how far it has been taken in. The file itself
// is kept beside the log until the run ends.
package importazione

import (
	"slices"

	"nucleo/domain"
)

// Event is a fact of one import.
//
//sumtype:decl
type Event interface {
	domain.Event
	isImportazione()
}

// Tipo is what the rows of a file are.
type Tipo string

// The kinds of file.
const (
	Domande    Tipo = "domande"
	Variazioni Tipo = "variazioni"
	Benefici   Tipo = "benefici"
)

// Formato is how a file is written.
type Formato string

// The formats.
const (
	NDJSON Formato = "ndjson"
	CSV    Formato = "csv"
)

// Stato is how far an import has come.
type Stato string

// The states of an import.
const (
	InVerifica Stato = "IN_VERIFICA"
	InCorso    Stato = "IN_CORSO"
	Rifiutata  Stato = "RIFIUTATA"
	Completata Stato = "COMPLETATA"
	Fallita    Stato = "FALLITA"
)

// Errore is a bad row, told without quoting it.
type Errore struct {
	Riga         int    `json:"riga"` // from 1; the header of a CSV is row 1
	Campo        string `json:"campo,omitempty"`
	Codice       string `json:"codice"`
	Suggerimento string `json:"suggerimento"`
}

// Conteggi count the rows taken in, by outcome.
type Conteggi struct {
	Nuove     int `json:"nuove"`
	Invariate int `json:"invariate"` // had been received before
	Difformi  int `json:"difformi"`  // had been received with other content
	Rifiutate int `json:"rifiutate"` // by a rule, when they were taken in
}

// Piu is the sum of two counts.
func (c Conteggi) Piu(d Conteggi) Conteggi {
	return Conteggi{c.Nuove + d.Nuove, c.Invariate + d.Invariate, c.Difformi + d.Difformi, c.Rifiutate + d.Rifiutate}
}

// State is how an import stands.
type State struct {
	Stato Stato // empty before the file came
	Ricevuta
	Righe    int // in the file, once checked
	Errate   int // records that are bad
	Avvisi   int // what looked wrong in the good ones
	Fino     int // rows taken in, from the first
	Conteggi Conteggi
	Errori   []Errore // the first MaxErrori
	Motivo   string   // why it failed
}

// MaxErrori bounds the report of bad rows; Errate counts them all.
const MaxErrori = 1000

// Decider is the write side of an import.
var Decider = domain.Decider[State, Event]{Category: "importazione", Evolve: evolve}

// Aggregate is every event that the stream of an import may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: []domain.Entry{
	domain.Of[Ricevuta](),
	domain.Of[Verificata](),
	domain.Of[Avanzata](),
	domain.Of[Conclusa](),
}}

type (
	// Ricevuta says that a file came.
	Ricevuta struct {
		Tipo        Tipo          `json:"tipo"`
		Formato     Formato       `json:"formato"`
		Impronta    domain.Digest `json:"impronta"` // SHA-256 of the file
		Byte        int64         `json:"byte"`
		SaltaErrate bool          `json:"salta_errate"` // take in the good rows of a file that has bad ones
	}
	// Verificata says what the check of the whole file found.
	Verificata struct {
		Righe  int      `json:"righe"`
		Errate int      `json:"errate"`
		Avvisi int      `json:"avvisi"`
		Errori []Errore `json:"errori,omitempty"`
	}
	// Avanzata says that the rows up to one have been taken in.
	Avanzata struct {
		Fino     int      `json:"fino"`
		Conteggi Conteggi `json:"conteggi"` // of the rows since the last time
		Errori   []Errore `json:"errori,omitempty"`
	}
	// Conclusa ends the import.
	Conclusa struct {
		Stato  Stato  `json:"stato"` // RIFIUTATA, COMPLETATA, FALLITA
		Motivo string `json:"motivo,omitempty"`
	}
)

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case Ricevuta:
		s.Stato, s.Ricevuta = InVerifica, e
	case Verificata:
		s.Stato, s.Righe, s.Errate, s.Avvisi = InCorso, e.Righe, e.Errate, e.Avvisi
		s.Errori = slices.Concat(s.Errori, e.Errori)
	case Avanzata:
		s.Fino, s.Conteggi = e.Fino, s.Conteggi.Piu(e.Conteggi)
		s.Errori = slices.Concat(s.Errori, e.Errori)
	case Conclusa:
		s.Stato, s.Motivo = e.Stato, e.Motivo
	}
	return s
}

// Aperta reports whether the import has work left.
func (s State) Aperta() bool { return s.Stato == InVerifica || s.Stato == InCorso }

func (Ricevuta) EventType() string   { return "ImportazioneRicevuta" }
func (Verificata) EventType() string { return "ImportazioneVerificata" }
func (Avanzata) EventType() string   { return "ImportazioneAvanzata" }
func (Conclusa) EventType() string   { return "ImportazioneConclusa" }

func (Ricevuta) isImportazione()   {}
func (Verificata) isImportazione() {}
func (Avanzata) isImportazione()   {}
func (Conclusa) isImportazione()   {}
