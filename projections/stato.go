package projections

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// standing is how one model does in this process.
type standing struct {
	model    Model
	position atomic.Int64
	leading  atomic.Bool

	mu sync.Mutex
	m  Misure
}

// Misure is what this process counts of one model, since it started.
type Misure struct {
	Nome         string
	Versione     int
	Guida        bool // this process projects it
	Posizione    int64
	Eventi       uint64 // seen in batches
	Batch        uint64
	Parcheggiati int // streams
	Costruzioni  uint64
	Fallimenti   uint64
	Costruzione  *Progress // while it is being built
	Errore       string    // the last one, empty since it goes on
}

func (s *standing) at(position int64, events, parked int) {
	s.position.Store(position)
	s.leading.Store(true)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m.Parcheggiati, s.m.Costruzione, s.m.Errore = parked, nil, ""
	if events > 0 {
		s.m.Eventi += uint64(events)
		s.m.Batch++
	}
}

func (s *standing) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m.Errore = reason(err)
	s.m.Fallimenti++
}

func (s *standing) building(p Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m.Costruzione = &p
}

func (s *standing) built(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m.Costruzione = nil
	if err == nil {
		s.m.Costruzioni++
	}
}

// Misure are the counters of this process, for its metrics, by name of model.
func (e *Engine) Misure() []Misure {
	var all []Misure
	for _, s := range e.known {
		s.mu.Lock()
		m := s.m
		s.mu.Unlock()
		m.Nome, m.Versione = s.model.named()
		m.Guida, m.Posizione = s.leading.Load(), s.position.Load()
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b Misure) int { return strings.Compare(a.Nome, b.Nome) })
	return all
}

// Condizione says what a model is doing.
type Condizione string

// The conditions of a model.
const (
	InCostruzione Condizione = "in_costruzione" // its tables are being built, or wait for it
	InCoda        Condizione = "in_coda"        // it follows, and has events to fold
	Attivo        Condizione = "attivo"         // it is at the end of the log
	Fermo         Condizione = "fermo"          // nobody projects it, or it fails
)

// StatoModello is where one model stands, as the database has it.
type StatoModello struct {
	Nome         string     `json:"nome"`
	Versione     int        `json:"versione"`
	Condizione   Condizione `json:"condizione"`
	Posizione    int64      `json:"posizione"` // of the last event folded, -1 before the first
	Fine         uint64     `json:"fine"`      // of the log
	Ritardo      int64      `json:"ritardo"`   // distance of positions: 0 at the end, else an upper bound of events
	Eventi       int64      `json:"eventi"`    // read by the build that goes on
	Ritmo        float64    `json:"ritmo"`     // events a second, of that build
	Parcheggiati int        `json:"parcheggiati"`
	Errore       string     `json:"errore"`
	Aggiornato   time.Time  `json:"aggiornato"` // when it last moved; zero when it never did
}

const statoSQL = `
SELECT m.id, coalesce(live.posizione, -1), greatest(new.letta, -1), live.proiezione IS NOT NULL, new.proiezione IS NOT NULL,
	coalesce(new.eventi, 0), coalesce(new.ritmo, 0), coalesce(nullif(live.errore, ''), new.errore, ''),
	coalesce(live.aggiornato, new.aggiornato, '0001-01-01 00:00:00+00'),
	(SELECT count(*) FROM proiezioni.parcheggiati p WHERE p.proiezione = m.id),
	EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $2::int::oid
		AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND l.objid::bigint = hashtext(m.id)::bigint & 4294967295)
FROM unnest($1::text[]) AS m (id)
LEFT JOIN proiezioni.avanzamento live ON live.proiezione = m.id
LEFT JOIN proiezioni.avanzamento new ON new.proiezione = m.id || '` + beside + `'`

// Stato tells where models stand, given the position of the log's end. Any
// process that reaches the database may ask.
func Stato(ctx context.Context, pool *pgxpool.Pool, models []Model, end uint64) ([]StatoModello, error) {
	byID := map[string]Model{}
	for _, m := range models {
		byID[m.ID()] = m
	}
	rows, err := pool.Query(ctx, statoSQL, names(models), lockClass)
	if err != nil {
		return nil, fmt.Errorf("state of the projections: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s StatoModello, err error) {
		var id string
		var read int64
		var live, building, led bool
		err = row.Scan(&id, &s.Posizione, &read, &live, &building, &s.Eventi, &s.Ritmo, &s.Errore, &s.Aggiornato, &s.Parcheggiati, &led)
		s.Nome, s.Versione = byID[id].named()
		s.Fine, s.Aggiornato = end, s.Aggiornato.UTC()
		if !live {
			s.Posizione = read
		}
		s.Ritardo = max(0, int64(end)-max(s.Posizione, 0))
		s.Condizione = condition(s, live, led)
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("state of the projections: %w", err)
	}
	slices.SortFunc(all, func(a, b StatoModello) int { return strings.Compare(a.Nome, b.Nome) })
	return all, nil
}

func condition(s StatoModello, live, led bool) Condizione {
	switch {
	case !led || s.Errore != "":
		return Fermo
	case !live:
		return InCostruzione
	case s.Ritardo > 0:
		return InCoda
	}
	return Attivo
}

// Stato is Stato of the engine's models, with the end of its log.
func (e *Engine) Stato(ctx context.Context) ([]StatoModello, error) {
	end, err := e.origin.Source.End(ctx)
	if err != nil {
		return nil, err
	}
	return Stato(ctx, e.pool, e.models(), end)
}

func (e *Engine) models() (all []Model) {
	for _, s := range e.known {
		all = append(all, s.model)
	}
	return all
}
