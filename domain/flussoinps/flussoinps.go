// Package flussoinps decides about one data feed to INPS: which segnalazioni and
// corrections lie in it, which of them INPS took, and which receipts came. What
// a segnalazione may still undergo is decided in its case; a flusso is the list
// that the dispatcher works off, and says when it has come to its end.
package flussoinps

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Event is a fact of one flusso.
//
//sumtype:decl
type Event interface {
	domain.Event
	isFlusso()
}

// Tipo is what INPS is told of a segnalazione.
type Tipo string

// The kinds.
const (
	Segnalazione Tipo = "SEGNALAZIONE" // the fact itself
	Rettifica    Tipo = "RETTIFICA"    // that it does not hold after all
)

// Voce names one thing that INPS is told.
type Voce struct {
	Caso         id.Caso         `json:"caso_id"`
	Segnalazione id.Segnalazione `json:"segnalazione_id"`
	Tipo         Tipo            `json:"tipo"`
}

// Stato is how far a voce has come.
type Stato int

// The states.
const (
	Inclusa   Stato = iota // to be sent
	Esclusa                // not sent: it was annulled in time
	Trasmessa              // INPS took it
	Ricevuta               // and gave a receipt
)

// Contenuta is a voce of a flusso with its state.
type Contenuta struct {
	Voce
	Stato Stato
}

// State is what the rules of a flusso need to know.
type State struct {
	Giorno giorno.Giorno // zero before it is opened
	Numero int
	Voci   []Contenuta
	Chiuso bool
}

// Decider is the write side of a flusso, whose key is made by Chiave.
var Decider = domain.Decider[State, Event]{Category: "flussoinps", Evolve: evolve}

// Aggregate is every event that the stream of a flusso may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: []domain.Entry{
	domain.Of[Aperto](),
	domain.Of[SegnalazioneInclusa](),
	domain.Of[SegnalazioneEsclusa](),
	domain.Of[Trasmesso](),
	domain.Of[RicevutaRegistrata](),
	domain.Of[Chiuso](),
}}

// Chiave names the n-th flusso of a day.
func Chiave(g giorno.Giorno, n int) string {
	return fmt.Sprintf("%s-%d", g.Time().Format("20060102"), n)
}

type (
	// Aperto begins the flusso.
	Aperto struct {
		Giorno giorno.Giorno `json:"giorno"`
		Numero int           `json:"numero"`
	}
	// SegnalazioneInclusa puts a segnalazione, or its correction, into it.
	SegnalazioneInclusa struct{ Voce }
	// SegnalazioneEsclusa takes it out before it was sent, because its case
	// does not have it sent any more.
	SegnalazioneEsclusa struct {
		Voce
		Motivo string `json:"motivo"`
	}
	// Trasmesso says that INPS took what lies in the flusso, or some of it.
	Trasmesso struct {
		Impronta domain.Digest `json:"impronta"`
		Voci     []Voce        `json:"voci"`
	}
	// RicevutaRegistrata says that INPS gave a receipt.
	RicevutaRegistrata struct {
		Voce
		Ricevuta string `json:"ricevuta_inps"`
	}
	// Chiuso ends the flusso: nothing in it waits any more.
	Chiuso struct {
		Ricevute int `json:"ricevute"`
		Escluse  int `json:"escluse"`
	}
)

// Massimo bounds the voci of a flusso.
const Massimo = 200

// Refusals.
var (
	ErrInesistente = domain.Refuse(domain.NotFound, "flusso.inesistente", "there is no such flusso")
	ErrNumero      = domain.Refuse(domain.Unprocessable, "flusso.numero_non_valido", "a flusso has a day, and a number from 1 on")
	ErrTrasmesso   = domain.Refuse(domain.Refused, "flusso.trasmesso", "the flusso was sent: open another one")
	ErrPieno       = domain.Refuse(domain.Refused, "flusso.pieno", "the flusso is full: open another one")
	ErrVoce        = domain.Refuse(domain.Unprocessable, "flusso.voce_sconosciuta", "the flusso does not hold it, or it has left the flusso")
	ErrRicevuta    = domain.Refuse(domain.Unprocessable, "flusso.ricevuta_non_valida", "a receipt has 1 to 100 characters")
)

func evolve(s State, e Event) State {
	switch e := e.(type) {
	case Aperto:
		s.Giorno, s.Numero = e.Giorno, e.Numero
	case SegnalazioneInclusa:
		s.Voci = append(slices.Clip(s.Voci), Contenuta{Voce: e.Voce})
	case SegnalazioneEsclusa:
		s.Voci = s.porta(Esclusa, e.Voce)
	case Trasmesso:
		s.Voci = s.porta(Trasmessa, e.Voci...)
	case RicevutaRegistrata:
		s.Voci = s.porta(Ricevuta, e.Voce)
	case Chiuso:
		s.Chiuso = true
	}
	return s
}

// porta is a copy of the voci, some of which have come to a state.
func (s State) porta(a Stato, voci ...Voce) []Contenuta {
	copia := slices.Clone(s.Voci)
	for _, v := range voci {
		if i := s.indice(v); i >= 0 {
			copia[i].Stato = a
		}
	}
	return copia
}

func (s State) indice(v Voce) int {
	return slices.IndexFunc(s.Voci, func(c Contenuta) bool { return c.Segnalazione == v.Segnalazione && c.Tipo == v.Tipo })
}

// Iniziato reports whether some of it was sent.
func (s State) Iniziato() bool {
	return slices.ContainsFunc(s.Voci, func(c Contenuta) bool { return c.Stato == Trasmessa || c.Stato == Ricevuta })
}

// con adds the end of the flusso to events after which nothing in it waits.
func (s State) con(events ...Event) []Event {
	dopo, finale := Decider.Fold(s, events...), Chiuso{}
	if len(events) == 0 || dopo.Chiuso || len(dopo.Voci) == 0 {
		return events
	}
	for _, v := range dopo.Voci {
		switch v.Stato {
		case Inclusa, Trasmessa:
			return events
		case Esclusa:
			finale.Escluse++
		case Ricevuta:
			finale.Ricevute++
		}
	}
	return append(events, finale)
}

func lunga(s string) bool { return s == "" || utf8.RuneCountInString(s) > 100 }

func (Aperto) EventType() string              { return "FlussoAperto" }
func (SegnalazioneInclusa) EventType() string { return "SegnalazioneInclusa" }
func (SegnalazioneEsclusa) EventType() string { return "SegnalazioneEsclusa" }
func (Trasmesso) EventType() string           { return "FlussoTrasmesso" }
func (RicevutaRegistrata) EventType() string  { return "RicevutaRegistrata" }
func (Chiuso) EventType() string              { return "FlussoChiuso" }

func (Aperto) isFlusso()              {}
func (SegnalazioneInclusa) isFlusso() {}
func (SegnalazioneEsclusa) isFlusso() {}
func (Trasmesso) isFlusso()           {}
func (RicevutaRegistrata) isFlusso()  {}
func (Chiuso) isFlusso()              {}
