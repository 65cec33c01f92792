package main

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/commands/policies"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections"
	"nucleo/projections/agenda"
	"nucleo/projections/ambiti"
	"nucleo/projections/cancellazioni"
	"nucleo/projections/casi"
	"nucleo/projections/nuclei"
)

// territori answers the commands from the read model of the ambiti.
type territori struct{ pool *pgxpool.Pool }

// AmbitoDi implements commands.Territori.
func (t territori) AmbitoDi(ctx context.Context, comune string) (string, bool, error) {
	return ambiti.Di(ctx, t.pool, comune)
}

// elenchi answers who waits for the lists, and the policies.
type elenchi struct {
	motore *projections.Engine
	pool   *pgxpool.Pool
}

// Attendi implements httpapi.Attesa.
func (e elenchi) Attendi(ctx context.Context, position uint64) error {
	return e.motore.Wait(ctx, position, modelli...)
}

// AttendiPosizione implements policies.Casi.
func (e elenchi) AttendiPosizione(ctx context.Context, position uint64) error {
	return e.motore.Wait(ctx, position, casi.Projection)
}

// ApertiDi implements policies.Casi.
func (e elenchi) ApertiDi(ctx context.Context, cm id.Operatore) ([]id.Caso, error) {
	return casi.Aperti(ctx, e.pool, cm)
}

// scaduti answers the policy of the clocks.
type scaduti struct {
	*impianto
	motore *projections.Engine
}

// AttendiTutto implements policies.Scaduti.
func (s scaduti) AttendiTutto(ctx context.Context) error {
	fine, err := s.archivio.End(ctx)
	if err != nil {
		return err
	}
	return s.motore.Wait(ctx, fine, agenda.Projection)
}

// DaRegistrare implements policies.Scaduti.
func (s scaduti) DaRegistrare(ctx context.Context, il giorno.Giorno, dopo id.Caso, n int) ([]id.Caso, error) {
	return agenda.DaRegistrare(ctx, s.lettura, il, dopo, n)
}

// finiti answers the policy of the terms of cases.
type finiti struct {
	*impianto
	motore *projections.Engine
}

// AttendiTutto implements policies.Finiti.
func (f finiti) AttendiTutto(ctx context.Context) error {
	fine, err := f.archivio.End(ctx)
	if err != nil {
		return err
	}
	return f.motore.Wait(ctx, fine, cancellazioni.Projection, casi.Projection, nuclei.Projection)
}

// Chiusi implements policies.Finiti.
func (f finiti) Chiusi(ctx context.Context, dopo uint64, n int) ([]policies.Chiuso, error) {
	chiusi, err := casi.Chiusi(ctx, f.lettura, dopo, n)
	if err != nil {
		return nil, err
	}
	quali, tutti, dove := make([]id.Caso, len(chiusi)), make([]policies.Chiuso, len(chiusi)), map[id.Caso]map[id.Componente][]id.Caso{}
	for i, c := range chiusi {
		quali[i], dove[c.Caso] = c.Caso, map[id.Componente][]id.Caso{}
	}
	persone, err := nuclei.Altrove(ctx, f.lettura, quali...)
	if err != nil {
		return nil, err
	}
	for chi, altrove := range persone {
		dove[chi.Caso][chi.Componente] = altrove
	}
	chieste, err := cancellazioni.Di(ctx, f.lettura, quali...)
	for i, c := range chiusi {
		tutti[i] = policies.Chiuso{Caso: c.Caso, Posizione: c.Posizione, Persone: dove[c.Caso], Chieste: chieste[c.Caso]}
	}
	return tutti, err
}

// raggiungi waits until the read models show all that the log now holds.
func (s *servizio) raggiungi(ctx context.Context) error {
	fine, err := s.archivio.End(ctx)
	if err != nil {
		return err
	}
	return s.motore.Wait(ctx, fine, modelli...)
}
