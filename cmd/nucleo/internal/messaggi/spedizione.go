// Package messaggi sends the messages that case managers queue, by e-mail
// and SMS, and notes in the log what became of them.
//
// What is queued stands in the log; a table in Postgres keeps which messages
// wait, and nothing of what they say or to whom. Each is read from the stream
// of its case when its turn comes, and the stream decides whether it is still
// to be sent. A message is sent at least once: when the program dies between
// the server's yes and the append, it goes out again under the same name
// (Busta.Nome), by which whoever receives it can tell.
package messaggi

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/commands"
	"nucleo/domain/caso"
)

// Vettore carries messages by one way.
type Vettore interface {
	// Manda hands a message over. It answers nil when it was taken, a *Rifiuto
	// when it never will be, ErrIrraggiungibile when nobody takes anything now,
	// and any other error when this message may be taken later.
	Manda(ctx context.Context, b Busta) error
}

// Seguito is a Vettore that knows whether messages arrived.
type Seguito interface {
	Vettore
	// Arrivato reports whether a message that was taken has arrived; a *Rifiuto
	// says that it never will.
	Arrivato(ctx context.Context, nome string) (bool, error)
}

// Busta is a message to one person.
type Busta struct {
	Nome  string // of the message to this person: the same each time it is sent
	Tipo  caso.TipoComunicazione
	A     string `personale:"recapito"`
	Testo string `personale:"testo"`
}

// Rifiuto says, by a code without personal data, why a message will not arrive.
type Rifiuto struct{ Codice string }

func (r *Rifiuto) Error() string { return "refused: " + r.Codice }

// Codes of messages that are not even tried.
const (
	Scaduta           = "SCADUTA"             // nobody took it for as long as it made sense
	RecapitoMancante  = "RECAPITO_MANCANTE"   // the contact was taken away meanwhile
	RecapitoNonValido = "RECAPITO_NON_VALIDO" // what is known is no address or number
)

// ErrIrraggiungibile says that nothing can be sent this way for now.
var ErrIrraggiungibile = errors.New("the server takes no messages now")

// Config is what the sender needs. Durations of zero are the usual ones.
type Config struct {
	Comandi *commands.Service
	Lettura *pgxpool.Pool
	Vettori map[caso.CanaleComunicazione]Vettore // a way without one keeps its messages in the queue
	Adesso  func() time.Time
	Log     *slog.Logger

	Pausa  time.Duration // before a server that is away is tried again, doubled up to a minute; 1 s
	Riposo time.Duration // before a message that was put off is tried again, doubled up to an hour; 30 s
	Giro   time.Duration // before the queue is looked at when nobody said anything; 5 s
}

const (
	pausaUsuale   = time.Second
	pausaMassima  = time.Minute
	riposoUsuale  = 30 * time.Second
	riposoMassimo = time.Hour
	giroUsuale    = 5 * time.Second

	validita = 48 * time.Hour  // of a message that nobody takes: later it would do harm
	seguita  = 72 * time.Hour  // how long the arrival of a message is asked for
	perUno   = 2 * time.Minute // for one message, to its end
)

// Spedizione is the sender.
type Spedizione struct {
	Config
	coda     coda
	sveglie  map[caso.CanaleComunicazione]chan struct{}
	mu       sync.Mutex
	assenti  map[caso.CanaleComunicazione]bool // whose server is away
	spediti  map[caso.CanaleComunicazione]uint64
	respinti map[caso.CanaleComunicazione]uint64
}

// Canali are the ways of messages.
var Canali = []caso.CanaleComunicazione{caso.EMAIL, caso.SMS}

// Apri makes the table of the queue when it is missing.
func Apri(ctx context.Context, c Config) (*Spedizione, error) {
	for _, d := range []struct {
		of    *time.Duration
		usual time.Duration
	}{{&c.Pausa, pausaUsuale}, {&c.Riposo, riposoUsuale}, {&c.Giro, giroUsuale}} {
		if *d.of == 0 {
			*d.of = d.usual
		}
	}
	s := &Spedizione{
		Config: c, coda: coda{c.Lettura}, sveglie: map[caso.CanaleComunicazione]chan struct{}{},
		assenti: map[caso.CanaleComunicazione]bool{}, spediti: map[caso.CanaleComunicazione]uint64{}, respinti: map[caso.CanaleComunicazione]uint64{},
	}
	for _, canale := range Canali {
		s.sveglie[canale] = make(chan struct{}, 1)
	}
	return s, s.coda.prepara(ctx)
}

// Run sends until ctx ends, and then what it has begun. Several replicas may
// run: a message is held by one of them at a time.
func (s *Spedizione) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	for canale, v := range s.Vettori {
		wg.Go(func() { s.corri(ctx, canale, v) })
	}
	wg.Wait()
	return nil
}

// corri sends what goes one way, a message at a time.
func (s *Spedizione) corri(ctx context.Context, canale caso.CanaleComunicazione, v Vettore) {
	pausa := s.Pausa
	for ctx.Err() == nil {
		trovata, err := s.una(ctx, canale, v)
		s.nota(ctx, canale, err)
		switch {
		case err != nil:
			s.aspetta(ctx, nil, pausa)
			pausa = min(2*pausa, pausaMassima)
		case trovata:
			pausa = s.Pausa
		default:
			s.aspetta(ctx, s.sveglie[canale], s.Giro)
		}
	}
}

// nota keeps whether a way is open, and logs when that changes. The text of an
// error may quote an address: it is not logged.
func (s *Spedizione) nota(ctx context.Context, canale caso.CanaleComunicazione, err error) {
	via := errors.Is(err, ErrIrraggiungibile)
	s.mu.Lock()
	prima := s.assenti[canale]
	s.assenti[canale] = via
	s.mu.Unlock()
	switch {
	case ctx.Err() != nil:
	case via && !prima:
		s.Log.WarnContext(ctx, "messages wait: their server does not take them", "canale", canale, "why", perche(err))
	case !via && prima && err == nil:
		s.Log.InfoContext(ctx, "messages go out again", "canale", canale)
	case err != nil && !via:
		s.Log.WarnContext(ctx, "messages wait", "canale", canale, "err", err)
	}
}

// aspetta waits for a time, or until somebody wakes it.
func (s *Spedizione) aspetta(ctx context.Context, sveglia chan struct{}, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-sveglia:
	case <-ctx.Done():
	}
}

// sveglia wakes who sends one way.
func (s *Spedizione) sveglia(canale caso.CanaleComunicazione) {
	select {
	case s.sveglie[canale] <- struct{}{}:
	default: // awake already
	}
}
