package messaggi

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"nucleo/commands"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// una brings the message whose turn it is one step further, and reports
// whether there was one. What it has begun it ends, also when the program
// stops meanwhile: a server's yes that nobody notes is sent twice.
func (s *Spedizione) una(ctx context.Context, canale caso.CanaleComunicazione, v Vettore) (trovata bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), perUno)
	defer cancel()
	tx, err := s.Lettura.Begin(ctx)
	if err != nil {
		return false, fmt.Errorf("queue of messages: %w", err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	r, trovata, err := prendi(ctx, tx, canale, s.Adesso())
	if err != nil || !trovata {
		return false, err
	}
	fra, err := s.tratta(ctx, v, &r)
	if err != nil && !errors.Is(err, ErrIrraggiungibile) { // of this message: the others go first
		fra = s.dopo(&r)
	}
	return true, errors.Join(err, s.lascia(ctx, tx, r, fra))
}

// basta says that a message needs nothing more.
const basta = time.Duration(-1)

// lascia lets go of a message: for good, or for a time.
func (s *Spedizione) lascia(ctx context.Context, tx pgx.Tx, r riga, fra time.Duration) error {
	err := error(nil)
	if fra == basta {
		err = togli(ctx, tx, r)
	} else {
		err = rimanda(ctx, tx, r, s.Adesso().Add(fra))
	}
	if err != nil {
		return fmt.Errorf("queue of messages: %w", err)
	}
	return tx.Commit(ctx)
}

// tratta does what the stream says is to be done for a message, and says when
// to look at it again.
func (s *Spedizione) tratta(ctx context.Context, v Vettore, r *riga) (fra time.Duration, err error) {
	m, err := s.Comandi.Messaggio(ctx, r.Caso, r.Comunicazione)
	segue, puo := v.(Seguito)
	switch {
	case errors.Is(err, caso.ErrComunicazioneInesistente) && s.Adesso().Sub(r.Accodata) < validita:
		return s.dopo(r), nil // a store of several nodes may answer from one that lags
	case errors.Is(err, caso.ErrComunicazioneInesistente):
		return basta, nil
	case err != nil:
		return 0, err
	case m.Stato == caso.Accodata:
		return s.manda(ctx, v, r, m)
	case m.Stato == caso.Spedita && puo && s.Adesso().Sub(r.Accodata) < seguita:
		return s.segui(ctx, segue, r, m)
	}
	return basta, nil
}

// manda sends a message to each person who does not have it yet.
func (s *Spedizione) manda(ctx context.Context, v Vettore, r *riga, m commands.Messaggio) (time.Duration, error) {
	if s.Adesso().Sub(r.Accodata) > validita {
		return s.fallisce(ctx, *r, m, Scaduta)
	}
	rifiutati, rimandati, codice := 0, 0, ""
	for n, a := range m.Recapiti {
		if r.preso(n, m.Recapiti) {
			continue
		}
		err := s.mandaUno(ctx, v, *r, m, n, a)
		rifiuto := (*Rifiuto)(nil)
		switch {
		case err == nil:
			r.Presi = append(r.Presi, int32(n))
		case errors.Is(err, ErrIrraggiungibile):
			return 0, err
		case errors.As(err, &rifiuto):
			rifiutati, codice = rifiutati+1, rifiuto.Codice
		default:
			rimandati++
		}
	}
	switch {
	case rimandati > 0:
		return s.dopo(r), nil
	case rifiutati > 0 && len(m.Recapiti) > 1:
		return s.fallisce(ctx, *r, m, codice+" ("+strconv.Itoa(rifiutati)+"/"+strconv.Itoa(len(m.Recapiti))+")")
	case rifiutati > 0:
		return s.fallisce(ctx, *r, m, codice)
	}
	return s.inviata(ctx, v, r, m)
}

func (s *Spedizione) mandaUno(ctx context.Context, v Vettore, r riga, m commands.Messaggio, n int, a string) error {
	if a == "" {
		return &Rifiuto{RecapitoMancante}
	}
	return v.Manda(ctx, Busta{Nome: nome(r.Comunicazione, n), Tipo: m.Tipo, A: a, Testo: m.Testo})
}

// nome is that of a message to the n-th of its destinatari.
func nome(c id.Comunicazione, n int) string { return c.String() + "." + strconv.Itoa(n) }

// preso reports whether the n-th person has the message: it was taken for them,
// or for another of the same contact.
func (r riga) preso(n int, recapiti []string) bool {
	return slices.ContainsFunc(r.Presi, func(k int32) bool {
		return int(k) == n || int(k) < len(recapiti) && recapiti[n] != "" && recapiti[k] == recapiti[n]
	})
}

// inviata notes that a message went out. Where its arrival can be known, it is
// asked for from now on.
func (s *Spedizione) inviata(ctx context.Context, v Vettore, r *riga, m commands.Messaggio) (time.Duration, error) {
	if err := s.Comandi.RegistraInvioComunicazione(ctx, s.richiesta(*r, "inviata"), r.Caso, r.Comunicazione); err != nil {
		return 0, err
	}
	s.conta(s.spediti, m.Canale)
	if _, segue := v.(Seguito); !segue {
		return basta, nil
	}
	r.Tentativi = 0
	return s.Riposo, nil
}

// segui asks whether a message arrived, at everybody to whom it was sent.
func (s *Spedizione) segui(ctx context.Context, v Seguito, r *riga, m commands.Messaggio) (time.Duration, error) {
	arrivati := 0
	for _, n := range r.Presi {
		arrivato, err := v.Arrivato(ctx, nome(r.Comunicazione, int(n)))
		rifiuto := (*Rifiuto)(nil)
		switch {
		case errors.As(err, &rifiuto):
			return s.fallisce(ctx, *r, m, rifiuto.Codice)
		case errors.Is(err, ErrIrraggiungibile):
			return 0, err
		case arrivato:
			arrivati++
		}
	}
	if arrivati < len(r.Presi) || arrivati == 0 {
		return s.dopo(r), nil
	}
	if err := s.Comandi.RegistraConsegna(ctx, s.richiesta(*r, "consegnata"), r.Caso, r.Comunicazione, ""); err != nil {
		return 0, err
	}
	return basta, nil
}

// fallisce notes that a message will not arrive.
func (s *Spedizione) fallisce(ctx context.Context, r riga, m commands.Messaggio, codice string) (time.Duration, error) {
	if err := s.Comandi.RegistraMancataConsegna(ctx, s.richiesta(r, "fallita"), r.Caso, r.Comunicazione, codice); err != nil {
		return 0, err
	}
	s.conta(s.respinti, m.Canale)
	return basta, nil
}

func (s *Spedizione) richiesta(r riga, cosa string) commands.Request {
	return commands.Mittente(r.Comunicazione, cosa, s.Adesso())
}

// dopo counts an attempt, and says when the next is: each time after twice as
// long.
func (s *Spedizione) dopo(r *riga) time.Duration {
	d := s.Riposo
	for n := 0; n < r.Tentativi && d < riposoMassimo; n++ {
		d *= 2
	}
	r.Tentativi++
	return min(d, riposoMassimo)
}
