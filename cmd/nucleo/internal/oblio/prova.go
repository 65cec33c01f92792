package oblio

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"nucleo/domain/cancellazione"
	"nucleo/domain/id"
	"nucleo/domain/oblio"
	"nucleo/eventstore"
	"nucleo/eventstore/sealing"
)

// visto is what a stream holds of a subject.
type visto struct {
	chiavi []uuid.UUID
	valori int
	chiaro int // events that hold something of it in the clear, of before there were keys
}

// cerca looks through the stream of a subject, up to a position; all of it when that is zero.
func (o *Oblio) cerca(ctx context.Context, di cancellazione.Soggetto, prima uint64) (v visto, err error) {
	for e, err := range o.Archivio.Stored(ctx, di.Flusso()) {
		if err != nil {
			return v, err
		}
		if prima > 0 && e.Position >= prima {
			break
		}
		s, sealed, err := sealing.Parse(e.Data)
		if err != nil {
			return v, fmt.Errorf("event %s: %w", e.ID, err)
		}
		for _, r := range s.Refs() {
			if di.Comprende(r.Subject) {
				v.valori++
				if !slices.Contains(v.chiavi, r.Key) {
					v.chiavi = append(v.chiavi, r.Key)
				}
			}
		}
		if shape := o.Catalogo.Shape(e.Type); !sealed && shape != nil && inChiaro(e, shape, di) {
			v.chiaro++
		}
	}
	return v, nil
}

// inChiaro reports whether an event that was never sealed holds something of a subject.
func inChiaro(e eventstore.Stored, shape reflect.Type, di cancellazione.Soggetto) (trovato bool) {
	_, err := sealing.Seal(e.Data, shape, sealing.Place{Stream: e.Stream, Type: e.Type, ID: e.ID}, func(subject string) (sealing.Key, error) {
		trovato = trovato || di.Comprende(subject)
		return sealing.Key{}, nil
	})
	return trovato || err != nil
}

// errRiprova says that something was sealed while keys were destroyed.
var errRiprova = errors.New("more was sealed meanwhile: its keys are destroyed next")

// prova looks whether anything is left, and says so in a signed receipt.
func (o *Oblio) prova(ctx context.Context, c id.Cancellazione, st cancellazione.State) error {
	fatto, err := o.distrutta(ctx, c)
	if err != nil {
		return err
	}
	di := st.Richiesta.Soggetto
	visti, err := o.cerca(ctx, di, fatto)
	if err != nil {
		return err
	}
	vive, err := o.Chiavi.Vive(ctx, visti.chiavi)
	if err != nil {
		return err
	}
	if len(vive) > 0 {
		if err := o.distrugge(ctx, c, di); err != nil {
			return err
		}
		return errRiprova
	}
	modelli, err := o.Attendi(ctx, fatto)
	if err == nil && di.Tipo == cancellazione.Operatore {
		err = o.Rifai(ctx)
	}
	if err != nil {
		return err
	}
	ricevuta, err := o.ricevuta(c, st, visti)
	if err != nil {
		return err
	}
	_, err = o.Comandi.ProvaCancellazione(ctx, o.chiede(c, "prova"), c, cancellazione.Dimostra{
		Prova: cancellazione.Prova{Tentati: visti.valori, Modelli: modelli, Chiaro: visti.chiaro, Testo: ricevuta},
	})
	return err
}

// distrutta is the position of the event that says that keys are destroyed.
func (o *Oblio) distrutta(ctx context.Context, c id.Cancellazione) (at uint64, err error) {
	for e, err := range o.Archivio.Stored(ctx, cancellazione.Decider.Stream(c.String())) {
		if err != nil {
			return 0, err
		}
		if e.Type == (cancellazione.ChiaviDistrutte{}).EventType() {
			at = e.Position
		}
	}
	return at, nil
}

// ricevuta is the receipt: a note signed by the key of the seals, in which
// nobody is named.
func (o *Oblio) ricevuta(c id.Cancellazione, st cancellazione.State, v visto) (string, error) {
	voci, err := o.Secondo.Voci()
	if err != nil {
		return "", err
	}
	ultima := oblio.Voce{}
	for _, voce := range voci.Voci {
		if voce.Cancellazione == c {
			ultima = voce
		}
	}
	testo := fmt.Sprintf("%s\nnucleo/cancellazione/v1\nrichiesta %s\natto %s\nbase %s\ntipo %s\nchiavi %d\nimpronta %s\nvalori %d\nin chiaro %d\nregistro %d %s\nprovata %s\n",
		o.Origine, c, st.Richiesta.Riferimento, st.Richiesta.Base, st.Richiesta.Tipo, st.Distrutte.Chiavi, st.Distrutte.Impronta, v.valori, v.chiaro,
		ultima.Numero, ultima.Digest(), o.Adesso().UTC().Format(time.RFC3339))
	b, err := note.Sign(&note.Note{Text: testo}, o.Firma)
	return string(b), err
}
