// Package oblio carries out the erasures that were authorised. The order is what
// counts: the keys are entered in the ledger of the log, then in that of the
// second place, and only then destroyed. After a stop at any point it goes on
// from what stands there, and nothing is done twice.
package oblio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/cancellazione"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/id"
	"nucleo/domain/oblio"
	"nucleo/eventstore"
	"nucleo/eventstore/sealing"
)

// Chiavi are the keys of personal data.
type Chiavi interface {
	Distruggi(ctx context.Context, kids []uuid.UUID) error
	Vive(ctx context.Context, kids []uuid.UUID) ([]uuid.UUID, error)
	Find(ctx context.Context, kids []uuid.UUID) (there []sealing.Key, destroyed []uuid.UUID, err error)
}

// Oblio carries erasures out.
type Oblio struct {
	Comandi  *commands.Service
	Archivio eventstore.Log
	Catalogo domain.Catalog
	Chiavi   Chiavi
	Secondo  Secondo
	Tabelle  Tabelle
	Pepe     codicefiscale.Pepe

	DaEseguire func(context.Context) ([]id.Cancellazione, error)
	Attendi    func(context.Context, uint64) ([]string, error) // until the lists follow a position; they are named
	Rifai      func(context.Context) error                     // lists whose rows of cases hold names of operators
	Lascia     func(context.Context)                           // lists of past days, which hold what could be read when they were made
	// Riconoscibili counts the rows of people of a subject of whom a blind index or a name is kept.
	Riconoscibili func(context.Context, cancellazione.Soggetto) (int, error)

	Firma   note.Signer
	Adesso  func() time.Time
	Scordo  time.Duration // in which all replicas forget keys that were destroyed
	Ogni    time.Duration
	Log     *slog.Logger
	Origine string

	ripreso   bool
	conosceva map[id.Cancellazione]cercati // by which those are known whose keys were destroyed since this program started
}

// Run carries out what is authorised until ctx ends. What fails is tried again.
func (o *Oblio) Run(ctx context.Context) error {
	battito := time.NewTicker(o.Ogni)
	defer battito.Stop()
	for salta := 0; ; {
		if err := o.giro(ctx); err != nil && ctx.Err() == nil {
			salta = min(2*salta+1, massimoSalta)
			o.Log.ErrorContext(ctx, "erasures are not all carried out; trying again", "err", err, "in", time.Duration(salta+1)*o.Ogni)
		} else {
			salta = 0
		}
		for range salta + 1 {
			select {
			case <-ctx.Done():
				return nil
			case <-battito.C:
			}
		}
	}
}

// massimoSalta is for how many beats it waits at most after something failed: a
// search of all tables is not to be repeated every moment.
const massimoSalta = 31

func (o *Oblio) giro(ctx context.Context) error {
	if err := o.riprende(ctx); err != nil {
		return err
	}
	quali, err := o.DaEseguire(ctx)
	for volta := range slices.Chunk(quali, insieme) {
		err = errors.Join(err, o.Esegui(ctx, volta...))
	}
	return err
}

// insieme is how many are carried out at a time: the wait for other replicas, the
// lists that are built anew and the search of all tables are the same for one and
// for many.
const insieme = 250

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

// Esegui carries out requests that were authorised, to their proofs. One that
// cannot be carried out keeps back none of the others.
func (o *Oblio) Esegui(ctx context.Context, quali ...id.Cancellazione) error {
	var nuove, distrutte []richiesta
	var falliti []error
	for _, c := range quali {
		st, err := o.Comandi.StatoCancellazione(ctx, c)
		switch {
		case err != nil:
			falliti = append(falliti, fmt.Errorf("erasure %s: %w", c, err))
		case st.Stato == cancellazione.Autorizzata:
			nuove = append(nuove, richiesta{c, st})
		case st.Stato == cancellazione.Distrutta:
			distrutte = append(distrutte, richiesta{c, st})
		}
	}
	if len(nuove) > 0 {
		fatte, err := o.distrugge(ctx, nuove)
		falliti = append(falliti, err)
		distrutte = append(distrutte, fatte...)
	}
	if len(distrutte) > 0 && ctx.Err() == nil {
		falliti = append(falliti, o.prova(ctx, distrutte))
	}
	return errors.Join(falliti...)
}

