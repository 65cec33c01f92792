package main

import (
	"context"
	"errors"
	"time"

	"nucleo/cmd/nucleo/internal/custodia"
	"nucleo/cmd/nucleo/internal/lavori"
	"nucleo/commands"
	"nucleo/domain/id"
	"nucleo/domain/massivo"
)

// riposoAccreditatore is how long an application that could not go on rests.
// After it those that other programs began are looked for, too.
const riposoAccreditatore = 10 * time.Second

// accreditatore carries the application of files of operators to its end. Two
// of them, of two replicas, take turns (see commands.ApplicaOperatori).
type accreditatore struct {
	lavori.Lavori[id.Massivo]
}

func nuovoAccreditatore(s *servizio, comandi *commands.Service, c custodia.Custodia) *accreditatore {
	return &accreditatore{lavori.Lavori[id.Massivo]{
		Nome: "accreditation", Riposo: riposoAccreditatore, Log: s.log,
		Porta: func(ctx context.Context, m id.Massivo) error {
			return comandi.ApplicaOperatori(ctx, m, time.Now, s.log)
		},
		Restano: func(ctx context.Context) ([]id.Massivo, error) { return restano(ctx, comandi, c) },
	}}
}

// restano are the files whose application has work left. Those that have
// expired, and are not being applied, are dropped.
func restano(ctx context.Context, comandi *commands.Service, c custodia.Custodia) (all []id.Massivo, err error) {
	conservati, err := c.Conservati(ctx, time.Now())
	for m, scaduto := range conservati {
		aperto, male := comandi.OperatoriInCorso(ctx, m)
		switch {
		case male != nil && !errors.Is(male, massivo.ErrInesistente):
			err = errors.Join(err, male)
		case aperto:
			all = append(all, m)
		case scaduto:
			err = errors.Join(err, c.Scarta(ctx, m))
		}
	}
	return all, err
}

// Comincia implements httpapi.Accreditatore.
func (a *accreditatore) Comincia(m id.Massivo) { a.Accoda(m) }
