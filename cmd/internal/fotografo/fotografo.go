// Package fotografo takes the picture that an automatic assignment is planned
// from: the waiting cases, the case managers, their loads and absences, as
// several read models know them at one moment.
package fotografo

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/domain/distribuzione"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/domain/processo"
	"nucleo/projections"
	"nucleo/projections/carico"
	"nucleo/projections/casi"
	"nucleo/projections/operatori"
)

// Fotografo implements commands.Fotografo.
type Fotografo struct {
	Motore *projections.Engine
	Pool   *pgxpool.Pool
	Soglie casi.Soglie // of the priorities
}

// Fotografa looks at the read models when they have passed a position.
func (f Fotografo) Fotografa(ctx context.Context, dopo uint64, dove domain.Territorio, filtro distribuzione.Filtro, oggi giorno.Giorno) (foto processo.Fotografia, err error) {
	if err := f.Motore.Wait(ctx, dopo, casi.Projection, carico.Projection, operatori.Projection); err != nil {
		return foto, err
	}
	err = pgx.BeginTxFunc(ctx, f.Pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if foto.Casi, err = f.inAttesa(ctx, tx, dove, filtro, oggi); err != nil {
			return err
		}
		foto.Candidati, err = candidati(ctx, tx, dove.Ambito, oggi)
		return err
	})
	return foto, err
}

func (f Fotografo) inAttesa(ctx context.Context, tx pgx.Tx, dove domain.Territorio, filtro distribuzione.Filtro, oggi giorno.Giorno) (all []processo.InAttesa, err error) {
	coda, err := casi.InCoda(ctx, tx, dove, filtro.Comune, filtro.Misura, filtro.Riassegnato, oggi, f.Soglie)
	for _, c := range coda {
		if len(filtro.Priorita) > 0 && !slices.Contains(filtro.Priorita, string(c.Priorita)) {
			continue
		}
		all = append(all, processo.InAttesa{
			Caso: c.Caso, IDDomanda: c.IDDomanda, Ambito: c.Ambito, Comune: c.Comune, Urgenza: c.Urgenza(), Presentata: c.DataPresentazione,
		})
	}
	return all, err
}

// candidati are the case managers of the ambito. Their loads are of all their
// cases, also of those outside of the territory (ambiguity 9.31).
func candidati(ctx context.Context, tx pgx.Tx, ambito string, oggi giorno.Giorno) (all []processo.Candidato, err error) {
	disponibili, err := operatori.CaseManagerDi(ctx, tx, ambito, oggi)
	if err != nil {
		return nil, err
	}
	ids := make([]id.Operatore, len(disponibili))
	for n, o := range disponibili {
		ids[n] = o.Operatore
	}
	carichi, err := carico.Di(ctx, tx, ids...)
	for _, o := range disponibili {
		c := carichi[o.Operatore]
		all = append(all, processo.Candidato{
			Operatore: o.Operatore, Territori: o.Territori, Carico: c.DaMonitorare + c.Monitorati, Assente: !operatore.AssenteFino(o.Assenze, oggi).IsZero(),
		})
	}
	return all, err
}
