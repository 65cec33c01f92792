package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/eventstore/memory"
	"nucleo/projections"
	"nucleo/projections/ambiti"
	"nucleo/projections/casi"
	"nucleo/projections/cronologia"
	"nucleo/projections/elenco"
	"nucleo/projections/operatori"
)

// misurato is one list as somebody sees it: page answers a page after a cursor,
// how many rows it has and the cursor of the next.
type misurato struct {
	name string
	page func(ctx context.Context, pool *pgxpool.Pool, cursor string) (rows int, next string, total int, err error)
	word bool // searched by words: see the row of its own
}

// pages measures the first page, and one deep inside, of every list (T7).
func pages(ctx context.Context, b *bench) error {
	url, err := b.database(ctx)
	if err != nil {
		return err
	}
	pool, err := projections.Open(ctx, url, modelli)
	if err != nil {
		return err
	}
	defer pool.Close()
	empty := projections.Origin{Source: memory.New(eventi), Catalog: eventi}
	if err := projections.Ricostruisci(ctx, pool, empty, b.log, modelli...); err != nil {
		return err
	}
	if err := fill(ctx, pool, b.casi); err != nil {
		return fmt.Errorf("fill the lists: %w", err)
	}
	b.progress("  %s cases are in the lists", thousands(float64(b.casi)))
	var sorted, found pageFigures
	for _, e := range elenchi() {
		p, err := e.measure(ctx, pool, b.pick(25, 8))
		if err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		b.progress("  %-62s %7d rows  first %.2f / %.2f ms  deep %.2f / %.2f ms", e.name, p.total, p.first.quantile(.5), p.first.quantile(.99), p.deep.quantile(.5), p.deep.quantile(.99))
		if e.word {
			found.add(p)
		} else {
			sorted.add(p)
		}
	}
	what := fmt.Sprintf("of %s cases in 566 ambiti, seen from the largest", thousands(float64(b.casi)))
	sorted.rows(&b.table, fmt.Sprintf("%d lists and orders %s", sorted.n, what))
	found.rows(&b.table, fmt.Sprintf("%d searches by name, street and code %s", found.n, what))
	return nil
}

// pageFigure is what one list took, in milliseconds.
type pageFigure struct {
	name        string
	total       int
	first, deep sample
}

// measure asks for the first page and a deep one in turns. Both must be full
// when the list has the rows for it.
func (e misurato) measure(ctx context.Context, pool *pgxpool.Pool, times int) (p pageFigure, err error) {
	p.name = e.name
	deep, total, err := e.walk(ctx, pool)
	if p.total = total; err != nil {
		return p, err
	}
	timed := func(cursor string) (float64, error) {
		begun := time.Now()
		rows, _, _, err := e.page(ctx, pool, cursor)
		if err == nil && rows == 0 {
			err = fmt.Errorf("the page is empty")
		}
		return float64(time.Since(begun).Microseconds()) / 1000, err
	}
	for k := range rounds*times + times {
		for _, at := range []struct {
			cursor string
			s      *sample
		}{{"", &p.first}, {deep, &p.deep}} {
			if at.s == &p.deep && deep == "" {
				continue
			}
			ms, err := timed(at.cursor)
			if err != nil {
				return p, err
			}
			if k >= times { // warm
				*at.s = append(*at.s, ms)
			}
		}
	}
	return p, nil
}

// walk finds the cursor of a page in the middle of the list, or of the 400th.
func (e misurato) walk(ctx context.Context, pool *pgxpool.Pool) (deep string, total int, err error) {
	rows, next, total, err := e.page(ctx, pool, "")
	if err == nil && rows == 0 {
		err = fmt.Errorf("the list is empty: nothing is measured")
	}
	for seen := rows; err == nil && next != "" && seen < min(total*3/5, 400*rows); {
		deep = next
		var n int
		n, next, _, err = e.page(ctx, pool, deep)
		seen += n
	}
	return deep, total, err
}

// pageFigures is what all lists of a kind took.
type pageFigures struct {
	n             int
	first50       sample
	first99, deep sample // p99 of first pages; medians of deep pages to those of the first
	slow          []string
}

func (f *pageFigures) add(p pageFigure) {
	f.n++
	f.first50, f.first99 = append(f.first50, p.first.quantile(.5)), append(f.first99, p.first.quantile(.99))
	if p.first.quantile(.99) >= 2 {
		f.slow = append(f.slow, fmt.Sprintf("%s %.1f", p.name, p.first.quantile(.99)))
	}
	if len(p.deep) > 0 {
		f.deep = append(f.deep, p.deep.quantile(.5)/p.first.quantile(.5))
	}
}

func (f *pageFigures) rows(t *table, what string) {
	if f.n == 0 {
		return
	}
	slow := "–"
	if len(f.slow) > 0 {
		slow = fmt.Sprintf("%d slower: %s", len(f.slow), strings.Join(f.slow[:min(len(f.slow), 4)], "; "))
	}
	t.add(row{
		id: "T7", what: "first page, filters and rights on: " + what, measured: "p99 of each: " + f.first99.show(millis) + "; p50 of each: " + f.first50.show(millis),
		reference: slow, ratio: "–", bound: "each p99 < 2 ms", met: verdict(len(f.slow) == 0),
	})
	if len(f.deep) > 0 {
		t.add(row{
			id: "T7", what: "a page deep in each of them", measured: fmt.Sprintf("%d lists have one", len(f.deep)), reference: "the first page, medians",
			ratio: f.deep.show(twoDigits) + "×", bound: "each ≤ 1.50×", met: verdict(f.deep.quantile(1) <= 1.5),
		})
	}
}

// grande is the largest ambito, medio one of average size.
const grande, medio = "A000", "A140"

var oggiDegliElenchi = giorno.Data(2026, 5, 4)

