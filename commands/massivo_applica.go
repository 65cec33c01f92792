package commands

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"nucleo/commands/modulo"
	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/massivo"
	"nucleo/domain/operatore"
)

// AvviaOperatori begins the application of a file: all its rows are held to the
// rules as things are now, and the plan is written down. ApplicaOperatori does
// the rest.
func (s *Service) AvviaOperatori(ctx context.Context, req Request, m id.Massivo) (Massivo, error) {
	a := suMassivo(m, nil)
	a.visibile = func(st massivo.State) error {
		if st.Stato == "" || st.Ambito != req.Attore.Territorio.Ambito {
			return massivo.ErrInesistente
		}
		return nil
	}
	a.comando = func(ctx context.Context, st massivo.State) (domain.Command[massivo.State, massivo.Event], error) {
		c := massivo.Avvia{Adesso: req.Adesso}
		if _, err := c.Decide(st); err != nil || st.Stato != massivo.Verificato {
			return c, err
		}
		righe, err := s.righe(ctx, m, st)
		if err != nil {
			return nil, err
		}
		esame, err := s.esamina(ctx, req.Attore, righe, s.controllatoIl(st))
		for _, v := range esame.voci {
			c.Voci = append(c.Voci, massivo.Voce{Riga: v.Riga, Operatore: s.OperatoreDi(v.Dati.CodiceFiscale)})
		}
		c.Esiti, c.Errori = esame.esiti, esame.errori[:min(len(esame.errori), massivo.MaxErrori)]
		return c, err
	}
	return execute(ctx, s, req, a)
}

// controllatoIl is the day on which a file was checked: what its rows leave out
// is of that day, whenever they are read.
func (s *Service) controllatoIl(st massivo.State) giorno.Giorno {
	return giorno.Di(st.Scade.Add(-conservato).In(s.Zona))
}

// ApplicaOperatori carries the application of a file to its end: every row, or
// none. It can be stopped at any moment, by ctx or by force, and called again:
// it goes on where it was. A row that is refused after all, because somebody
// else was faster, has all that the others did taken back. While another
// program carries the same file on it does nothing. It returns when the
// application has ended, or with the error that keeps it from ending.
func (s *Service) ApplicaOperatori(ctx context.Context, m id.Massivo, adesso func() time.Time, log *slog.Logger) error {
	_, err := s.Custodia.Sola(ctx, m, func(ctx context.Context) error {
		a := &applicazione{Service: s, id: m, adesso: adesso, log: log.With("massivo", m.String())}
		return a.porta(ctx)
	})
	return err
}

// applicazione is one attempt at applying a file.
type applicazione struct {
	*Service
	id     id.Massivo
	stato  massivo.State
	attore domain.Attore // who applied it, as they were then
	adesso func() time.Time
	log    *slog.Logger
}

func (a *applicazione) porta(ctx context.Context) error {
	if err := a.riprendi(ctx); err != nil {
		return err
	}
	if a.stato.Stato == massivo.InApplicazione {
		rifiutate, err := a.applica(ctx)
		if err == nil && len(rifiutate) > 0 {
			err = a.registra(ctx, "ritira", massivo.Ritira{Errori: rifiutate})
		}
		if err != nil {
			return err
		}
	}
	if a.stato.Stato == massivo.InRitiro {
		if err := a.ritira(ctx); err != nil {
			return err
		}
	}
	if a.stato.Aperto() {
		if err := a.registra(ctx, "concludi", massivo.Concludi{}); err != nil {
			return err
		}
	}
	if a.stato.Stato == massivo.Applicato {
		return a.Custodia.Scarta(ctx, a.id)
	}
	return nil
}

// riprendi reads how far the application is, and for whom it goes on.
func (a *applicazione) riprendi(ctx context.Context) error {
	return insisti(ctx, a.log, func() error {
		a.stato = massivo.State{}
		for r, err := range a.Store.Read(ctx, massivo.Decider.Stream(a.id.String())) {
			if err != nil {
				return err
			}
			e, ok := r.Event.(massivo.Event)
			if !ok {
				return errFuoriAggregato
			}
			if _, avviato := e.(massivo.Avviato); avviato {
				a.attore = domain.Attore{ID: r.Meta.Attore, Ruolo: r.Meta.Ruolo, Territorio: r.Meta.Territorio}
			}
			a.stato = massivo.Decider.Evolve(a.stato, e)
		}
		return nil
	})
}

