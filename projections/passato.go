package projections

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain/codicefiscale"
	"nucleo/eventstore"
)

// passato stands in the name of a schema that holds a model as it was, between
// the name of the model and what tells one past from another.
const passato = "_passato_"

// Passato is models as they were at an instant: folded anew from what had
// happened by then, into schemas of their own, and read by the same queries.
type Passato struct {
	Istante   time.Time
	Posizione uint64        // of the last event that is in it
	Pool      *pgxpool.Pool // in which the names of tables mean those of then

	segno  string
	schemi []string
	lock   *link // that says that somebody reads them
}

// finoA is a log without what had not happened at an instant. Within a stream
// instants never go back, so of each stream a beginning is left.
type finoA struct {
	Source
	istante time.Time
	ultima  *uint64
}

// All implements Source.
func (f finoA) All(ctx context.Context, after uint64, resumed bool) iter.Seq2[eventstore.Stored, error] {
	return func(yield func(eventstore.Stored, error) bool) {
		for e, err := range f.Source.All(ctx, after, resumed) {
			if err == nil {
				var meta struct {
					Istante time.Time `json:"istante"`
				}
				if json.Unmarshal(e.Meta, &meta) != nil || meta.Istante.After(f.istante) {
					continue
				}
				*f.ultima = e.Position
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// Rifai makes models as they were at an instant. segno tells this past from
// others; it is part of the names of schemas. told hears how far it is. Who
// calls it closes what it returns, which drops it.
func Rifai(ctx context.Context, pool *pgxpool.Pool, origin Origin, log *slog.Logger, segno string, istante time.Time, told func(Progress), models ...Model) (p *Passato, err error) {
	p = &Passato{Istante: istante, segno: segno}
	if p.lock, err = connect(ctx, pool); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			longer, cancel := grace(ctx, 5*time.Second)
			defer cancel()
			err = errors.Join(err, p.Chiudi(longer, pool))
			p = nil
		}
	}()
	if held, err := p.lock.tryLock(ctx, []string{passato + segno}); err != nil || !held[passato+segno] {
		return p, errors.Join(err, ErrBuilding)
	}
	b := newBuilder(pool, Origin{finoA{origin.Source, istante, &p.Posizione}, origin.Catalog, origin.Pepe}, log)
	b.suffix = passato + segno
	b.told = func(_ *model, q Progress) { told(q) }
	for _, m := range models {
		p.schemi = append(p.schemi, m.ID()+b.suffix)
	}
	if err := b.build(ctx, models, false); err != nil {
		return p, fmt.Errorf("models of the past: %w", err)
	}
	if err := p.indicizza(ctx, models); err != nil {
		return p, fmt.Errorf("models of the past: %w", err)
	}
	config := pool.Config().Copy()
	var path []string
	for _, s := range p.schemi {
		path = append(path, pgx.Identifier{s}.Sanitize())
	}
	config.ConnConfig.RuntimeParams["search_path"] = strings.Join(append(path, "public"), ",")
	config.MaxConns, config.MinConns = 2, 0
	p.Pool, err = pgxpool.NewWithConfig(ctx, config)
	return p, err
}

// indicizza makes the indexes that the queries want, where a build has not.
func (p *Passato) indicizza(ctx context.Context, models []Model) error {
	for i, of := range models {
		m := of.open(p.schemi[i], codicefiscale.Pepe{}) // nothing is folded
		var fatti bool
		if err := p.lock.conn.QueryRow(ctx, `SELECT indicizzata FROM proiezioni.avanzamento WHERE proiezione = $1`, m.id).Scan(&fatti); err != nil {
			return err
		}
		if fatti {
			continue
		}
		err := pgx.BeginFunc(ctx, p.lock.conn, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, m.index())
			return err
		})
		if err != nil {
			return blame(m, err)
		}
	}
	return nil
}

// Chiudi drops it.
func (p *Passato) Chiudi(ctx context.Context, pool *pgxpool.Pool) error {
	if p.Pool != nil {
		p.Pool.Close()
	}
	defer p.lock.close()
	return scarta(ctx, pool, p.schemi)
}

// scarta drops schemas, those that were begun among them.
func scarta(ctx context.Context, pool *pgxpool.Pool, schemi []string) error {
	l, err := connect(ctx, pool)
	if err != nil {
		return err
	}
	defer l.close()
	for _, s := range schemi {
		if dropped := drop(ctx, l, s); dropped != nil && !errors.Is(dropped, ErrFenced) {
			err = errors.Join(err, dropped)
		}
	}
	return err
}

// ScartaPassati drops what programs left that ended before they could.
func ScartaPassati(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, `SELECT proiezione FROM proiezioni.avanzamento WHERE strpos(proiezione, $1) > 0`, passato)
	if err != nil {
		return err
	}
	schemi, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(schemi) == 0 {
		return err
	}
	l, err := connect(ctx, pool)
	if err != nil {
		return err
	}
	defer l.close()
	for _, s := range schemi {
		_, segno, _ := strings.Cut(s, passato)
		held, e := l.tryLock(ctx, []string{passato + segno})
		if e == nil && held[passato+segno] {
			e = scarta(ctx, pool, []string{s})
		}
		err = errors.Join(err, e)
	}
	return err
}
