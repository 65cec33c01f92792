package casi

import (
	"context"
	"crypto/md5"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections/modeltest"
)

// BenchmarkElenchi measures pages of lists of NUCLEO_CASI cases (1,000,000 by
// default) in 566 ambiti, half of them waiting; the largest ambito has 4 % of
// them. It prints p50 and p99 of each search, and of a page deep in it.
//
//	go test ./projections/casi -run - -bench Elenchi -benchtime 1x -timeout 1h
func BenchmarkElenchi(b *testing.B) {
	n := 1_000_000
	if s := os.Getenv("NUCLEO_CASI"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	pool := modeltest.Pools(b, conNuclei)
	riempi(b, pool, n)
	for b.Loop() {
		for _, p := range prove {
			p.misura(b, pool)
		}
	}
}

// grande is the largest ambito, medio one of average size.
const grande, medio = "A000", "A140"

type prova struct {
	nome   string
	ambito string
	f      Filtro
	volte  int
}

var si = true

var prove = func() (all []prova) {
	for _, ambito := range []string{grande, medio} {
		for _, lista := range []Lista{DaAssegnare, Assegnati} {
			for _, c := range colonneDi(lista) {
				for _, v := range []Verso{Ascendente, Discendente} {
					all = append(all, prova{fmt.Sprintf("list %d by %s %s", lista, c, v), ambito, Filtro{Lista: lista, Ordina: c, Verso: v, Limite: 50}, 60})
				}
			}
		}
	}
	coda := func(nome string, f Filtro) {
		f.Lista, f.Limite = DaAssegnare, 50
		all = append(all, prova{nome, grande, f, 100})
		if f.Ordina == "" {
			f.Lista = Assegnati
			all = append(all, prova{nome + ", assigned", grande, f, 100})
		}
	}
	coda("100 rows", Filtro{})
	coda("codice fiscale", Filtro{Persona: codicefiscale.Cieco{UUID: uuid.UUID(md5.Sum([]byte("CF0000000000777")))}})
	coda("id_domanda", Filtro{IDDomanda: "INPS-ADI-2026-777"})
	coda("surname COGNOME17", Filtro{Nominativo: "cognome17"})
	coda("surname and name", Filtro{Nominativo: "cognome17 nome3"})
	coda("a prefix that all have", Filtro{Nominativo: "cog"})
	coda("street", Filtro{Indirizzo: "via strada55 7"})
	coda("via, as all have", Filtro{Indirizzo: "via"})
	coda("cap", Filtro{CAP: "90003"})
	coda("comune", Filtro{Comune: grande + "-2"})
	coda("a small comune by name", Filtro{Comune: grande + "-12", Ordina: PerNominativo})
	coda("territory of three comuni", Filtro{Territorio: domain.Territorio{Comuni: []string{grande + "-1", grande + "-5", grande + "-9"}}})
	coda("territory of three comuni by address", Filtro{Territorio: domain.Territorio{Comuni: []string{grande + "-1", grande + "-5", grande + "-9"}}, Ordina: PerIndirizzo})
	coda("reassigned", Filtro{Riassegnato: &si})
	coda("ADI", Filtro{Misura: caso.ADI})
	coda("RDC by name", Filtro{Misura: caso.RDC, Ordina: PerNominativo})
	coda("priority ALTA", Filtro{Priorita: []Priorita{Alta}})
	coda("priority BASSA by components", Filtro{Priorita: []Priorita{Bassa}, Ordina: PerComponenti})
	all = append(all, prova{"of one case manager", grande, Filtro{Lista: Assegnati, Limite: 50, CaseManager: id.Operatore{UUID: operatoreN(0)}}, 100},
		prova{"everywhere", "", Filtro{Lista: DaAssegnare, Limite: 50}, 20}, prova{"everywhere by name", "", Filtro{Lista: DaAssegnare, Limite: 50, Ordina: PerNominativo}, 20})
	return all
}()

func operatoreN(n int) (o [16]byte) {
	copy(o[:], fmt.Sprintf("operatore%07d", n))
	return o
}

func (p prova) misura(b *testing.B, pool *pgxpool.Pool) {
	ctx := context.Background()
	p.f.Oggi, p.f.Territorio.Ambito = giorno.Data(2026, 5, 4), p.ambito
	time1 := func(f Filtro) (Pagina, time.Duration) {
		begun := time.Now()
		got, err := Cerca(ctx, pool, f)
		took := time.Since(begun)
		if err != nil {
			b.Fatal(p.nome, err)
		}
		return got, took
	}
	var first, deep []time.Duration
	var page Pagina
	for range p.volte {
		var took time.Duration
		page, took = time1(p.f)
		first = append(first, took)
	}
	middle := p.f
	if cursor := p.meta(b, pool, page); cursor != "" {
		middle.Cursore = cursor
		for range p.volte {
			_, took := time1(middle)
			deep = append(deep, took)
		}
	}
	fmt.Printf("%-46s %-5s %7d rows  first %s  deep %s\n", p.nome, p.ambito, page.Totale, quantili(first), quantili(deep))
	if os.Getenv("NUCLEO_EXPLAIN") != "" && strings.Contains(p.nome, os.Getenv("NUCLEO_EXPLAIN")) {
		spiega(b, pool, middle)
	}
}

// meta is the cursor of a row in the middle of a list.
func (p prova) meta(b *testing.B, pool *pgxpool.Pool, first Pagina) string {
	if first.Cursore == "" {
		return ""
	}
	f, err := p.f.completa()
	if err != nil {
		b.Fatal(err)
	}
	r := ricerca{Filtro: f, ordine: ordini[f.Ordina]}
	where := r.condizioni(banda{}, false)
	order := r.ordine.sql(f.Verso)
	if r.ordine.banda {
		order = r.bandaSQL() + " " + string(f.Verso) + ", " + order
	}
	rows, err := pool.Query(context.Background(), fmt.Sprintf("SELECT %s FROM casi WHERE %s ORDER BY %s OFFSET %d LIMIT 1", colonne, where, order, min(first.Totale*3/5, 300_000)), r.args...)
	if err != nil {
		b.Fatal(err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, voce)
	if err != nil {
		b.Fatal(p.nome, err)
	}
	v.Priorita = f.Soglie.Priorita(v.Misura, v.DataPresentazione, f.Oggi)
	return r.cursore(&v).String()
}

func quantili(all []time.Duration) string {
	if len(all) == 0 {
		return "      –          "
	}
	all = slices.Clone(all)[len(all)/10:] // warm
	slices.Sort(all)
	ms := func(q int) float64 { return float64(all[(len(all)-1)*q/100].Microseconds()) / 1000 }
	return fmt.Sprintf("%7.2f /%7.2f ms", ms(50), ms(99))
}

func spiega(b *testing.B, pool *pgxpool.Pool, f Filtro) {
	f, err := f.completa()
	if err != nil {
		b.Fatal(err)
	}
	dopo, err := f.dopo(context.Background(), pool)
	if err != nil {
		b.Fatal(err)
	}
	r := ricerca{Filtro: f, dopo: dopo, ordine: ordini[f.Ordina]}
	if err := r.sonda(context.Background(), pool); err != nil {
		b.Fatal(err)
	}
	rows, err := pool.Query(context.Background(), "EXPLAIN (ANALYZE, BUFFERS) "+r.sql(), append([]any{pgx.QueryExecModeCacheDescribe}, r.args...)...)
	if err != nil {
		b.Fatal(err)
	}
	plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		b.Fatal(err)
	}
	fmt.Println(strings.Join(plan, "\n"))
}

// riempi puts n cases into the tables, as a fold would leave them.
func riempi(b *testing.B, pool *pgxpool.Pool, n int) {
	begun := time.Now()
	drop, err := pool.Query(context.Background(), `SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON oid = indexrelid
		WHERE NOT indisprimary AND relnamespace = 'casi_v3'::regnamespace`)
	if err != nil {
		b.Fatal(err)
	}
	names, err := pgx.CollectRows(drop, pgx.RowTo[string])
	if err != nil {
		b.Fatal(err)
	}
	var sql strings.Builder
	sql.WriteString("SET statement_timeout = 0; SET maintenance_work_mem = '256MB'; SET synchronous_commit = off;")
	for _, name := range names {
		sql.WriteString("DROP INDEX " + name + ";")
	}
	fmt.Fprintf(&sql, popola, n)
	sql.WriteString(indici + "VACUUM (ANALYZE)")
	for _, s := range strings.Split(sql.String(), ";") {
		if _, err := pool.Exec(context.Background(), s); err != nil {
			b.Fatal(s, err)
		}
	}
	fmt.Printf("%d cases in %s\n", n, time.Since(begun).Round(time.Second))
	rows, err := pool.Query(context.Background(), `SELECT relname || ' ' || pg_size_pretty(pg_table_size(oid)) || ', indexes ' || pg_size_pretty(pg_indexes_size(oid))
		FROM pg_class WHERE relkind = 'r' AND relnamespace = 'casi_v3'::regnamespace ORDER BY pg_table_size(oid) DESC`)
	if err != nil {
		b.Fatal(err)
	}
	sizes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		b.Fatal(err)
	}
	fmt.Println(strings.Join(sizes, "\n"))
}

