package elenco_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/internal/postgres/pgtest"
	"nucleo/projections"
	"nucleo/projections/elenco"
)

type cosa struct {
	ID             uuid.UUID
	Nome           string
	Giorno         giorno.Giorno
	Numero         int
	Ambito, Comune string
}

type modello struct{}

func (modello) ID() string { return "cose_v1" }

var cose = elenco.Elenco[cosa]{
	Modello: modello{}, Da: "cose", Chiave: "cosa", Colonne: "cosa, nome, numero, ambito, comune, " + elenco.Giorno("giorno"),
	Dove: func(v *cosa) []any {
		return []any{&v.ID, &v.Nome, &v.Numero, &v.Ambito, &v.Comune, (*int32)(&v.Giorno)}
	},
	Ordini: map[string]elenco.Ordine{
		"nome": {SQL: "nome", Tipo: "text", Personale: true}, "giorno": {SQL: "giorno", Tipo: "date"}, "numero": {SQL: "numero", Tipo: "bigint", Discendente: true},
	},
	Ordine: "giorno",
}

// tavola is a table of n things, with many values that are equal.
func tavola(t *testing.T, n int) (*pgxpool.Pool, []cosa) {
	t.Helper()
	pool, err := projections.Open(t.Context(), pgtest.Database(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := pool.Exec(t.Context(), `CREATE TABLE cose (cosa uuid PRIMARY KEY, nome text COLLATE "C" NOT NULL, giorno date NOT NULL, numero bigint NOT NULL, ambito text NOT NULL, comune text NOT NULL)`); err != nil {
		t.Fatal(err)
	}
	caso := rand.New(rand.NewPCG(1, 2))
	tutte := make([]cosa, n)
	for i := range tutte {
		tutte[i] = cosa{
			ID: uuid.NewSHA1(uuid.Nil, []byte{byte(i), byte(i >> 8)}), Nome: elenco.Parole([]string{"D'Àngelo Ugo", "Rossi Ada", "Rosselli Ugo"}[caso.IntN(3)]),
			Giorno: giorno.Data(2026, 1, 1+caso.IntN(5)), Numero: caso.IntN(4), Ambito: []string{"A", "B"}[caso.IntN(2)], Comune: []string{"X", "Y", "Z"}[caso.IntN(3)],
		}
		metti(t, pool, tutte[i])
	}
	return pool, tutte
}

func metti(t *testing.T, pool *pgxpool.Pool, c cosa) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), `INSERT INTO cose VALUES ($1, $2, $3, $4, $5, $6)`, c.ID, c.Nome, c.Giorno.Time(), c.Numero, c.Ambito, c.Comune); err != nil {
		t.Fatal(err)
	}
}

// sfoglia reads a list to its end.
func sfoglia(t *testing.T, pool *pgxpool.Pool, f elenco.Filtro, r elenco.Richiesta) (tutte []cosa, totale int) {
	t.Helper()
	for {
		p, err := cose.Cerca(t.Context(), pool, f, r)
		if err != nil {
			t.Fatal(err)
		}
		tutte, totale = append(tutte, p.Voci...), p.Totale
		if r.Cursore = p.Cursore; r.Cursore == "" {
			return tutte, totale
		}
	}
}

func TestThePagesOfAListAreTheWholeListInOrder(t *testing.T) {
	pool, tutte := tavola(t, 137)
	per := map[string]func(a, b cosa) int{
		"nome":   func(a, b cosa) int { return cmp.Compare(a.Nome, b.Nome) },
		"giorno": func(a, b cosa) int { return cmp.Compare(a.Giorno, b.Giorno) },
		"numero": func(a, b cosa) int { return cmp.Compare(a.Numero, b.Numero) },
	}
	filtri := map[string]func(*elenco.Filtro) func(cosa) bool{
		"everything": func(*elenco.Filtro) func(cosa) bool { return func(cosa) bool { return true } },
		"a territory": func(f *elenco.Filtro) func(cosa) bool {
			f.Territorio(domain.Territorio{Ambito: "A", Comuni: []string{"X", "Z"}})
			return func(c cosa) bool { return c.Ambito == "A" && c.Comune != "Y" }
		},
		"words": func(f *elenco.Filtro) func(cosa) bool {
			f.Parole("nome", "nome", "ugo ROSS")
			return func(c cosa) bool { return c.Nome == "ROSSELLI UGO" }
		},
		"days": func(f *elenco.Filtro) func(cosa) bool {
			f.Se(true, "giorno BETWEEN ? AND ?", giorno.Data(2026, 1, 2), giorno.Data(2026, 1, 3))
			f.Se(false, "numero = ?", 1)
			return func(c cosa) bool { return c.Giorno == giorno.Data(2026, 1, 2) || c.Giorno == giorno.Data(2026, 1, 3) }
		},
		"nothing": func(f *elenco.Filtro) func(cosa) bool {
			f.Testo("comune", "comune", "W")
			return func(cosa) bool { return false }
		},
	}
	for about, filtra := range filtri {
		for ordine, confronta := range per {
			for _, verso := range []string{"asc", "desc"} {
				var f elenco.Filtro
				vale := filtra(&f)
				want := slices.DeleteFunc(slices.Clone(tutte), func(c cosa) bool { return !vale(c) })
				slices.SortFunc(want, func(a, b cosa) int {
					n := cmp.Or(confronta(a, b), strings.Compare(a.ID.String(), b.ID.String()))
					return map[string]int{"asc": n, "desc": -n}[verso]
				})
				got, totale := sfoglia(t, pool, f, elenco.Richiesta{Limite: 10, Ordina: ordine, Verso: verso})
				if !slices.Equal(got, want) || totale != len(want) {
					t.Errorf("%s by %s %s: %d rows of %d, total %d", about, ordine, verso, len(got), len(want), totale)
				}
			}
		}
	}
}

