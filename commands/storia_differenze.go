package commands

import (
	"context"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/differenza"
	"nucleo/domain/id"
)

// Differenze are what changed in a case between two moments.
type Differenze struct {
	Da, A       domain.Recorded // the last event of each state
	Ambito      string          // where the case lay at the second
	Cambiamenti []Cambiamento   // by path
}

// Cambiamento is a value that is not the same, and the last event that changed
// it: what it was and is stands in Voce, whatever happened between.
type Cambiamento struct {
	differenza.Voce
	Evento domain.Recorded
}

// ErrMomentiInversi refuses a difference that goes back in time.
var ErrMomentiInversi = domain.Refuse(domain.Invalid, "differenze.momenti_inversi", "da comes after a: ask for them the other way round")

// DifferenzeCaso are what changed in a case from one moment to another, folded
// from its stream. The zero da is the event before the last of a.
func (s *Service) DifferenzeCaso(ctx context.Context, c id.Caso, da, a Alla) (Differenze, error) {
	storia, err := s.StoriaCaso(ctx, c, a)
	if err != nil {
		return Differenze{}, err
	}
	if da == (Alla{}) {
		da.Versione = max(1, storia.Head.Version-1)
	}
	n := 0
	for n < len(storia.Eventi) && !da.dopo(storia.Eventi[n]) {
		n++
	}
	switch {
	case n == 0:
		return Differenze{}, ErrNonAncora
	case da.Versione > storia.Head.Version, a.Istante.Before(da.Istante) && !a.Istante.IsZero():
		return Differenze{}, ErrMomentiInversi
	}
	return storia.differenze(n), nil
}

// differenze are what the events after the n-th changed.
func (s Storia) differenze(n int) Differenze {
	var prima caso.State
	for _, r := range s.Eventi[:n] {
		prima = caso.Decider.Evolve(prima, r.Event.(caso.Event))
	}
	ultimo, passo := map[string]domain.Recorded{}, prima
	for _, r := range s.Eventi[n:] {
		dopo := caso.Decider.Evolve(passo, r.Event.(caso.Event))
		for _, v := range differenza.Tra(passo, dopo) {
			ultimo[v.Percorso] = r
		}
		passo = dopo
	}
	d := Differenze{Da: s.Eventi[n-1], A: s.Eventi[len(s.Eventi)-1], Ambito: s.Stato.Ambito}
	for _, v := range differenza.Tra(prima, s.Stato) {
		d.Cambiamenti = append(d.Cambiamenti, Cambiamento{v, ultimo[v.Percorso]})
	}
	return d
}
