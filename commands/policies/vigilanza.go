package policies

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/allarme"
	"nucleo/domain/calendario"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Sguardi answers what operators looked at, as the read models know it.
type Sguardi interface {
	// AttendiTutto waits until the answers follow all that the log holds now.
	AttendiTutto(ctx context.Context) error
	// Prossimo is when the first access is, from an instant on, if there is one.
	Prossimo(ctx context.Context, dal time.Time) (time.Time, bool, error)
	// Misure is what was done in a window; by one operator, where one is named.
	Misure(ctx context.Context, dal, prima time.Time, o id.Operatore) ([]allarme.Misura, error)
	// Usuale is what a rule finds usual for an operator before an instant, but for
	// when it was done so often, or more; 0 leaves nothing out.
	Usuale(ctx context.Context, r allarme.Regola, ambito string, o id.Operatore, prima time.Time, sotto int) (int, error)
	// Perdite are the operators from whom a case was taken in a window, and when
	// the first was.
	Perdite(ctx context.Context, dal, prima time.Time) (map[id.Operatore]time.Time, error)
	// HaAssegnato reports whether somebody gave, or took, a case in a window.
	HaAssegnato(ctx context.Context, o id.Operatore, dal, prima time.Time) (bool, error)
	// Protetti are those of some cases that were protected in a window.
	Protetti(ctx context.Context, casi []id.Caso, dal, prima time.Time) ([]id.Caso, error)
	// Persone are who operators are, and who is in the nuclei of cases.
	Persone(ctx context.Context, operatori []id.Operatore, casi []id.Caso) (map[id.Operatore]allarme.Persona, map[id.Caso][]allarme.Persona, error)
}

// Vigilanza looks through the access log by the rules of the alerts, a window of
// time after another: hours, and days where the service is. It looks at a window
// once it is closed, with bookmarks of its own. An alert is named by its rule,
// its operator and its window, so that looking again, after a stop at any point
// or in another replica, raises none twice. Windows in which nobody looked at
// anything are passed over.
type Vigilanza struct {
	Comandi    *commands.Service
	Sguardi    Sguardi
	Segnalibri Segnalibri
	Adesso     func() time.Time
	Zona       *time.Location
	Soglie     allarme.Soglie
	Apre       int // first hour of work of a day
	Chiude     int // first hour after it
}

const (
	nomeVigilanza = "vigilanza"
	// calma is how long a window is left alone when it has ended: what was
	// recorded in it may still be on its way, and clocks of replicas differ.
	calma = time.Minute
	// settimana is how long work may follow a look, or have come before it.
	settimana = 7
)

// spazioVigilanza is the namespace of the ids of its commands.
var spazioVigilanza = uuid.MustParse("6b0f9d52-1c7e-5f4a-9a35-8e2d4c6b7f10")

// Ora numbers the hour in which the windows are looked at: there is nothing new
// to see before the next.
func (v Vigilanza) Ora() int64 { return ora(v.Adesso().Add(-calma)) }

// Guarda looks at all windows that have closed since the last time. It stops at
// the first that it cannot finish.
func (v Vigilanza) Guarda(ctx context.Context) error {
	if err := v.Sguardi.AttendiTutto(ctx); err != nil {
		return fmt.Errorf("policy %s: %w", nomeVigilanza, err)
	}
	oggi := giorno.Di(v.Adesso().Add(-calma).In(v.Zona))
	var errs []error
	for _, f := range []finestre{
		{"vigilanza-ore", v.Ora(), 0, ora, alleOre, v.inUnOra},
		{"vigilanza-giorni", int64(oggi), 0, v.giorno, v.inizio, v.inUnGiorno},
		{"vigilanza-perdite", int64(oggi), 1, v.giorno, v.inizio, v.dopoLePerdite},
		{"vigilanza-lavoro", int64(oggi), settimana, v.giorno, v.inizio, v.senzaLavoro},
	} {
		if err := v.scorri(ctx, f); err != nil {
			errs = append(errs, fmt.Errorf("policy %s, %s: %w", nomeVigilanza, f.nome, err))
		}
	}
	return errors.Join(errs...)
}

