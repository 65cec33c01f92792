package allarme

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Motivo is what explains an alert.
type Motivo string

// The explanations.
const (
	Servizio     Motivo = "SERVIZIO"     // the work asked for it
	Sostituzione Motivo = "SOSTITUZIONE" // of a colleague
	Urgenza      Motivo = "URGENZA"
	Omonimia     Motivo = "OMONIMIA" // the name is the same, the family is not
	Errore       Motivo = "ERRORE"   // of the operator, without consequence
	Controllo    Motivo = "CONTROLLO"
)

// Motivi are the explanations.
var Motivi = []Motivo{Servizio, Sostituzione, Urgenza, Omonimia, Errore, Controllo}

// Avviso is to whom an alert is reported.
type Avviso string

// The reports.
const DPCM Avviso = "DPCM_2014_ART_13" // AgID and the identity provider

// Refusals.
var (
	ErrInesistente = domain.Refuse(domain.NotFound, "allarme.inesistente", "there is no such alert")
	ErrMotivo      = domain.Refuse(domain.Unprocessable, "allarme.motivo_non_valido", "the explanation is one of SERVIZIO, SOSTITUZIONE, URGENZA, OMONIMIA, ERRORE, CONTROLLO")
	ErrProprio     = domain.Refuse(domain.Forbidden, "allarme.proprio", "the alert is about you: somebody else has to say what it was")
	ErrSpiegato    = domain.Refuse(domain.Refused, "allarme.gia_spiegato", "the alert was explained otherwise: read it; if the explanation does not hold, report it")
	ErrSegnalato   = domain.Refuse(domain.Refused, "allarme.gia_segnalato", "the alert was reported, and can no longer be explained")
)

// Solleva begins an alert.
type Solleva struct{ Allarme Sollevato }

// Decide answers Solleva. An alert that stands is not raised again, nor changed
// when it is found with other numbers: thresholds may have moved since.
func (c Solleva) Decide(s State) ([]Event, error) {
	if s.Stato != "" {
		return nil, nil
	}
	e := c.Allarme
	if len(e.Casi) > MaxCasi {
		e.Casi = e.Casi[:MaxCasi]
	}
	return []Event{e}, nil
}

// Spiega explains an alert.
type Spiega struct {
	Motivo Motivo
	Da     id.Operatore
}

// Decide answers Spiega.
func (c Spiega) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case !slices.Contains(Motivi, c.Motivo):
		return nil, ErrMotivo.At("motivo")
	case s.Operatore == c.Da:
		return nil, ErrProprio
	case s.Stato == Segnalato:
		return nil, ErrSegnalato
	case s.Motivo == c.Motivo:
		return nil, nil // already so
	case s.Stato == Spiegato:
		return nil, ErrSpiegato
	}
	return []Event{SpiegazioneData{Motivo: c.Motivo}}, nil
}

// Segnala reports an alert, explained or not: an explanation may turn out not
// to hold.
type Segnala struct{ Da id.Operatore }

// Decide answers Segnala.
func (c Segnala) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case s.Operatore == c.Da:
		return nil, ErrProprio
	case s.Stato == Segnalato:
		return nil, nil // already so
	}
	return []Event{SegnalazioneFatta{Avviso: DPCM}}, nil
}