// richiesta is a request as it stands.
type richiesta struct {
	id.Cancellazione
	stato cancellazione.State
}

func (r richiesta) soggetto() cancellazione.Soggetto { return r.stato.Richiesta.Soggetto }

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

// distrugge destroys the keys of several, all at once, after each was entered in
// both ledgers. It returns those of which that was noted.
func (o *Oblio) distrugge(ctx context.Context, quali []richiesta) (fatte []richiesta, _ error) {
	prima, err := o.Allinea(ctx)
	if err != nil {
		return nil, err
	}
	var falliti []error
	valori := map[id.Cancellazione]int{}
	var iscritte []richiesta
	for _, r := range quali {
		n, err := o.iscrive(ctx, r, prima.Di(r.Cancellazione))
		if err != nil {
			falliti = append(falliti, fmt.Errorf("erasure %s: %w", r, err))
			continue
		}
		valori[r.Cancellazione], iscritte = n, append(iscritte, r)
	}
	registro, err := o.Allinea(ctx)
	if err != nil {
		return nil, errors.Join(append(falliti, err)...)
	}
	var kids []uuid.UUID
	for _, r := range iscritte {
		kids = append(kids, registro.Di(r.Cancellazione)...)
	}
	if err := o.Chiavi.Distruggi(ctx, kids); err != nil {
		return nil, errors.Join(append(falliti, err)...)
	}
	if !attendi(ctx, o.Scordo) {
		return nil, ctx.Err()
	}
	for _, r := range iscritte {
		kids := registro.Di(r.Cancellazione)
		impronta := oblio.Impronta(kids)
		_, err := o.Comandi.EseguiCancellazione(ctx, o.chiede(r.Cancellazione, "esegui "+impronta.String()), r.Cancellazione, cancellazione.Esegui{
			ChiaviDistrutte: cancellazione.ChiaviDistrutte{Soggetto: r.soggetto(), Chiavi: len(kids), Impronta: impronta, Valori: valori[r.Cancellazione]},
		})
		if err == nil {
			r.stato, err = o.Comandi.StatoCancellazione(ctx, r.Cancellazione)
		}
		if err != nil {
			falliti = append(falliti, fmt.Errorf("erasure %s: %w", r, err))
			continue
		}
		fatte = append(fatte, r)
	}
	return fatte, errors.Join(falliti...)
}

// iscrive enters the keys of a subject in the ledger of the log, and keeps in mind
// what they still open, to look for it when they open nothing any more.
func (o *Oblio) iscrive(ctx context.Context, r richiesta, gia []uuid.UUID) (valori int, err error) {
	visti, err := o.cerca(ctx, r.soggetto(), 0)
	if err != nil {
		return 0, err
	}
	vive, err := o.Chiavi.Vive(ctx, gia)
	if err != nil {
		return 0, err
	}
	if len(vive) == len(gia) || o.conosceva[r.Cancellazione] != nil { // else a program destroyed some that has stopped since
		noti, err := o.noti(ctx, r.soggetto())
		if err != nil {
			return 0, err
		}
		o.ricorda(r.Cancellazione, noti)
	}
	iscrivi := oblio.Iscrivi{Cancellazione: r.Cancellazione, Chiavi: visti.chiavi}
	_, err = o.Comandi.IscriviOblio(ctx, o.chiede(r.Cancellazione, "iscrivi "+oblio.Impronta(visti.chiavi).String()), iscrivi)
	return visti.valori, err
}

func (o *Oblio) ricorda(c id.Cancellazione, noti cercati) {
	if o.conosceva == nil {
		o.conosceva = map[id.Cancellazione]cercati{}
	}
	if o.conosceva[c] == nil {
		o.conosceva[c] = cercati{}
	}
	maps.Copy(o.conosceva[c], noti)
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
