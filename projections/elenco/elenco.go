// Package elenco reads the lists of read models by pages: bounded by the
// territory of who asks, filtered, in the order of any column, from a cursor on.
//
// A list says once where its rows lie and what they may be ordered by:
//
//	var registro = elenco.Elenco[Voce]{
//		Modello: Projection, Da: "segnalazioni", Chiave: "segnalazione",
//		Colonne: "segnalazione, id_domanda, stato, " + elenco.Giorno("scadenza"),
//		Dove:    func(v *Voce) []any { return []any{&v.ID, &v.IDDomanda, &v.Stato, (*int32)(&v.Scadenza)} },
//		Ordini:  map[string]elenco.Ordine{"scadenza": {SQL: "scadenza", Tipo: "date"}, …},
//		Ordine:  "scadenza",
//	}
//
// and a query gathers its criteria in a Filtro:
//
//	var f elenco.Filtro
//	f.Territorio(t)
//	f.Se(stato != "", "stato = ?", stato)
//	pagina, err := registro.Cerca(ctx, db, f, elenco.Richiesta{Limite: 25, Ordina: "scadenza"})
//
// Pages are found by the key of the row before (keyset): none is slower for
// lying deep, if an index has the columns of the filter and then of the order.
package elenco

import (
	"cmp"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"nucleo/domain"
)

// DB is what the queries need of a pgxpool.Pool.
type DB interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}

// Modello is the read model of a list.
type Modello interface{ ID() string }

// Elenco is a list of rows V.
type Elenco[V any] struct {
	Modello Modello
	Anche   []Modello         // others that it joins: the list is told up to where all of them are
	Da      string            // FROM: a table, or several joined
	Chiave  string            // the column, or expression, that names a row and ends every order
	Tipo    string            // of the key in Postgres; uuid when empty
	Colonne string            // SELECT
	Dove    func(*V) []any    // where the columns are scanned to
	Ordini  map[string]Ordine // by the name that callers use
	Ordine  string            // the usual one
}

// Ordine is one order of a list.
type Ordine struct {
	SQL         string // a column, or an expression of some
	Tipo        string // of it in Postgres: text, date, timestamptz, bigint, boolean, uuid
	Discendente bool   // where nobody says
	// Personale keeps values of the column out of cursors: where the page ends
	// is then looked up by its row, and a row that is gone ends the search.
	Personale bool
}

// Richiesta is which page is asked for. Its zero order is the usual one.
type Richiesta struct {
	Limite  int    // 10, 25, 50 or 100
	Ordina  string // a name in Ordini
	Verso   string // asc or desc
	Cursore string // of the page before
}

// Pagina is a page of a list, all of it as of one moment.
type Pagina[V any] struct {
	Voci      []V
	Cursore   string // of the next page; empty after the last
	Totale    int    // rows of the search
	Almeno    bool   // there are more than Totale
	Posizione uint64 // of the log, up to which the list is told
}

// Refusals of a search.
var (
	ErrLimite       = domain.Refuse(domain.Invalid, "ricerca.limite_non_valido", "a page has 10, 25, 50 or 100 rows")
	ErrOrdine       = domain.Refuse(domain.Invalid, "ricerca.ordine_non_valido", "the list cannot be ordered by that")
	ErrVerso        = domain.Refuse(domain.Invalid, "ricerca.verso_non_valido", "the direction is asc or desc")
	ErrCursore      = domain.Refuse(domain.Invalid, "ricerca.cursore_non_valido", "the cursor is not one that this service gave, or its row is gone: start from the first page")
	ErrAltraRicerca = domain.Refuse(domain.Invalid, "ricerca.cursore_di_altra_ricerca", "the cursor belongs to another search: repeat the criteria and the order of the page before")
	ErrTesto        = domain.Refuse(domain.Invalid, "ricerca.testo_non_valido", "a criterion is at most 200 characters of text")
)

// massimoTotale is how far rows are counted.
const massimoTotale = 10_000

// Cerca answers one page.
func (e Elenco[V]) Cerca(ctx context.Context, db DB, f Filtro, r Richiesta) (p Pagina[V], err error) {
	q, err := e.query(f, r)
	if err != nil {
		return p, err
	}
	rows, err := db.Query(ctx, q.sql, q.args...)
	if err != nil {
		return p, fmt.Errorf("search %s: %w", e.Modello.ID(), err)
	}
	if p, err = e.leggi(rows, q, r.Limite); err != nil {
		return p, fmt.Errorf("search %s: %w", e.Modello.ID(), err)
	}
	return p, nil
}

// query is a search as Postgres is asked.
type query struct {
	sql      string
	da       string // FROM
	args     []any
	ordine   Ordine
	impronta []byte
}