// applica takes the rows one by one, and says which was refused.
func (a *applicazione) applica(ctx context.Context) ([]massivo.Errore, error) {
	righe, err := a.righe(ctx, a.id, a.stato)
	var rifiuto *domain.Error
	if errors.As(err, &rifiuto) && rifiuto.Kind != domain.Unavailable { // the file is gone: its rows cannot hold
		return rigaErrata(0, err), nil
	}
	if err != nil {
		return nil, err
	}
	di, err := a.territorio(ctx, a.stato.Ambito)
	if err != nil {
		return nil, err
	}
	for _, r := range righe {
		v, errori := modulo.Leggi(r, di, a.controllatoIl(a.stato))
		if len(errori) > 0 { // the ambito lost a comune
			return errori, nil
		}
		err := insisti(ctx, a.log, func() error { return a.riga(ctx, v) })
		if errata := rigaErrata(r.Numero, err); ctx.Err() == nil && errata != nil {
			return errata, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// riga registers a person and gives them a role, where they are not, and have
// it not, already.
func (a *applicazione) riga(ctx context.Context, v modulo.Voce) error {
	o, _, err := a.RegistraOperatore(ctx, a.richiesta(v.Riga, "registra"), operatore.Registra{Dati: v.Dati})
	if err != nil {
		return err
	}
	_, err = a.AccreditaRuolo(ctx, a.richiesta(v.Riga, "accredita"), o, v.Accredita)
	return err
}

// motivoRitiro stands in what is taken back.
const motivoRitiro = "il file di operatori è stato ritirato"

// ritira takes back what the rows did, the last first: the roles, then the
// persons whom nobody knew before. What others did to them stays.
func (a *applicazione) ritira(ctx context.Context) error {
	for _, v := range slices.Backward(a.stato.Voci) {
		err := insisti(ctx, a.log, func() error { return a.disfa(ctx, v) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *applicazione) disfa(ctx context.Context, v massivo.Voce) error {
	dato, err := a.fatto(ctx, v, "accredita")
	if err != nil {
		return err
	}
	if dato {
		acc := id.Accreditamento{UUID: uuid.NewSHA1(a.comando(v.Riga, "accredita"), []byte("accreditamento"))}
		if _, err := a.RevocaRuolo(ctx, a.richiesta(v.Riga, "revoca"), v.Operatore, operatore.Revoca{Accreditamento: acc, Motivo: motivoRitiro}); err != nil {
			return err
		}
	}
	registrato, err := a.fatto(ctx, v, "registra")
	if err != nil || !registrato {
		return err
	}
	_, err = execute(ctx, a.Service, a.richiesta(v.Riga, "annulla"), suOperatore(v.Operatore, is(operatore.AnnullaRegistrazione{Motivo: motivoRitiro})))
	return err
}

// fatto reports whether a step of a row changed something.
func (a *applicazione) fatto(ctx context.Context, v massivo.Voce, passo string) (bool, error) {
	_, fatto, err := leggi(ctx, a.Store, a.richiesta(v.Riga, passo), operatore.Decider, operatore.Decider.Stream(v.Operatore.String()))
	return fatto != nil, err
}

// richiesta is the request of a step of a row. Its name follows from the file
// and the row alone, so that an attempt that starts again asks for nothing new.
func (a *applicazione) richiesta(riga int, passo string) Request {
	return Request{
		Comando: a.comando(riga, passo), Impronta: a.Impronta(a.stato.Impronta[:], []byte(passo), []byte(strconv.Itoa(riga))),
		Correlazione: a.id.UUID, Causa: a.id.UUID, Attore: a.attore, Canale: domain.Batch, Adesso: a.adesso(),
	}
}

func (a *applicazione) comando(riga int, passo string) uuid.UUID {
	return uuid.NewSHA1(a.id.UUID, []byte(passo+"/"+strconv.Itoa(riga)))
}

// registra appends a step of the application itself.
func (a *applicazione) registra(ctx context.Context, passo string, cmd domain.Command[massivo.State, massivo.Event]) error {
	return insisti(ctx, a.log, func() error {
		esito, err := execute(ctx, a.Service, a.richiesta(0, passo), suMassivo(a.id, cmd))
		if err == nil {
			a.stato = esito.Stato
		}
		return err
	})
}

// OperatoriInCorso reports whether the application of a file has work left.
func (s *Service) OperatoriInCorso(ctx context.Context, m id.Massivo) (bool, error) {
	letto, err := s.massivo(ctx, m)
	return letto.Stato.Aperto(), err
}