// finestre are windows of one kind, by number.
type finestre struct {
	nome    string // of the bookmark: the last that was looked at
	adesso  int64  // the one that is open
	ritardo int64  // how many more have to close before one can be looked at
	di      func(time.Time) int64
	inizio  func(int64) time.Time
	guarda  func(context.Context, int64) error
}

func ora(t time.Time) int64 { return t.Unix() / 3600 }

func alleOre(n int64) time.Time { return time.Unix(n*3600, 0).UTC() }

func (v Vigilanza) giorno(t time.Time) int64 { return int64(giorno.Di(t.In(v.Zona))) }

func (v Vigilanza) inizio(n int64) time.Time { return v.alba(giorno.Giorno(n)) }

// scorri looks at the windows after the bookmark. A clock that was set back
// makes it look at the last one again.
func (v Vigilanza) scorri(ctx context.Context, f finestre) error {
	ultima := f.adesso - 1 - f.ritardo
	fatta, found, err := v.Segnalibri.Leggi(ctx, f.nome)
	if err != nil {
		return err
	}
	n := int64(fatta) + 1
	switch {
	case !found:
		n = 0
	case int64(fatta) == ultima:
		return nil
	case int64(fatta) > ultima:
		n = ultima
	}
	for n <= ultima {
		prossimo, altri, err := v.Sguardi.Prossimo(ctx, f.inizio(n))
		if err != nil {
			return err
		}
		if altri {
			n = max(n, f.di(prossimo)-f.ritardo)
		} else {
			n = ultima
		}
		if n = min(n, ultima); n < 0 {
			return nil
		}
		if err := f.guarda(ctx, n); err != nil {
			return err
		}
		if err := v.Segnalibri.Sposta(ctx, f.nome, uint64(n)); err != nil {
			return err
		}
		n++
	}
	return nil
}

// solleva raises an alert, if the rule speaks about a count.
func (v Vigilanza) solleva(ctx context.Context, r allarme.Regola, m allarme.Misura, dal, prima time.Time, misura int, casi []id.Caso) error {
	soglia, si, err := v.Soglie.Supera(r, misura, func() (int, error) { return v.Sguardi.Usuale(ctx, r, m.Ambito, m.Operatore, dal, v.Soglie.Insolito(r)) })
	if err != nil || !si {
		return err
	}
	nome := allarme.Di(r, m.Ambito, m.Operatore, dal)
	a := allarme.Sollevato{Regola: r, Ambito: m.Ambito, Operatore: m.Operatore, Dal: dal.UTC(), Prima: prima.UTC(), Misura: misura, Soglia: soglia, Casi: casi}
	_, err = v.Comandi.SollevaAllarme(ctx, commands.Request{
		Comando: uuid.NewSHA1(spazioVigilanza, nome.UUID[:]), Impronta: nomeVigilanza,
		Attore: domain.Vigilanza, Canale: domain.Sistema, Adesso: v.Adesso(),
	}, a)
	return err
}

// alba is when a day begins where the service is, or an hour of it.
func (v Vigilanza) alba(g giorno.Giorno) time.Time { return v.alle(g, 0) }

func (v Vigilanza) alle(g giorno.Giorno, ora int) time.Time {
	anno, mese, n := g.Time().Date()
	return time.Date(anno, mese, n, ora, 0, 0, 0, v.Zona)
}

// chiuso are the spans of a day in which nobody is at work.
func (v Vigilanza) chiuso(g giorno.Giorno) [][2]time.Time {
	if !(calendario.Calendario{}).Lavorativo(g) {
		return [][2]time.Time{{v.alba(g), v.alba(g + 1)}}
	}
	return [][2]time.Time{{v.alba(g), v.alle(g, v.Apre)}, {v.alle(g, v.Chiude), v.alba(g + 1)}}
}
