// Package oblio carries out the erasures that were authorised. The order is what
// counts: the keys are entered in the ledger of the log, then in that of the
// second place, and only then destroyed. After a stop at any point it goes on
// from what stands there, and nothing is done twice.
package oblio

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/cancellazione"
	"nucleo/domain/id"
	"nucleo/domain/oblio"
	"nucleo/eventstore"
)

// Chiavi are the keys of personal data.
type Chiavi interface {
	Distruggi(ctx context.Context, kids []uuid.UUID) error
	Vive(ctx context.Context, kids []uuid.UUID) ([]uuid.UUID, error)
}

// Oblio carries erasures out.
type Oblio struct {
	Comandi  *commands.Service
	Archivio eventstore.Log
	Catalogo domain.Catalog
	Chiavi   Chiavi
	Secondo  Secondo

	DaEseguire func(context.Context) ([]id.Cancellazione, error)
	Attendi    func(context.Context, uint64) ([]string, error) // until the lists follow a position; they are named
	Rifai      func(context.Context) error                     // lists whose rows of cases hold names of operators

	Firma   note.Signer
	Adesso  func() time.Time
	Scordo  time.Duration // in which all replicas forget keys that were destroyed
	Ogni    time.Duration
	Log     *slog.Logger
	Origine string

	ripreso bool
}

// Run carries out what is authorised until ctx ends. What fails is tried again.
func (o *Oblio) Run(ctx context.Context) error {
	battito := time.NewTicker(o.Ogni)
	defer battito.Stop()
	for {
		if err := o.giro(ctx); err != nil && ctx.Err() == nil {
			o.Log.WarnContext(ctx, "erasures are not all carried out; trying again", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-battito.C:
		}
	}
}

func (o *Oblio) giro(ctx context.Context) error {
	if err := o.riprende(ctx); err != nil {
		return err
	}
	quali, err := o.DaEseguire(ctx)
	if err != nil {
		return err
	}
	for _, c := range quali {
		if err := o.Esegui(ctx, c); err != nil {
			return fmt.Errorf("erasure %s: %w", c, err)
		}
	}
	return nil
}

// riprende destroys once more, at the start, all keys that the ledger of the log
// names: the log may have been away when they were opened.
func (o *Oblio) riprende(ctx context.Context) error {
	if o.ripreso {
		return nil
	}
	registro, err := o.Comandi.RegistroOblio(ctx)
	if err != nil {
		return err
	}
	var kids []uuid.UUID
	for _, v := range registro.Voci {
		kids = append(kids, v.Chiavi...)
	}
	if len(kids) > 0 {
		err = o.Chiavi.Distruggi(ctx, kids)
	}
	o.ripreso = err == nil
	return err
}

// Esegui carries out one request that was authorised, to its proof.
func (o *Oblio) Esegui(ctx context.Context, c id.Cancellazione) error {
	st, err := o.Comandi.StatoCancellazione(ctx, c)
	if err != nil {
		return err
	}
	if st.Stato == cancellazione.Autorizzata {
		if err := o.distrugge(ctx, c, st.Richiesta.Soggetto); err != nil {
			return err
		}
		if st, err = o.Comandi.StatoCancellazione(ctx, c); err != nil {
			return err
		}
	}
	if st.Stato == cancellazione.Distrutta {
		return o.prova(ctx, c, st)
	}
	return nil
}

// Allinea brings the ledger of the log and that of the second place together:
// each may have entries that the other lost.
func (o *Oblio) Allinea(ctx context.Context) (oblio.State, error) {
	if err := o.Secondo.Prepara(); err != nil {
		return oblio.State{}, err
	}
	altrove, err := o.Secondo.Voci()
	if err != nil {
		return altrove, err
	}
	registro, err := o.Comandi.RegistroOblio(ctx)
	if err == nil && len(altrove.Voci) > len(registro.Voci) {
		nome := fmt.Sprint("riporta ", len(registro.Voci), " ", len(altrove.Voci))
		if _, err := o.Comandi.IscriviOblio(ctx, o.chiede(id.Cancellazione{}, nome), oblio.Riporta(altrove)); err != nil {
			return registro, err
		}
		registro, err = o.Comandi.RegistroOblio(ctx)
	}
	if err != nil {
		return registro, err
	}
	return registro, o.Secondo.Completa(registro)
}

func (o *Oblio) distrugge(ctx context.Context, c id.Cancellazione, di cancellazione.Soggetto) error {
	if _, err := o.Allinea(ctx); err != nil {
		return err
	}
	visti, err := o.cerca(ctx, di, 0)
	if err != nil {
		return err
	}
	iscrivi := oblio.Iscrivi{Cancellazione: c, Chiavi: visti.chiavi}
	if _, err := o.Comandi.IscriviOblio(ctx, o.chiede(c, "iscrivi "+oblio.Impronta(visti.chiavi).String()), iscrivi); err != nil {
		return err
	}
	registro, err := o.Allinea(ctx)
	if err != nil {
		return err
	}
	kids := registro.Di(c)
	if err := o.Chiavi.Distruggi(ctx, kids); err != nil {
		return err
	}
	if !attendi(ctx, o.Scordo) {
		return ctx.Err()
	}
	impronta := oblio.Impronta(kids)
	_, err = o.Comandi.EseguiCancellazione(ctx, o.chiede(c, "esegui "+impronta.String()), c, cancellazione.Esegui{
		ChiaviDistrutte: cancellazione.ChiaviDistrutte{Soggetto: di, Chiavi: len(kids), Impronta: impronta, Valori: visti.valori},
	})
	return err
}

// attendi waits, unless ctx ends before.
func attendi(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

var spazio = uuid.MustParse("5d0f0b8c-9b6e-5f0e-8b1a-1f6a7f0f7e29")

// chiede is a request of the program, whose id follows from what it is about.
func (o *Oblio) chiede(c id.Cancellazione, cosa string) commands.Request {
	return commands.Request{
		Comando: uuid.NewSHA1(spazio, []byte(c.String()+" "+cosa)), Impronta: "oblio", Attore: domain.Oblio, Canale: domain.Sistema, Adesso: o.Adesso(),
	}
}
