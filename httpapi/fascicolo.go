package httpapi

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"time"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/apertura"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/personale"
)

// Fascicoli puts together what leaves the machine about a case (ADR 0030).
type Fascicoli interface {
	// Componi writes a bundle: the events up to Head as they are stored, their
	// proofs under a seal, the page, and a signature over all of it.
	Componi(ctx context.Context, w io.Writer, f Fascicolo) error
}

// Fascicolo is a bundle as it is asked for.
type Fascicolo struct {
	Caso     id.Caso
	Head     domain.Head // of the last event that goes in
	Sigillo  int64       // how many events the seal covers that proves them
	Composto time.Time
	Pagina   []byte            // what people read
	Apertura *FascicoloAperto  // nil: nothing personal is opened
	Aperti   []domain.Recorded // events whose personal data are opened
}

// FascicoloAperto is by which decision personal data are opened, and for which days.
type FascicoloAperto struct {
	ID      id.Apertura
	Dal, Al giorno.Giorno
}

// ErrFascicoloInChiaro refuses a bundle whose stored bytes would tell what nobody
// opened.
var ErrFascicoloInChiaro = domain.Refuse(domain.Refused, "fascicolo.in_chiaro", "an event of this case was stored before personal data were sealed, and its bytes hold some in the clear: ask for the bundle under an opening whose days hold that event")

var errSenzaSigilli = domain.Refuse(domain.Refused, "fascicolo.senza_sigilli", "nothing of the log is sealed yet, and a bundle holds proofs: seals are made every thousand events, or a minute after the last; ask again later")

// fascicolo answers the bundle of a case up to a moment, with its personal data
// sealed and, where people read, masked.
func (a *API) fascicolo(w http.ResponseWriter, q *request) error {
	c, alla, storia, err := a.finoA(q)
	if err != nil {
		return err
	}
	return a.consegna(w, q, daComporre{caso: c, storia: storia, quando: a.istante(alla, storia)})
}

// fascicoloAperto answers the bundle of a case under an opening. What lies in
// the days that were granted is opened; private notes never are.
func (a *API) fascicoloAperto(w http.ResponseWriter, q *request) error {
	s, err := a.scopri(q)
	if err != nil {
		return err
	}
	ap, err := q.apertura()
	if err != nil {
		return err
	}
	p := s.aperta.Richiesta.Periodo
	return a.consegna(w, q, daComporre{
		caso: s.aperta.Richiesta.Caso, storia: s.Storia, quando: s.quando, apertura: &FascicoloAperto{ap, p.Dal, p.Al}, richiesta: s.aperta.Richiesta,
	})
}

// daComporre is a case as a bundle tells it.
type daComporre struct {
	caso      id.Caso
	storia    commands.Storia
	quando    time.Time
	apertura  *FascicoloAperto // nil: masked
	richiesta apertura.Richiesta
}

// apre reports whether an event is opened.
func (d daComporre) apre(r domain.Recorded, zona *time.Location) bool {
	if d.apertura == nil {
		return false
	}
	if n, nota := r.Event.(caso.AnnotazioneInserita); nota && n.Riservata {
		return false
	}
	g := giorno.Di(r.Meta.Istante.In(zona))
	return g >= d.apertura.Dal && g <= d.apertura.Al
}

// vede is an event as the page tells it.
func (d daComporre) vede(e domain.Event) domain.Event {
	if d.apertura == nil {
		return personale.Maschera(e)
	}
	return inChiaro(e)
}

// consegna answers a bundle, once it is whole.
func (a *API) consegna(w http.ResponseWriter, q *request, d daComporre) error {
	return scarica(w, "application/zip", "fascicolo-"+d.caso.String()+".zip", func(w io.Writer) error { return a.componi(q.Context(), w, d) })
}

// ScriviFascicolo writes the bundle of a case up to a moment, for who works on
// the machine itself: personal data stay sealed, and masked.
func (a *API) ScriviFascicolo(ctx context.Context, w io.Writer, c id.Caso, alla commands.Alla) error {
	storia, err := a.Comandi.StoriaCaso(ctx, c, alla)
	if err != nil {
		return err
	}
	return a.componi(ctx, w, daComporre{caso: c, storia: storia, quando: a.istante(alla, storia)})
}

func (a *API) componi(ctx context.Context, w io.Writer, d daComporre) error {
	ultimi, err := a.Sigilli.Elenco(ctx, math.MaxInt64, 1)
	if err != nil {
		return err
	}
	if len(ultimi) == 0 {
		return errSenzaSigilli
	}
	var pagina bytes.Buffer
	if err := a.paginaFascicolo(ctx, &pagina, d, ultimi[0]); err != nil {
		return err
	}
	f := Fascicolo{Caso: d.caso, Head: d.storia.Head, Sigillo: ultimi[0].Dimensione, Composto: a.Adesso(), Pagina: pagina.Bytes(), Apertura: d.apertura}
	for _, r := range d.storia.Eventi {
		if d.apre(r, a.Zona) {
			f.Aperti = append(f.Aperti, r)
		}
	}
	if err := a.Fascicoli.Componi(ctx, w, f); err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	return nil
}
