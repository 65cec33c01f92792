package projections

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
)

// PassatiConfig is how models of the past are kept.
type PassatiConfig struct {
	Pool    *pgxpool.Pool
	Origine Origin
	Modelli []Model
	Segno   string        // of this process, in the names of schemas
	Massimo int           // how many are kept
	Resta   time.Duration // without anybody who looks
	Adesso  func() time.Time
	Log     *slog.Logger
}

// Passati keeps models as they were at a few instants, for those who look at
// them: made when somebody asks, one at a time, and dropped when nobody has
// looked for a while. Run does the work.
type Passati struct {
	PassatiConfig

	mu    sync.Mutex
	tutti map[int64]*tenuto // by the seconds of their instants
	via   []*Passato        // to be dropped
	desta chan struct{}
}

// StatoPassato is how far a past is.
type StatoPassato struct {
	Pronto bool
	Errore string // why it could not be made
	Progress
}

// tenuto is one that was asked for.
type tenuto struct {
	istante time.Time
	stato   StatoPassato
	passato *Passato // once it is ready
	lettori int
	usato   time.Time
}

// ErrTroppiPassati refuses to keep more.
var ErrTroppiPassati = domain.Refuse(domain.Unavailable, "elenchi.troppi", "lists of as many days as are kept at a time are being made or read: ask again in a few minutes")

// NuoviPassati keeps none yet.
func NuoviPassati(c PassatiConfig) *Passati {
	return &Passati{PassatiConfig: c, tutti: map[int64]*tenuto{}, desta: make(chan struct{}, 1)}
}

// Prepara has the models made as they were at an instant, and says how far that
// is. One that failed is tried again.
func (p *Passati) Prepara(istante time.Time) (StatoPassato, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t, c := p.tutti[istante.Unix()]
	if c && t.stato.Errore == "" {
		t.usato = p.Adesso()
		return t.stato, nil
	}
	if !c && len(p.tutti) >= p.Massimo && !p.cede() {
		return StatoPassato{}, ErrTroppiPassati
	}
	t = &tenuto{istante: istante, usato: p.Adesso()}
	p.tutti[istante.Unix()] = t
	p.sveglia()
	return t.stato, nil
}

// Stato says how far one is that was asked for.
func (p *Passati) Stato(istante time.Time) (StatoPassato, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t, c := p.tutti[istante.Unix()]
	if !c {
		return StatoPassato{}, false
	}
	return t.stato, true
}

// Leggi hands on one that is ready, which stays until it is let go.
func (p *Passati) Leggi(istante time.Time) (passato *Passato, lascia func(), pronto bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t, c := p.tutti[istante.Unix()]
	if !c || !t.stato.Pronto {
		return nil, nil, false
	}
	t.lettori++
	return t.passato, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		t.lettori--
		t.usato = p.Adesso()
		if t.lettori == 0 && p.tutti[t.istante.Unix()] != t { // it was let go meanwhile
			p.via = append(p.via, t.passato)
			p.sveglia()
		}
	}, true
}

// cede lets go the one that nobody has looked at for longest. Whoever is told of
// it holds the lock.
func (p *Passati) cede() bool {
	var vecchio *tenuto
	for _, t := range p.tutti {
		if t.lettori == 0 && (t.stato.Pronto || t.stato.Errore != "") && (vecchio == nil || t.usato.Before(vecchio.usato)) {
			vecchio = t
		}
	}
	if vecchio == nil {
		return false
	}
	p.togli(vecchio)
	return true
}

// Lascia lets go all that are made, or being made: somebody was erased, and they
// hold what could be read when they were begun. Those that somebody reads, or
// that are being made, are dropped when that ends.
func (p *Passati) Lascia(ctx context.Context) {
	p.mu.Lock()
	for _, t := range p.tutti {
		p.togli(t)
	}
	p.mu.Unlock()
	p.sgombera(ctx)
}

// togli lets one go, once nobody reads it. Whoever is told of it holds the lock.
func (p *Passati) togli(t *tenuto) {
	delete(p.tutti, t.istante.Unix())
	if t.passato != nil && t.lettori == 0 {
		p.via = append(p.via, t.passato)
	}
}

func (p *Passati) sveglia() {
	select {
	case p.desta <- struct{}{}:
	default: // it is awake
	}
}

// Run makes and drops them until ctx ends, and then drops all.
func (p *Passati) Run(ctx context.Context) error {
	if err := ScartaPassati(ctx, p.Pool); err != nil {
		p.Log.WarnContext(ctx, "models of the past that were left are not all dropped", "err", err)
	}
	ogni := time.NewTicker(max(p.Resta/4, time.Millisecond))
	defer ogni.Stop()
	for {
		select {
		case <-ctx.Done():
			p.mu.Lock()
			for _, t := range p.tutti {
				p.togli(t)
			}
			p.mu.Unlock()
			p.sgombera(ctx)
			return nil
		case <-ogni.C:
			p.scaduti()
		case <-p.desta:
		}
		p.sgombera(ctx)
		for t := p.prossimo(); t != nil && ctx.Err() == nil; t = p.prossimo() {
			p.rifai(ctx, t)
		}
	}
}

func (p *Passati) scaduti() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range p.tutti {
		if t.lettori == 0 && (t.stato.Pronto || t.stato.Errore != "") && p.Adesso().Sub(t.usato) >= p.Resta {
			p.togli(t)
		}
	}
}

// sgombera drops those that were let go.
func (p *Passati) sgombera(ctx context.Context) {
	p.mu.Lock()
	via := p.via
	p.via = nil
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	for _, v := range via {
		if err := v.Chiudi(ctx, p.Pool); err != nil {
			p.Log.WarnContext(ctx, "a model of the past is not dropped; the next start does it", "err", err)
		}
	}
}

// prossimo is one that is still to be made; the first that was asked for.
func (p *Passati) prossimo() (primo *tenuto) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range p.tutti {
		if !t.stato.Pronto && t.stato.Errore == "" && (primo == nil || t.usato.Before(primo.usato)) {
			primo = t
		}
	}
	return primo
}

func (p *Passati) rifai(ctx context.Context, t *tenuto) {
	segno := fmt.Sprintf("%s_%s", t.istante.UTC().Format("060102150405"), p.Segno)
	fatto, err := Rifai(ctx, p.Pool, p.Origine, p.Log, segno, t.istante, func(q Progress) {
		p.mu.Lock()
		defer p.mu.Unlock()
		t.stato.Progress = q
	}, p.Modelli...)
	p.mu.Lock()
	defer p.mu.Unlock()
	t.usato = p.Adesso()
	if err != nil {
		t.stato.Errore = "the lists could not be made: ask for them again"
		if ctx.Err() == nil {
			p.Log.ErrorContext(ctx, "models of the past", "istante", t.istante, "err", err)
		}
		return
	}
	if p.tutti[t.istante.Unix()] != t { // it was let go meanwhile
		p.via = append(p.via, fatto)
		p.sveglia()
		return
	}
	t.passato, t.stato.Pronto = fatto, true
}