var liste = []struct {
	lista casi.Lista
	name  string
}{{casi.DaAssegnare, "queue"}, {casi.Assegnati, "assigned"}}

// elenchi are all lists, in all orders, as people of an ambito see them.
func elenchi() (all []misurato) {
	for _, a := range []string{grande, medio} {
		for _, l := range liste {
			for _, c := range colonne(l.lista) {
				for _, v := range []casi.Verso{casi.Ascendente, casi.Discendente} {
					all = append(all, suCasi(fmt.Sprintf("%s of %s by %s %s", l.name, a, c, v), a, casi.Filtro{Lista: l.lista, Ordina: c, Verso: v}))
				}
			}
		}
	}
	return append(append(all, filtrati()...), altri()...)
}

func colonne(l casi.Lista) []casi.Colonna {
	all := []casi.Colonna{
		casi.PerPriorita, casi.PerIDDomanda, casi.PerNominativo, casi.PerPresentazione, casi.PerCodiceFiscale, casi.PerComune, casi.PerIndirizzo, casi.PerCAP,
		casi.PerComponenti, casi.PerMinori, casi.PerDisabili, casi.PerRiassegnato, casi.PerMisura,
	}
	if l == casi.Assegnati {
		all = append(all, casi.PerDataAssegnazione, casi.PerCaseManager, casi.PerAssegnatoDa)
	}
	return all
}

func suCasi(name, ambito string, f casi.Filtro) misurato {
	f.Territorio.Ambito, f.Oggi, f.Limite = ambito, oggiDegliElenchi, 50
	return misurato{name: name, page: func(ctx context.Context, pool *pgxpool.Pool, cursor string) (int, string, int, error) {
		f.Cursore = cursor
		p, err := casi.Cerca(ctx, pool, f)
		return len(p.Voci), p.Cursore, p.Totale, err
	}}
}

// filtrati are searches with a criterion, in both lists of the largest ambito.
func filtrati() (all []misurato) {
	si := true
	tre := domain.Territorio{Comuni: []string{grande + "-1", grande + "-5", grande + "-9"}}
	for _, l := range liste {
		search := func(what string, f casi.Filtro) {
			f.Lista = l.lista
			all = append(all, suCasi(l.name+", "+what, grande, f))
		}
		byWord := func(what string, f casi.Filtro) {
			search(what, f)
			all[len(all)-1].word = true
		}
		search("of a comune", casi.Filtro{Comune: grande + "-2"})
		search("of a territory of three comuni", casi.Filtro{Territorio: tre})
		search("of a territory of three comuni by address", casi.Filtro{Territorio: tre, Ordina: casi.PerIndirizzo})
		search("reassigned", casi.Filtro{Riassegnato: &si})
		search("ADI", casi.Filtro{Misura: caso.ADI})
		search("RDC by name", casi.Filtro{Misura: caso.RDC, Ordina: casi.PerNominativo})
		search("priority ALTA", casi.Filtro{Priorita: []casi.Priorita{casi.Alta}})
		search("priority BASSA by components", casi.Filtro{Priorita: []casi.Priorita{casi.Bassa}, Ordina: casi.PerComponenti})
		search("of a CAP", casi.Filtro{CAP: "90003"})
		byWord("a surname", casi.Filtro{Nominativo: "cognome17"})
		byWord("a prefix that all surnames have", casi.Filtro{Nominativo: "cog"})
		byWord("a street", casi.Filtro{Indirizzo: "via strada55"})
		byWord("via, as all streets have", casi.Filtro{Indirizzo: "via"})
	}
	return append(all, suCasi("cases of one case manager", grande, casi.Filtro{Lista: casi.Assegnati, CaseManager: id.Operatore{UUID: operatoreN(0)}}))
}

// operatoreN is the id of an operator that fill makes.
func operatoreN(n int) (o uuid.UUID) {
	copy(o[:], fmt.Sprintf("operatore%07d", n))
	return o
}

// altri are the lists beside those of cases.
func altri() []misurato {
	perOperatori := func(name string, f operatori.Filtro) misurato {
		f.Oggi = oggiDegliElenchi
		return misurato{name: name, page: func(ctx context.Context, pool *pgxpool.Pool, cursor string) (int, string, int, error) {
			p, err := operatori.Elenco(ctx, pool, f, elenco.Richiesta{Limite: 50, Cursore: cursor})
			return len(p.Voci), p.Cursore, p.Totale, err
		}}
	}
	return []misurato{
		perOperatori("operators of an ambito", operatori.Filtro{Ambito: grande}),
		perOperatori("case managers of an ambito", operatori.Filtro{Ambito: grande, Ruolo: domain.CaseManager, Stato: operatori.Attivo}),
		perOperatori("operators of an ambito by name", operatori.Filtro{Ambito: grande, Testo: "verdi"}),
		{name: "ambiti", page: func(ctx context.Context, pool *pgxpool.Pool, cursor string) (int, string, int, error) {
			p, err := ambiti.Elenco(ctx, pool, ambiti.Filtro{}, elenco.Richiesta{Limite: 50, Cursore: cursor})
			return len(p.Voci), p.Cursore, p.Totale, err
		}},
		{name: "who may be given a case of a comune", page: func(ctx context.Context, pool *pgxpool.Pool, _ string) (int, string, int, error) {
			all, err := operatori.CaseManager(ctx, pool, grande, grande+"-1", oggiDegliElenchi)
			return len(all), "", len(all), err
		}},
		{name: "chronology of a case", page: func(ctx context.Context, pool *pgxpool.Pool, _ string) (int, string, int, error) {
			all, err := cronologia.Di(ctx, pool, id.Caso{UUID: casoN})
			return len(all), "", len(all), err
		}},
	}
}
