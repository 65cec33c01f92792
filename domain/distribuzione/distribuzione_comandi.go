package distribuzione

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Refusals.
var (
	ErrInCorso    = domain.Refuse(domain.Refused, "distribuzione.in_corso", "an automatic assignment is under way in the ambito: wait for its end, or have it interrupted")
	ErrNonInCorso = domain.Refuse(domain.Refused, "distribuzione.non_in_corso", "no such automatic assignment is under way: it has ended, or there was none")
	ErrFuori      = domain.Refuse(domain.NotFound, "distribuzione.inesistente", "there is no such automatic assignment")
	ErrComune     = domain.Refuse(domain.Unprocessable, "distribuzione.comune_fuori_territorio", "the comune lies outside your territory: name one of yours, or none for all")
	ErrMisura     = domain.Refuse(domain.Unprocessable, "distribuzione.misura_non_valida", "the measure is RDC or ADI: no other has a place in the queue")
	ErrPriorita   = domain.Refuse(domain.Unprocessable, "distribuzione.priorita_non_valida", "the priority is ALTA, MEDIA or BASSA")
)

// Priorita are those of waiting cases, the most urgent first.
var Priorita = []string{"ALTA", "MEDIA", "BASSA"}

// Valida checks a filter against the territory in which it is to hold.
func (f Filtro) Valida(dove domain.Territorio) error {
	switch {
	case f.Comune != "" && !dove.Copre(dove.Ambito, f.Comune):
		return ErrComune.At("filtro.comune")
	case f.Misura != "" && f.Misura != "RDC" && f.Misura != "ADI":
		return ErrMisura.At("filtro.misura")
	case slices.ContainsFunc(f.Priorita, func(p string) bool { return !slices.Contains(Priorita, p) }):
		return ErrPriorita.At("filtro.priorita")
	}
	return nil
}

// Avvia begins a run.
type Avvia struct{ Corsa Avviata }

// Decide answers Avvia.
func (c Avvia) Decide(s State) ([]Event, error) {
	if err := c.Corsa.Filtro.Valida(c.Corsa.Territorio); err != nil {
		return nil, err
	}
	switch {
	case s.InCorso.Processo == c.Corsa.Processo:
		return nil, nil
	case !s.InCorso.Processo.IsZero():
		return nil, ErrInCorso
	}
	return []Event{c.Corsa}, nil
}

// Interrompi asks a run to end.
type Interrompi struct {
	Processo   id.Processo
	Territorio domain.Territorio // of who asks: a run that reaches beyond it is not theirs to end
}

// Decide answers Interrompi.
func (c Interrompi) Decide(s State) ([]Event, error) {
	switch {
	case s.InCorso.Processo != c.Processo || c.Processo.IsZero():
		return nil, ErrNonInCorso
	case !c.Territorio.Contiene(s.InCorso.Territorio):
		return nil, ErrFuori
	case s.InCorso.Interrotta:
		return nil, nil
	}
	return []Event{InterruzioneRichiesta{c.Processo}}, nil
}

// Concludi ends a run: as interrupted when that was asked before its last
// case, as failed with the code of what stopped it.
type Concludi struct {
	Processo id.Processo
	Esiti    Esiti
	Intera   bool   // every case was gone through
	Errore   string // empty unless it failed
}

// Decide answers Concludi.
func (c Concludi) Decide(s State) ([]Event, error) {
	switch {
	case s.InCorso.Processo != c.Processo:
		return nil, nil // it has ended
	case c.Errore != "":
		return []Event{Fallita{c.Processo, c.Esiti, c.Errore}}, nil
	case c.Intera:
		return []Event{Completata{c.Processo, c.Esiti}}, nil
	case s.InCorso.Interrotta:
		return []Event{Interrotta{c.Processo, c.Esiti}}, nil
	}
	return nil, nil // there is work left
}
