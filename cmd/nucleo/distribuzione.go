package main

import (
	"context"
	"time"

	"nucleo/cmd/nucleo/internal/lavori"
	"nucleo/commands"
	"nucleo/domain/id"
	"nucleo/projections/distribuzioni"
)

// riposoDistribuzione is how long a run that could not go on rests. After it
// the runs that other programs began are looked for, too.
const riposoDistribuzione = 10 * time.Second

// distributore carries automatic assignments to their end. Two of them, of two
// replicas, do a run no harm (see commands.Distribuisci).
type distributore struct {
	lavori.Lavori[distribuzioni.Corsa]
}

func nuovoDistributore(s *servizio, comandi *commands.Service) *distributore {
	return &distributore{lavori.Lavori[distribuzioni.Corsa]{
		Nome: "automatic assignment", Riposo: riposoDistribuzione, Log: s.log,
		Porta: func(ctx context.Context, c distribuzioni.Corsa) error {
			return comandi.Distribuisci(ctx, c.Ambito, c.Processo, time.Now, s.log)
		},
		Restano: func(ctx context.Context) ([]distribuzioni.Corsa, error) {
			return distribuzioni.InCorsoOra(ctx, s.lettura)
		},
	}}
}

// Comincia implements httpapi.Distributore.
func (d *distributore) Comincia(ambito string, p id.Processo) {
	d.Accoda(distribuzioni.Corsa{Ambito: ambito, Processo: p})
}
