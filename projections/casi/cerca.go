package casi

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// Pagina is a page of a list, all of it as of one moment.
type Pagina struct {
	Voci      []Voce
	Cursore   string // of the next page; empty after the last
	Totale    int    // rows of the search
	Almeno    bool   // there are more than Totale
	Posizione uint64 // of the log, up to which the list is told
}

// massimoTotale is how far rows are counted one by one.
const massimoTotale = 10_000

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

// ricerca is a search on its way to SQL. Values are always parameters.
type ricerca struct {
	Filtro
	ordine ordine
	dopo   *cursore
	parole []guida // by which words the rows are found, when these are rare
	args   []any
}

// guida is a word that few rows have.
type guida struct {
	campo  Campo
	parola string
}

func (r *ricerca) param(v any) string {
	r.args = append(r.args, v)
	return fmt.Sprintf("$%d", len(r.args))
}

func (r *ricerca) giorno(v any) string { return "DATE '0001-01-01' + " + r.param(v) + "::integer" }

// raro is up to how many rows are fetched and sorted rather than filtered on
// a walk in the order of the list.
const raro = 1_000

// sonda looks which word of the search is rare. It is a hint: both ways give
// the same rows.
func (r *ricerca) sonda(ctx context.Context, db DB) error {
	best := raro
	for _, g := range r.candidate() {
		probe := ricerca{Filtro: r.Filtro}
		sql := `SELECT count(*) FROM (SELECT 1 ` + probe.conParola(g) + fmt.Sprintf(` LIMIT %d) n`, raro)
		rows, err := db.Query(ctx, sql, probe.args...)
		if err != nil {
			return fmt.Errorf("probe a word: %w", err)
		}
		n, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[int])
		if err != nil {
			return fmt.Errorf("probe a word: %w", err)
		}
		if n < best {
			best, r.parole = n, []guida{g}
		}
	}
	return nil
}

func (r *ricerca) candidate() (all []guida) {
	for _, w := range parole(r.Nominativo) {
		all = append(all, guida{CampoNome, w})
	}
	for _, w := range parole(r.Indirizzo) {
		if !numero(w) {
			all = append(all, guida{CampoIndirizzo, w})
		}
	}
	return all[:min(len(all), 8)]
}

// conParola are the words of the territory that begin with one of the search.
func (r *ricerca) conParola(g guida) string {
	ambito := "ambito = " + r.param(r.Territorio.Ambito)
	if r.Territorio.Ambito == "" {
		r.args = r.args[:len(r.args)-1]
		ambito = "ambito IN (SELECT ambito FROM conteggi)"
	}
	return fmt.Sprintf("FROM parole WHERE %s AND campo = %d AND parola >= %s AND parola < %s",
		ambito, g.campo, r.param(g.parola), r.param(g.parola+"\U0010FFFF"))
}

// stretta reports whether a criterion leaves few rows, so that sorting them
// is cheaper than a walk.
func (r *ricerca) stretta() bool {
	return r.IDDomanda != "" || r.CodiceFiscale != "" || len(r.parole) > 0 || !r.CaseManager.IsZero() && r.Ordina != PerDataAssegnazione
}

// incerta reports whether the best plan depends on the values: whether to walk
// in the order of the list, or to fetch what a criterion finds and sort it.
// Such a search is planned each time (1 ms); others have one good plan.
func (r *ricerca) incerta() bool {
	return !r.stretta() && (r.CAP != "" || r.Priorita != "" && !r.aBande() || (r.Comune != "" || len(r.Territorio.Comuni) > 0) && !r.ordine.perComune)
}

// contata reports whether the counters of the model know the total.
func (r *ricerca) contata() bool {
	return !r.stretta() && r.CaseManager.IsZero() && r.Nominativo == "" && r.Indirizzo == "" && r.CAP == "" && r.Priorita == ""
}

// sql is the whole statement: a statement sees one moment of the database.
func (r *ricerca) sql() string {
	return fmt.Sprintf(`SELECT greatest((SELECT posizione FROM proiezioni.avanzamento WHERE proiezione = %s), 0), %s, p.*
		FROM (VALUES (1)) AS uno LEFT JOIN (%s) AS p ON true`, r.param(Projection.ID()), r.totale(), r.pagina())
}

func (r *ricerca) totale() string {
	if r.contata() {
		return "(SELECT coalesce(sum(casi), 0)::bigint FROM conteggi WHERE " + r.gruppo(false) + ")"
	}
	var rami []string
	for _, b := range r.bande() {
		rami = append(rami, fmt.Sprintf("(SELECT 1 FROM %s WHERE %s LIMIT %d)", r.casi(), r.condizioni(b, false), massimoTotale+1))
	}
	if len(rami) == 0 {
		return "0::bigint"
	}
	return "(SELECT count(*) FROM (" + strings.Join(rami, " UNION ALL ") + ") AS n)"
}

