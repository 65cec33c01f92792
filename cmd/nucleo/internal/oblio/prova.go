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

// prova looks whether anything is left of several subjects, and says of each of
// whom nothing is in a signed receipt.
func (o *Oblio) prova(ctx context.Context, quali []richiesta) error {
	var fatte []provando
	var falliti []error
	for _, r := range quali {
		p, err := o.comincia(ctx, r)
		if err != nil {
			falliti = append(falliti, fmt.Errorf("erasure %s: %w", r, err))
			continue
		}
		fatte = append(fatte, p)
	}
	if len(fatte) == 0 {
		return errors.Join(falliti...)
	}
	modelli, err := o.segue(ctx, fatte)
	if err != nil {
		return errors.Join(append(falliti, err)...)
	}
	di := map[id.Cancellazione]cercati{}
	for _, p := range fatte {
		di[p.Cancellazione] = o.conosceva[p.Cancellazione]
	}
	visto, resta, err := o.restano(ctx, di)
	if err != nil {
		return errors.Join(append(falliti, err)...)
	}
	for _, p := range fatte {
		err := resta[p.Cancellazione]
		if err == nil {
			err = o.attesta(ctx, p, visto, modelli)
		}
		if err != nil {
			falliti = append(falliti, fmt.Errorf("erasure %s: %w", p.richiesta, err))
			continue
		}
		delete(o.conosceva, p.Cancellazione)
	}
	return errors.Join(falliti...)
}

// provando is a request that is being proven.
type provando struct {
	richiesta
	posizione uint64 // of the event that says that its keys are destroyed
	visti     visto
}

// comincia looks whether something was sealed while keys were destroyed, whose
// keys are then destroyed, too.
func (o *Oblio) comincia(ctx context.Context, r richiesta) (p provando, err error) {
	p.richiesta = r
	if p.posizione, err = o.distrutta(ctx, r.Cancellazione); err != nil {
		return p, err
	}
	if p.visti, err = o.cerca(ctx, r.soggetto(), p.posizione); err != nil {
		return p, err
	}
	vive, err := o.Chiavi.Vive(ctx, p.visti.chiavi)
	if err == nil && len(vive) > 0 {
		if _, err = o.distrugge(ctx, []richiesta{r}); err == nil {
			err = errRiprova
		}
	}
	return p, err
}

// segue waits until the lists have folded what they can still read, and has those
// built anew, or let go, that cannot fold it. The lists are named.
func (o *Oblio) segue(ctx context.Context, quali []provando) (modelli []string, err error) {
	var fine uint64
	operatori := false
	for _, p := range quali {
		fine = max(fine, p.posizione)
		operatori = operatori || p.soggetto().Tipo == cancellazione.Operatore
	}
	if modelli, err = o.Attendi(ctx, fine); err != nil {
		return nil, err
	}
	if operatori {
		err = o.Rifai(ctx)
	}
	o.Lascia(ctx)
	return modelli, err
}

// attesta tries what is sealed of a subject, looks for rows of the people by
// their ids, and writes the receipt.
func (o *Oblio) attesta(ctx context.Context, p provando, visto conti, modelli []string) (err error) {
	di := p.soggetto()
	if visto.provate, visto.prove, err = o.aprono(ctx, di, p.posizione); err != nil {
		return err
	}
	if p.visti.chiaro == 0 { // else the log itself still tells of them
		n, err := o.Riconoscibili(ctx, di)
		if err == nil && n > 0 {
			err = errResta{[]string{"rows of people of the case"}}
		}
		if err != nil {
			return err
		}
	}
	noti, si := o.conosceva[p.Cancellazione]
	visto.valori, visto.senza = len(noti), !si
	ricevuta, err := o.ricevuta(p, visto)
	if err != nil {
		return err
	}
	_, err = o.Comandi.ProvaCancellazione(ctx, o.chiede(p.Cancellazione, "prova"), p.Cancellazione, cancellazione.Dimostra{
		Prova: cancellazione.Prova{Tentati: p.visti.valori, Modelli: modelli, Chiaro: p.visti.chiaro, Testo: ricevuta},
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
func (o *Oblio) ricevuta(p provando, visto conti) (string, error) {
	voci, err := o.Secondo.Voci()
	if err != nil {
		return "", err
	}
	ultima := oblio.Voce{}
	for _, voce := range voci.Voci {
		if voce.Cancellazione == p.Cancellazione {
			ultima = voce
		}
	}
	st := p.stato
	testo := fmt.Sprintf("%s\nnucleo/cancellazione/v2\nrichiesta %s\natto %s\nbase %s\ntipo %s\nchiavi %d\nimpronta %s\nvalori %d\nin chiaro %d\n%sregistro %d %s\nprovata %s\n",
		o.Origine, p.Cancellazione, st.Richiesta.Riferimento, st.Richiesta.Base, st.Richiesta.Tipo, st.Distrutte.Chiavi, st.Distrutte.Impronta, p.visti.valori, p.visti.chiaro,
		visto, ultima.Numero, ultima.Digest(), o.Adesso().UTC().Format(time.RFC3339))
	b, err := note.Sign(&note.Note{Text: testo}, o.Firma)
	return string(b), err
}
