package commands

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/distribuzione"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/domain/processo"
)

// Distribuisci carries a run of the automatic assignment to its end: it writes
// the whole plan down, then gives the cases out by groups. It can be stopped
// at any moment, by ctx or by force, and called again: it goes on with the
// plan that is written, and a case that was given is not given again. Two
// programs may carry one run at once: what one has done the other finds done,
// and of two plans the one begun last holds, to which the other comes back
// when it is called again. It returns when the run has ended, or with the
// error that keeps it from ending now.
func (s *Service) Distribuisci(ctx context.Context, ambito string, p id.Processo, adesso func() time.Time, log *slog.Logger) error {
	d := &distribuisce{Service: s, ambito: ambito, id: p, adesso: adesso, log: log.With("processo", p.String()), attore: domain.Assegnazione}
	d.attore.Territorio = domain.Territorio{Ambito: ambito}
	err := d.riprendi(ctx)
	if err == nil && d.inCorso() {
		err = d.svolgi(ctx)
	}
	var rifiuto *domain.Error
	if errors.As(err, &rifiuto) && ctx.Err() == nil && !errors.Is(err, processo.ErrAltroPiano) {
		return errors.Join(err, d.concludi(ctx, distribuzione.Concludi{Errore: rifiuto.Code}))
	}
	return err
}

// distribuisce is one attempt at a run.
type distribuisce struct {
	*Service
	ambito string
	id     id.Processo
	attore domain.Attore
	adesso func() time.Time
	log    *slog.Logger

	procedura distribuzione.Procedura // under way in the ambito
	avvio     uint64                  // position of its start in the log
	letto     Esito[processo.State]
}

func (d *distribuisce) inCorso() bool { return d.procedura.Processo == d.id }

// svolgi plans, gives out, and ends the run.
func (d *distribuisce) svolgi(ctx context.Context) error {
	if err := d.pianifica(ctx); err != nil {
		return err
	}
	for d.letto.Stato.Fatti < d.letto.Stato.Totale {
		if err := d.guarda(ctx); err != nil {
			return err
		}
		if !d.inCorso() || d.procedura.Interrotta {
			break
		}
		if err := d.gruppo(ctx); err != nil {
			return err
		}
	}
	return d.concludi(ctx, distribuzione.Concludi{Intera: d.letto.Stato.Fatti == d.letto.Stato.Totale})
}

// riprendi reads how far the run is.
func (d *distribuisce) riprendi(ctx context.Context) error {
	if err := d.guarda(ctx); err != nil || !d.inCorso() {
		return err
	}
	d.attore.Territorio = d.procedura.Territorio
	return d.rileggi(ctx)
}

// guarda reads whether the run is under way, and is to go on.
func (d *distribuisce) guarda(ctx context.Context) error {
	return insisti(ctx, d.log, func() error {
		var st distribuzione.State
		for r, err := range d.Store.Read(ctx, distribuzione.Decider.Stream(d.ambito)) {
			if err != nil {
				return err
			}
			e, ok := r.Event.(distribuzione.Event)
			if !ok {
				return errFuoriAggregato
			}
			if avviata, si := e.(distribuzione.Avviata); si && avviata.Processo == d.id {
				d.avvio = r.Position
			}
			st = distribuzione.Decider.Evolve(st, e)
		}
		d.procedura = st.InCorso
		return nil
	})
}

func (d *distribuisce) rileggi(ctx context.Context) error {
	return insisti(ctx, d.log, func() (err error) {
		d.letto, _, err = leggi(ctx, d.Store, Request{}, processo.Decider, processo.Decider.Stream(d.id.String()))
		return err
	})
}

// registra appends to the stream of the run, which is long: it is read again
// only when somebody else wrote to it, or when an outcome is not known. What
// stands in it by then is not written twice, for the commands say what they
// are about. Its requests are named by what they write: to a store two appends
// of one name are one, and another program may write something else here.
func (d *distribuisce) registra(ctx context.Context, cmd domain.Command[processo.State, processo.Event]) error {
	superato := false
	return insisti(ctx, d.log, func() error {
		if superato {
			if err := d.rileggi(ctx); err != nil {
				return err
			}
		}
		eventi, err := cmd.Decide(d.letto.Stato)
		if err != nil || len(eventi) == 0 {
			return err
		}
		comando := uuid.NewSHA1(d.id.UUID, fmt.Append(d.letto.Head.Self[:], eventi))
		esito, err := appendi(ctx, d.Store, d.richiesta(comando), processo.Decider, processo.Decider.Stream(d.id.String()), d.letto, eventi)
		superato = err != nil
		if err == nil {
			d.letto = esito
		}
		return err
	})
}

// concludi ends the run, when it is to end.
func (d *distribuisce) concludi(ctx context.Context, cmd distribuzione.Concludi) error {
	st := d.letto.Stato
	cmd.Processo, cmd.Esiti = d.id, distribuzione.Esiti{Assegnati: st.Fatti - st.Saltati, Saltati: st.Saltati}
	return insisti(ctx, d.log, func() error {
		_, err := execute(ctx, d.Service, d.richiesta(uuid.NewSHA1(d.id.UUID, []byte("concludi"))), suDistribuzione(d.ambito, cmd))
		return err
	})
}

// richiesta is a request of the run.
func (d *distribuisce) richiesta(comando uuid.UUID) Request {
	return Request{
		Comando: comando, Impronta: d.Impronta(d.id.UUID[:]), Correlazione: d.id.UUID, Causa: d.id.UUID,
		Attore: d.attore, Canale: domain.Sistema, Adesso: d.adesso(),
	}
}

// presenti are the operators of a group of choices as they are now.
type presenti map[id.Operatore]operatore.State

// giorno is the day on which the run is carried out.
func (d *distribuisce) giorno() giorno.Giorno { return giorno.Di(d.adesso().In(d.Zona)) }