// gruppo is what a case and its counter have in common; of the territory,
// only what does not cut it in pieces.
func (r *ricerca) gruppo(pezzi bool) string {
	and := []string{fmt.Sprintf("lista = %d", r.Lista)}
	if r.Territorio.Ambito != "" {
		and = append(and, "ambito = "+r.param(r.Territorio.Ambito))
		if len(r.Territorio.Comuni) > 0 && !pezzi {
			and = append(and, "comune = ANY("+r.param(r.Territorio.Comuni)+"::text[])")
		}
	}
	if r.Comune != "" {
		and = append(and, "comune = "+r.param(r.Comune))
	}
	if r.Misura != "" {
		and = append(and, "misura = "+r.param(string(r.Misura)))
	}
	if r.Riassegnato != nil {
		and = append(and, "riassegnato = "+r.param(*r.Riassegnato))
	}
	return strings.Join(and, " AND ")
}

// banda is the domande of one measure that are of one priority today. The
// zero banda is all of them.
type banda struct {
	misura   caso.Misura
	priorita int
}

func (r *ricerca) aBande() bool {
	return !r.stretta() && (r.ordine.banda || r.Priorita != "" && r.Ordina == PerPresentazione)
}

// bande are those that a search looks through one by one: each is a range of
// an index. Few rows, and orders and searches without priority, are looked
// through all at once.
func (r *ricerca) bande() (all []banda) {
	if !r.aBande() {
		return []banda{{}}
	}
	for n, p := range []Priorita{Alta, Media, Bassa} {
		if r.Priorita != "" && r.Priorita != p {
			continue
		}
		for _, m := range misure {
			if r.Misura == "" || r.Misura == m {
				all = append(all, banda{m, n})
			}
		}
	}
	return all
}

// casi are the rows to look through: those that a narrow criterion finds, or
// all. OFFSET 0 keeps Postgres from mixing wider criteria into that look-up.
func (r *ricerca) casi() string {
	var and []string
	if r.IDDomanda != "" {
		and = append(and, "caso = "+r.param(id.CasoDi(r.IDDomanda).UUID))
	}
	if r.CodiceFiscale != "" {
		and = append(and, "caso = ANY (ARRAY(SELECT caso FROM componenti WHERE codice_fiscale = "+r.param(r.CodiceFiscale)+"))")
	}
	for _, g := range r.parole {
		and = append(and, "caso = ANY (ARRAY(SELECT caso "+r.conParola(g)+"))")
	}
	switch {
	case len(and) > 0:
	case r.stretta():
		and = append(and, "lista = 2 AND case_manager = "+r.param(r.CaseManager.UUID))
	default:
		return "casi"
	}
	return "(SELECT * FROM casi WHERE " + strings.Join(and, " AND ") + " OFFSET 0) AS casi"
}

// condizioni are all other criteria of the search, inside one banda.
func (r *ricerca) condizioni(b banda, pezzi bool) string {
	and := []string{r.gruppo(pezzi)}
	add := func(format string, args ...any) { and = append(and, fmt.Sprintf(format, args...)) }
	if b.misura != "" {
		dal, al := r.Soglie.limiti(b.misura, b.priorita, r.Oggi)
		add("misura = %s AND data_presentazione BETWEEN %s AND %s", r.param(string(b.misura)), r.giorno(int32(dal)), r.giorno(int32(al)))
	}
	if b.misura == "" && r.Priorita != "" {
		var or []string
		for _, m := range misure {
			dal, al := r.Soglie.limiti(m, r.Priorita.banda(), r.Oggi)
			or = append(or, fmt.Sprintf("misura = '%s' AND data_presentazione BETWEEN %s AND %s", m, r.giorno(int32(dal)), r.giorno(int32(al))))
		}
		add("(%s)", strings.Join(or, " OR "))
	}
	if r.CAP != "" {
		add("cap = %s", r.param(r.CAP))
	}
	if !r.CaseManager.IsZero() {
		add("case_manager = %s", r.param(r.CaseManager.UUID))
	}
	for _, w := range parole(r.Nominativo) {
		add("strpos(' ' || cerca_nome, %s) > 0", r.param(" "+w))
	}
	for _, w := range parole(r.Indirizzo) {
		add("strpos(' ' || cerca_indirizzo, %s) > 0", r.param(" "+w))
	}
	return strings.Join(and, " AND ")
}

// pagina is the rows of the page, and one more to know whether there is a next.
func (r *ricerca) pagina() string {
	var rami []string
	for _, b := range r.bande() {
		if !r.passata(b) {
			rami = append(rami, r.ramo(b))
		}
	}
	if len(rami) == 0 { // a measure that no domanda has, or no band left
		rami = append(rami, "(SELECT 0 AS banda, "+r.colonne()+" FROM casi WHERE false)")
	}
	pagina := fmt.Sprintf("(%s) AS casi ORDER BY %s LIMIT %d", strings.Join(rami, " UNION ALL "), r.ordina(), r.Limite+1)
	if !r.composta() {
		return "SELECT " + colonne + " FROM " + pagina
	}
	return fmt.Sprintf("SELECT %s FROM (SELECT banda, caso FROM %s) AS pagina JOIN casi USING (caso) ORDER BY %s", colonne, pagina, r.ordina())
}

