package commands

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/operatore"
	"nucleo/domain/processo"
)

const (
	pezzoPiano   = 500 // choices in one event: some 400 bytes each, of an append's 1 MiB
	gruppoScelte = 250 // cases given out between two notes of the progress
)

// pianifica writes the plan down, unless a whole one is written. A plan is
// named by what it says: begun again on the same picture it is the same.
func (d *distribuisce) pianifica(ctx context.Context) error {
	if d.letto.Stato.Pianificato() {
		return nil
	}
	foto, err := d.Fotografo.Fotografa(ctx, d.avvio, d.procedura.Territorio, d.procedura.Filtro, d.giorno())
	if err != nil {
		return fmt.Errorf("plan: %w", err) // not for a refusal: it is asked again later
	}
	scelte := processo.Pianifica(foto)
	piano := uuid.NewSHA1(d.id.UUID, fmt.Append(nil, scelte))
	da := 0
	if d.letto.Stato.Piano == piano {
		da = len(d.letto.Stato.Scelte)
	}
	for ; da == 0 || da < len(scelte); da += pezzoPiano {
		pezzo := processo.Estendi{Piano: piano, Totale: len(scelte), Da: da, Scelte: scelte[da:min(da+pezzoPiano, len(scelte))]}
		if err := d.registra(ctx, pezzo); err != nil {
			return err
		}
	}
	return nil
}

// gruppo gives the next cases of the plan out, many at a time, and notes what
// became of them.
func (d *distribuisce) gruppo(ctx context.Context) error {
	st := d.letto.Stato
	scelte := st.Scelte[st.Fatti:min(st.Fatti+gruppoScelte, st.Totale)]
	presenti, err := d.presenti(ctx, scelte)
	if err != nil {
		return err
	}
	esiti := make([]processo.Esito, len(scelte))
	var lavori errgroup.Group
	lavori.SetLimit(lavoratori)
	for n, s := range scelte {
		lavori.Go(func() (err error) {
			esiti[n] = processo.Esito{Numero: st.Fatti + n}
			esiti[n].Motivo, err = d.assegna(ctx, s, presenti)
			return err
		})
	}
	if err := lavori.Wait(); err != nil {
		return err
	}
	return d.registra(ctx, processo.Registra{Esiti: esiti})
}

// presenti are the operators of some choices as they are now. A role that is
// revoked in the very moment is noticed by the policy on revocations.
func (d *distribuisce) presenti(ctx context.Context, scelte []processo.Scelta) (presenti, error) {
	all := presenti{}
	for _, s := range scelte {
		if _, noto := all[s.CaseManager]; noto || s.CaseManager.IsZero() {
			continue
		}
		err := insisti(ctx, d.log, func() (err error) {
			all[s.CaseManager], err = d.Operatore(ctx, s.CaseManager)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// assegna gives one case out, or says why not. Its command is named by the run
// and the case, so that a run that starts again finds it done.
func (d *distribuisce) assegna(ctx context.Context, s processo.Scelta, presenti presenti) (processo.MotivoSalto, error) {
	if s.CaseManager.IsZero() {
		return processo.NessunOperatore, nil
	}
	var esito Caso
	err := insisti(ctx, d.log, func() (err error) {
		req := d.richiesta(uuid.NewSHA1(d.id.UUID, s.Caso.UUID[:]))
		esito, err = execute(ctx, d.Service, req, suCaso(s.Caso, func(_ context.Context, st caso.State) (domain.Command[caso.State, caso.Event], error) {
			return d.comando(s, presenti[s.CaseManager]), Vede(d.attore, st) // not asked of a case that was given, and moved since
		}))
		return err
	})
	switch {
	case err == nil && esito.Posizione > 0:
		return "", nil
	case err == nil: // the same case manager was given it by hand
		return processo.GiaAssegnato, nil
	case ctx.Err() != nil:
		return "", ctx.Err()
	}
	for _, salto := range salti {
		if errors.Is(err, salto.per) {
			return salto.motivo, nil
		}
	}
	d.log.ErrorContext(ctx, "case not distributed", "caso", s.Caso.String(), "error", err)
	return processo.GuastoDelSistema, nil
}

// salti are the refusals that leave a case where it is.
var salti = []struct {
	per    error
	motivo processo.MotivoSalto
}{
	{caso.ErrGiaAssegnato, processo.GiaAssegnato},
	{caso.ErrNonAperto, processo.NonAssegnabile},
	{caso.ErrFuoriCoda, processo.NonAssegnabile},
	{caso.ErrInesistente, processo.FuoriTerritorio},
	{caso.ErrNonIdoneo, processo.NonDisponibile},
}

// comando assigns a case to the case manager of a choice, who may no longer be
// there: then no accreditation of theirs counts.
func (d *distribuisce) comando(s processo.Scelta, cm operatore.State) domain.Command[caso.State, caso.Event] {
	oggi := d.giorno()
	cmd := caso.Assegna{CaseManager: s.CaseManager, Modalita: caso.Automatica, Processo: d.id.UUID}
	if operatore.AssenteFino(cm.Periodi(), oggi).IsZero() {
		cmd.Incarichi = incarichiDi(cm, oggi)
	}
	return cmd
}