const popola = `
	SELECT setseed(0.5);
	INSERT INTO casi (caso, id_domanda, misura, ambito, comune, cap, via, civico, codice_fiscale, cognome, nome, cerca_nome, cerca_indirizzo,
		data_presentazione, numero_componenti, minori, disabili, presenza_minori, presenza_disabili, stato, in_coda, lista,
		riassegnato, case_manager, data_assegnazione, assegnato_da, nome_case_manager, nome_assegnato_da, versione_assegnazione, posizione)
	SELECT md5(n::text)::uuid, 'INPS-' || misura || '-2026-' || n, misura, ambito, ambito || '-' || c, '90' || lpad(mod(n * 7, 20)::text, 3, '0'), 'Via strada' || s, mod(n, 40)::text,
		'CF' || lpad(n::text, 13, '0'), 'Cognome' || k, 'Nome' || m, 'COGNOME' || k || ' NOME' || m, 'VIA STRADA' || s || ' ' || mod(n, 40),
		DATE '2026-05-04' - (-60 * ln(1 - r1))::int, 1 + (4 * r2 * r2)::int, (r2 > 0.6)::int, (r3 < 0.17)::int, r2 > 0.6, r3 < 0.17, 'DA_AVVIARE', true, lista,
		r4 < 0.1, CASE lista WHEN 2 THEN encode(('operatore' || lpad((a * 30 + (30 * r2 * r2)::int)::text, 7, '0'))::bytea, 'hex')::uuid ELSE '00000000-0000-0000-0000-000000000000' END,
		CASE lista WHEN 2 THEN TIMESTAMPTZ '2026-05-04' - r1 * INTERVAL '700 days' ELSE '0001-01-01' END, md5(a::text)::uuid,
		CASE lista WHEN 2 THEN 'VERDI ' || (30 * r2 * r2)::int ELSE '' END, CASE lista WHEN 2 THEN 'NERI ' || mod(n, 3) ELSE '' END, 1, n
	FROM (SELECT n, a, 'A' || lpad(a::text, 3, '0') AS ambito, (14 * random() ^ 2)::int AS c, CASE WHEN random() < 0.15 THEN 'RDC' ELSE 'ADI' END AS misura,
			1 + mod(n, 2) AS lista, (400 * random() ^ 2)::int AS s, (600 * random() ^ 2)::int AS k, (150 * random() ^ 2)::int AS m,
			random() AS r1, random() AS r2, random() AS r3, random() AS r4
		FROM (SELECT n, (565 * random() ^ 2)::int AS a FROM generate_series(1, %d) AS n) AS x) AS y;
	INSERT INTO membri (caso, componente, cieco, cognome, nome, relazione, nascita, disabile, uscito)
	SELECT caso, md5(caso::text || k)::uuid, md5(CASE k WHEN 1 THEN codice_fiscale ELSE codice_fiscale || k END)::uuid, cognome, nome || k, CASE k WHEN 1 THEN 'RICHIEDENTE' ELSE 'FIGLIO' END,
		data_presentazione, false, false FROM casi, generate_series(1, numero_componenti) AS k;
	INSERT INTO parole (ambito, campo, parola, caso, presente)
	SELECT DISTINCT ambito, 1, w, caso, true FROM casi, unnest(string_to_array(cerca_nome, ' ')) AS w
	UNION SELECT ambito, 2, w, caso, true FROM casi, unnest(string_to_array(cerca_indirizzo, ' ')) AS w WHERE w !~ '^[0-9]+$';
	INSERT INTO conteggi (lista, ambito, comune, misura, riassegnato, casi) SELECT lista, ambito, comune, misura, riassegnato, count(*) FROM casi GROUP BY 1, 2, 3, 4, 5;
`