func TestRowsThatComeBetweenPagesNeitherRepeatNorHideOthers(t *testing.T) {
	pool, tutte := tavola(t, 40)
	prima, err := cose.Cerca(t.Context(), pool, elenco.Filtro{}, elenco.Richiesta{Limite: 25, Ordina: "nome"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		metti(t, pool, cosa{ID: uuid.New(), Nome: fmt.Sprintf("AAA %d", i), Giorno: giorno.Data(2026, 1, 1)})
	}
	seconda, err := cose.Cerca(t.Context(), pool, elenco.Filtro{}, elenco.Richiesta{Limite: 25, Ordina: "nome", Cursore: prima.Cursore})
	if err != nil || len(prima.Voci)+len(seconda.Voci) != len(tutte) || seconda.Cursore != "" {
		t.Errorf("%v: %d and %d of %d", err, len(prima.Voci), len(seconda.Voci), len(tutte))
	}
}

func TestASearchIsRefusedByWhatIsWrongWithIt(t *testing.T) {
	pool, _ := tavola(t, 30)
	pagina, err := cose.Cerca(t.Context(), pool, elenco.Filtro{}, elenco.Richiesta{Limite: 10})
	if err != nil || pagina.Cursore == "" {
		t.Fatal(err)
	}
	if strings.Contains(pagina.Cursore, "ROSS") {
		t.Error("a name stands in the cursor")
	}
	var altro, lungo, nullo elenco.Filtro
	altro.E("numero = ?", 1)
	lungo.Testo("comune", "comune", strings.Repeat("x", 201))
	nullo.Parole("nome", "nome", "a\x00b")
	storto := []byte(pagina.Cursore)
	storto[len(storto)/2] ^= 1
	for about, x := range map[string]struct {
		f    elenco.Filtro
		r    elenco.Richiesta
		want *domain.Error
	}{
		"a limit":                    {r: elenco.Richiesta{Limite: 11}, want: elenco.ErrLimite},
		"an order":                   {r: elenco.Richiesta{Limite: 10, Ordina: "cosa; DROP TABLE cose"}, want: elenco.ErrOrdine},
		"a direction":                {r: elenco.Richiesta{Limite: 10, Verso: "up"}, want: elenco.ErrVerso},
		"a cursor":                   {r: elenco.Richiesta{Limite: 10, Cursore: "Zm9v"}, want: elenco.ErrCursore},
		"a cursor that was changed":  {r: elenco.Richiesta{Limite: 10, Cursore: string(storto)}, want: elenco.ErrCursore},
		"a cursor of another search": {f: altro, r: elenco.Richiesta{Limite: 10, Cursore: pagina.Cursore}, want: elenco.ErrAltraRicerca},
		"a cursor of another order":  {r: elenco.Richiesta{Limite: 10, Ordina: "nome", Cursore: pagina.Cursore}, want: elenco.ErrAltraRicerca},
		"a long text":                {f: lungo, r: elenco.Richiesta{Limite: 10}, want: elenco.ErrTesto},
		"a text with a zero":         {f: nullo, r: elenco.Richiesta{Limite: 10}, want: elenco.ErrTesto},
	} {
		if _, err := cose.Cerca(t.Context(), pool, x.f, x.r); !errors.Is(err, x.want) {
			t.Errorf("%s: %v", about, err)
		}
	}
}
