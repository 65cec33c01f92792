package commands

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/importazione"
)

// Importazione is an import as a command found it, or left it.
type Importazione = Esito[importazione.State]

// RiceviFile opens the import of a file that is kept. The same file again
// changes nothing; another one under the same id is refused.
func (s *Service) RiceviFile(ctx context.Context, req Request, i id.Importazione, file importazione.Ricevuta) (Importazione, error) {
	esito, err := execute(ctx, s, req, suImportazione(i, importazione.Ricevi{File: file}))
	if err == nil && esito.Stato.Impronta != file.Impronta {
		return esito, ErrChiaveRiusata
	}
	return esito, err
}

// Importazione is how an import stands now.
func (s *Service) Importazione(ctx context.Context, i id.Importazione) (importazione.State, error) {
	letto, _, err := leggi(ctx, s.Store, Request{}, importazione.Decider, importazione.Decider.Stream(i.String()))
	if err == nil && letto.Stato.Stato == "" {
		err = importazione.ErrInesistente
	}
	return letto.Stato, err
}

// Importa carries an import to its end: the whole file is checked, then its
// rows are taken in by groups. It can be stopped at any moment, by ctx or by
// force, and called again: it goes on where it was, and what was done is not
// done twice. While the store cannot be reached it waits. It returns when the
// import has ended, or with the error that keeps it from ending.
func (s *Service) Importa(ctx context.Context, i id.Importazione, apri func() (io.ReadCloser, error), attore domain.Attore, adesso func() time.Time, log *slog.Logger) error {
	c := &corsa{Service: s, id: i, apri: apri, attore: attore, adesso: adesso, log: log.With("importazione", i.String()), ambiti: map[string]string{}}
	if err := c.riprendi(ctx); err != nil || !c.stato.Aperta() {
		return err
	}
	switch c.stato.Tipo {
	case importazione.Variazioni:
		return svolgi(ctx, c, variazioni(c))
	case importazione.Benefici:
		return svolgi(ctx, c, benefici(c))
	}
	return svolgi(ctx, c, domande(c))
}

// corsa is one run of an import, which may be its second or its tenth.
type corsa struct {
	*Service
	id     id.Importazione
	apri   func() (io.ReadCloser, error)
	attore domain.Attore
	adesso func() time.Time
	log    *slog.Logger

	stato   importazione.State
	giorno  giorno.Giorno     // on which the file came: what it is checked against, in every run
	ambiti  map[string]string // of the comuni asked about; "" for those of none
	ripresa bool              // an earlier run may have taken in some of the next group
}

// riprendi reads how far the import is.
func (c *corsa) riprendi(ctx context.Context) error {
	return c.insisti(ctx, func() error {
		c.stato = importazione.State{}
		for r, err := range c.Store.Read(ctx, importazione.Decider.Stream(c.id.String())) {
			if err != nil {
				return err
			}
			e, ok := r.Event.(importazione.Event)
			if !ok {
				return errFuoriAggregato
			}
			if c.stato.Stato == "" {
				c.giorno = giorno.Di(r.Meta.Istante.In(c.Zona))
			}
			c.stato = importazione.Decider.Evolve(c.stato, e)
		}
		if c.stato.Stato == "" {
			return importazione.ErrInesistente
		}
		c.ripresa = c.stato.Stato == importazione.InCorso
		return nil
	})
}

// registra appends a step of the import itself, under a name of its own.
func (c *corsa) registra(ctx context.Context, passo string, cmd domain.Command[importazione.State, importazione.Event]) error {
	return c.insisti(ctx, func() error {
		esito, err := execute(ctx, c.Service, c.richiesta(passo), suImportazione(c.id, cmd))
		if err == nil {
			c.stato = esito.Stato
		}
		return err
	})
}

// richiesta is the request of a step or row. Its name follows from the import
// and the row alone, so that a run that starts again asks for nothing new.
func (c *corsa) richiesta(passo string) Request {
	return Request{
		Comando:  c.comando(passo),
		Impronta: c.Impronta(c.stato.Impronta[:], []byte(passo)), Correlazione: c.id.UUID, Causa: c.id.UUID,
		Attore: c.attore, Canale: domain.Batch, Adesso: c.adesso(),
	}
}

// comando is the id of the command of a step.
func (c *corsa) comando(passo string) uuid.UUID { return uuid.NewSHA1(c.id.UUID, []byte(passo)) }

func passoRiga(n int) string { return "riga/" + strconv.Itoa(n) }

func suImportazione(i id.Importazione, cmd domain.Command[importazione.State, importazione.Event]) azione[importazione.State, importazione.Event] {
	return azione[importazione.State, importazione.Event]{decider: importazione.Decider, chiave: i.String(), comando: is(cmd)}
}