// composta reports whether a page is put together from several scans. Then
// only keys are read at first, and rows when it is known which.
func (r *ricerca) composta() bool {
	return r.aBande() || !r.stretta() && !r.ovunque() && r.Territorio.Ambito == "" || len(r.Territorio.Comuni) > 0
}

func (r *ricerca) colonne() string {
	if !r.composta() {
		return "casi.*"
	}
	keys := []string{"caso"}
	for _, c := range r.ordine.campi {
		keys = append(keys, c.sql)
	}
	return strings.Join(keys, ", ")
}

func (r *ricerca) ordina() string {
	if r.ordine.banda {
		return "banda " + string(r.Verso) + ", " + r.ordine.sql(r.Verso)
	}
	return r.ordine.sql(r.Verso)
}

// passata reports whether a whole banda lies before the cursor.
func (r *ricerca) passata(b banda) bool {
	if r.dopo == nil || !r.ordine.banda || b.misura == "" || b.priorita == r.dopo.Banda {
		return false
	}
	return (b.priorita < r.dopo.Banda) == (r.Verso == Ascendente)
}

// ovunque reports whether an index has the rows of everywhere in order, and
// no criterion would make the walk long.
func (r *ricerca) ovunque() bool {
	return r.Territorio.Ambito == "" && (r.ordine.banda || r.Ordina == PerDataAssegnazione) &&
		r.Nominativo == "" && r.Indirizzo == "" && r.CAP == "" && r.Comune == "" && r.CaseManager.IsZero()
}

// pezzi is what a list is looked through by, one after the other, as the
// indexes are made: the ambiti when it is of everywhere, the comuni of the
// territory where an index has its rows in order. Empty: it is whole.
func (r *ricerca) pezzi() (from, uguale string) {
	switch {
	case r.stretta() || r.ovunque():
	case r.Territorio.Ambito == "":
		return fmt.Sprintf("(SELECT DISTINCT ambito AS qui FROM conteggi WHERE lista = %d) AS pezzi", r.Lista), " AND ambito = qui"
	case len(r.Territorio.Comuni) > 0 && r.ordine.perComune && r.Comune == "":
		return `(SELECT DISTINCT unnest(` + r.param(r.Territorio.Comuni) + `::text[]) COLLATE "C" AS qui) AS pezzi`, " AND comune = qui"
	}
	return "", ""
}

// ramo is the rows of one banda from the cursor on.
func (r *ricerca) ramo(b banda) string {
	pezzi, uguale := r.pezzi()
	where, order := r.condizioni(b, pezzi != "")+uguale, r.ordine.sql(r.Verso)
	n := fmt.Sprint(b.priorita)
	if b.misura == "" && r.ordine.banda {
		n = r.bandaSQL()
		order = n + " " + string(r.Verso) + ", " + order
	}
	if r.dopo != nil && (b.misura == "" || !r.ordine.banda || b.priorita == r.dopo.Banda) {
		where += " AND " + r.oltre(b)
	}
	from := r.casi()
	if pezzi != "" {
		from = fmt.Sprintf("%s CROSS JOIN LATERAL (SELECT "+r.colonne()+" FROM casi WHERE %s ORDER BY %s LIMIT %d) AS casi", pezzi, where, order, r.Limite+1)
		where = "true"
	}
	return fmt.Sprintf("(SELECT %s AS banda, %s FROM %s WHERE %s ORDER BY %s LIMIT %d)", n, r.colonne(), from, where, order, r.Limite+1)
}

// bandaSQL is the number of the priority of a row.
func (r *ricerca) bandaSQL() string {
	per := func(m caso.Misura) string {
		_, alta := r.Soglie.limiti(m, 0, r.Oggi)
		_, media := r.Soglie.limiti(m, 1, r.Oggi)
		return fmt.Sprintf("CASE WHEN data_presentazione <= %s THEN 0 WHEN data_presentazione <= %s THEN 1 ELSE 2 END",
			r.giorno(int32(alta)), r.giorno(int32(media)))
	}
	return fmt.Sprintf("CASE misura WHEN '%s' THEN %s ELSE %s END", caso.ADI, per(caso.ADI), per(caso.RDC))
}

// oltre is: after the row that the page before ended with.
func (r *ricerca) oltre(b banda) string {
	var here, there []string
	if r.ordine.banda && b.misura == "" {
		here, there = append(here, r.bandaSQL()), append(there, r.param(r.dopo.Banda)+"::integer")
	}
	for i, c := range r.ordine.campi {
		here = append(here, c.sql)
		if c.tipo == "date" {
			there = append(there, r.giorno(r.dopo.Chiave[i]))
		} else {
			there = append(there, r.param(r.dopo.Chiave[i])+"::"+c.tipo)
		}
	}
	than := ">"
	if r.Verso == Discendente {
		than = "<"
	}
	return fmt.Sprintf("(%s) %s (%s)", strings.Join(here, ", "), than, strings.Join(there, ", "))
}