func (e Elenco[V]) query(f Filtro, r Richiesta) (q query, err error) {
	if f.err != nil {
		return q, f.err
	}
	nome := cmp.Or(r.Ordina, e.Ordine)
	ordine, known := e.Ordini[nome]
	switch {
	case !limiteValido(r.Limite):
		return q, ErrLimite.At("limit")
	case !known:
		return q, ErrOrdine.At("ordina")
	case r.Verso != "" && r.Verso != "asc" && r.Verso != "desc":
		return q, ErrVerso.At("verso")
	}
	verso := cmp.Or(r.Verso, map[bool]string{false: "asc", true: "desc"}[ordine.Discendente])
	q = query{da: f.da(e.Da), ordine: ordine, impronta: impronta(e.Modello.ID(), f.da(e.Da), nome, verso, f)}
	args := append(append(parametri{e.modelli()}, f.fonteDi...), f.args...)
	dove := f.sql()
	oltre, err := e.oltre(r.Cursore, q, verso, &args)
	if err != nil {
		return q, err
	}
	q.sql = fmt.Sprintf(`SELECT greatest((SELECT min(posizione) FROM proiezioni.avanzamento WHERE proiezione = ANY($1)), 0),
		(SELECT count(*) FROM (SELECT 1 FROM %[1]s WHERE %[2]s LIMIT %[3]d) AS n), p.*
		FROM (VALUES (1)) AS uno LEFT JOIN (SELECT (%[4]s)::text AS riga_, %[5]s AS valore_, %[6]s FROM %[1]s WHERE %[2]s%[7]s ORDER BY %[8]s %[9]s, %[4]s %[9]s LIMIT %[10]d) AS p ON true`,
		q.da, dove, massimoTotale+1, e.Chiave, e.chiave(ordine), e.Colonne, oltre, ordine.SQL, verso, r.Limite+1)
	q.args = args
	return q, nil
}

// modelli are those whose tables the list reads.
func (e Elenco[V]) modelli() []string {
	ids := []string{e.Modello.ID()}
	for _, m := range e.Anche {
		ids = append(ids, m.ID())
	}
	return ids
}

// chiave is the value of the order of a row, as text for the cursor.
func (e Elenco[V]) chiave(o Ordine) string {
	if o.Personale {
		return "''"
	}
	return "(" + o.SQL + ")::text"
}

// oltre is: after the row that the page before ended with.
func (e Elenco[V]) oltre(s string, q query, verso string, args *parametri) (string, error) {
	if s == "" {
		return "", nil
	}
	c, err := leggiCursore(s)
	if err != nil {
		return "", err
	}
	if string(c.Ricerca) != string(q.impronta) {
		return "", ErrAltraRicerca.At("cursor")
	}
	than := map[string]string{"asc": ">", "desc": "<"}[verso]
	riga := "(" + args.aggiungi(c.Riga) + "::text)::" + cmp.Or(e.Tipo, "uuid")
	if q.ordine.Personale {
		return fmt.Sprintf(" AND (%s, %s) %s (SELECT %[1]s, %[2]s FROM %[4]s WHERE %[2]s = %[5]s)", q.ordine.SQL, e.Chiave, than, q.da, riga), nil
	}
	return fmt.Sprintf(" AND (%s, %s) %s (%s::text::%s, %s)", q.ordine.SQL, e.Chiave, than, args.aggiungi(c.Valore), q.ordine.Tipo, riga), nil
}

// leggi reads a page: the first two columns are of the whole list, and stand
// alone when the page is empty.
func (e Elenco[V]) leggi(rows pgx.Rows, q query, limite int) (p Pagina[V], err error) {
	defer rows.Close()
	var ultima cursore
	for rows.Next() {
		var v V
		var riga, valore string
		to := append([]any{&p.Posizione, &p.Totale, &riga, &valore}, e.Dove(&v)...)
		if rows.RawValues()[2] == nil {
			to = append(to[:2], make([]any, len(to)-2)...)
		}
		if err := rows.Scan(to...); err != nil {
			return Pagina[V]{}, err
		}
		if to[2] == nil {
			continue
		}
		if len(p.Voci) == limite {
			p.Cursore = ultima.String()
			continue
		}
		p.Voci, ultima = append(p.Voci, v), cursore{Ricerca: q.impronta, Riga: riga, Valore: valore}
	}
	if p.Totale > massimoTotale {
		p.Totale, p.Almeno = massimoTotale, true
	}
	return p, rows.Err()
}

// Giorno reads a date column as the number that a giorno.Giorno counts: scan it
// to (*int32)(&g).
func Giorno(colonna string) string { return colonna + " - DATE '0001-01-01'" }

// parametri are the values of a statement.
type parametri []any

func (p *parametri) aggiungi(v any) string {
	*p = append(*p, v)
	return fmt.Sprintf("$%d", len(*p))
}

func limiteValido(limite int) bool {
	return limite == 10 || limite == 25 || limite == 50 || limite == 100
}
