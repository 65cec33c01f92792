package casi

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Pagina is a page of a list, all of it as of one moment.
type Pagina struct {
	Voci      []Voce
	Cursore   string // of the next page; empty after the last
	Totale    int    // rows of the search
	Almeno    bool   // there are more than Totale
	Posizione uint64 // of the log, up to which the list is told
}

// massimoTotale is how far rows are counted one by one: a total beyond it tells
// nobody what to do next, and counting would cost more than the page.
const massimoTotale = 1_000

// Cerca answers one page of a search.
func Cerca(ctx context.Context, db DB, f Filtro) (Pagina, error) {
	f, err := f.completa()
	if err != nil {
		return Pagina{}, err
	}
	dopo, err := f.dopo(ctx, db)
	if err != nil {
		return Pagina{}, err
	}
	r := ricerca{Filtro: f, dopo: dopo, ordine: ordini[f.Ordina]}
	if err := r.sonda(ctx, db); err != nil {
		return Pagina{}, err
	}
	sql := r.sql()
	args := r.args
	if r.incerta() {
		args = append([]any{pgx.QueryExecModeCacheDescribe}, args...)
	}
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return Pagina{}, fmt.Errorf("search cases: %w", err)
	}
	p, err := r.leggi(rows)
	if err != nil {
		return Pagina{}, fmt.Errorf("search cases: %w", err)
	}
	return p, nil
}

// leggi reads the answer: the first two columns are of the whole list, and
// stand alone when the page is empty.
func (r *ricerca) leggi(rows pgx.Rows) (p Pagina, err error) {
	defer rows.Close()
	for rows.Next() {
		var v Voce
		to := append([]any{&p.Posizione, &p.Totale}, v.dove()...)
		if rows.RawValues()[2] == nil {
			to = append(to[:2], make([]any, len(to)-2)...)
		}
		if err := rows.Scan(to...); err != nil {
			return Pagina{}, err
		}
		if to[2] == nil {
			continue
		}
		v.utc()
		v.Priorita = r.Soglie.Priorita(v.Misura, v.DataPresentazione, r.Oggi)
		p.Voci = append(p.Voci, v)
	}
	if p.Totale > massimoTotale && !r.contata() {
		p.Totale, p.Almeno = massimoTotale, true
	}
	if len(p.Voci) > r.Limite {
		p.Voci = p.Voci[:r.Limite]
		p.Cursore = r.cursore(&p.Voci[r.Limite-1]).String()
	}
	return p, rows.Err()
}

func (r *ricerca) cursore(v *Voce) cursore {
	c := cursore{Ricerca: r.impronta(), Oggi: r.Oggi, Caso: v.Caso}
	if r.ordine.banda {
		c.Banda = v.Priorita.banda()
	}
	if !r.ordine.personale {
		c.Chiave = r.ordine.chiave(v)
	}
	return c
}
