package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/internal/fotografo"
	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/distribuzione"
	"nucleo/domain/id"
	"nucleo/projections/distribuzioni"
)

const (
	inAttesa = 10_000 // cases that an automatic assignment finds
	aMano    = 6_000  // cases made for a round of commands over HTTP: more than it assigns
)

// distributes measures the automatic assignment of the cases that wait (T12),
// in turns with commands over HTTP that assign one each (T4).
func distributes(ctx context.Context, b *bench) (err error) {
	i, err := b.install(ctx, "distribute")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	s, err := i.serve()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()

	d := &distribution{server: s, waiting: b.pick(inAttesa, inAttesa/5), byHand: b.pick(aMano, aMano/4)}
	took := time.Duration(b.pick(1500, 400)) * time.Millisecond
	command := subject{"HTTP command, 32 clients", func(ctx context.Context) (float64, error) {
		if err := d.make(ctx, d.byHand); err != nil {
			return 0, err
		}
		s.next.Store(int64(d.made - d.byHand))
		return s.assigning(took, d.made)(ctx)
	}}
	automatic := subject{fmt.Sprintf("automatic, %s cases", thousands(float64(d.waiting))), d.run}
	got, err := b.interleave(ctx, b.rounds(), command, automatic)
	if err != nil {
		return err
	}
	if err := i.rebuild(ctx); err != nil {
		return err
	}
	given := int(s.assigned.Load()) + d.given
	want := map[string]int{"casi WHERE lista = 2": given, "cronologia": given, "casi": d.made, "scelte WHERE esito = 'ASSEGNATO'": d.given}
	if err := i.rowsAre(ctx, want); err != nil {
		return err
	}
	b.table.ratio("T12", fmt.Sprintf("automatic assignment of %s waiting cases by 25 case managers: picture, plan, a command a case, outcomes, while all read models follow; %s cases given, and found so in the log", thousands(float64(d.waiting)), thousands(float64(d.given))),
		got[automatic.name], "HTTP command, 32 clients (T4)", got[command.name], 0.5)
	return nil
}

// distribution is a queue that is filled, and emptied by runs.
type distribution struct {
	*server
	waiting int // cases of a run
	byHand  int // cases made for a round of commands
	made    int
	given   int // by runs
}

// make opens so many more cases.
func (d *distribution) make(ctx context.Context, n int) error {
	_, err := d.seme.semina(ctx, d.node.Log(), d.made, d.made+n, nessuna)
	d.made += n
	return err
}

// run empties the queue, which it fills before; that is not measured.
func (d *distribution) run(ctx context.Context) (per float64, err error) {
	left := d.made - int(d.assigned.Load()) - d.given
	if err := d.make(ctx, max(0, d.waiting-left)); err != nil {
		return 0, err
	}
	n := max(left, d.waiting)
	engine, stop := d.follow(ctx)
	defer func() { err = errors.Join(err, stop()) }()
	if err := d.caughtUp(ctx, engine); err != nil {
		return 0, err
	}
	d.comandi.Fotografo = fotografo.Fotografo{Motore: engine, Pool: d.pool}
	p := id.New[id.Processo]()
	req := commands.Request{Comando: uuid.New(), Attore: d.seme.da, Canale: domain.HTTP, Adesso: time.Now()}

	begun := time.Now()
	if _, err := d.comandi.AvviaAssegnazioneAutomatica(ctx, req, p, distribuzione.Filtro{}); err != nil {
		return 0, err
	}
	if err := d.comandi.Distribuisci(ctx, ambitoDiProva, p, time.Now, slog.New(slog.DiscardHandler)); err != nil {
		return 0, err
	}
	took := time.Since(begun)

	if err := d.caughtUp(ctx, engine); err != nil {
		return 0, err
	}
	v, _, found, err := distribuzioni.Di(ctx, d.pool, d.seme.da.Territorio, p)
	if err == nil && (!found || v.Stato != distribuzioni.Completata || v.Assegnati != n || v.Saltati != 0) {
		err = fmt.Errorf("the run gave %d cases of %d, and is %s", v.Assegnati, n, v.Stato)
	}
	d.given += n
	return rate(n, took), err
}
