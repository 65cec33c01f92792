package casi

import (
	"fmt"
	"strings"
)

// pagina is the rows of the page, and one more to know whether there is a next.
func (r *ricerca) pagina() string {
	var rami []string
	for _, b := range r.bande() {
		if r.rispetto(b) >= 0 {
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
	return r.aBande() || !r.stretta() && (r.Territorio.Ambito == "" || len(r.Territorio.Comuni) > 0)
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

// pezzi is what a list is looked through by, one after the other, as the
// indexes are made: the ambiti when it is of everywhere, the comuni of the
// territory where an index has its rows in order. Empty: it is whole.
func (r *ricerca) pezzi() (from, uguale string) {
	switch {
	case r.stretta():
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
	ordine := r.ordine
	if b.segno != nil {
		ordine.campi = ordine.campi[1:] // the same in all of them
	}
	order := ordine.sql(r.Verso)
	n := fmt.Sprint(b.priorita)
	if b.misura == "" && r.ordine.banda {
		n = r.bandaSQL()
		order = n + " " + string(r.Verso) + ", " + order
	}
	from, where := "casi", "true"
	if r.stretta() {
		from = "trovati AS casi"
	} else {
		where = r.condizioni(b, pezzi != "") + uguale
	}
	if r.rispetto(b) == 0 {
		where += " AND " + r.oltre(b, ordine.campi)
	}
	if pezzi != "" {
		from = fmt.Sprintf("%s CROSS JOIN LATERAL (SELECT "+r.colonne()+" FROM casi WHERE %s ORDER BY %s LIMIT %d) AS casi", pezzi, where, order, r.Limite+1)
		where = "true"
	}
	return fmt.Sprintf("(SELECT %s AS banda, %s FROM %s WHERE %s ORDER BY %s LIMIT %d)", n, r.colonne(), from, where, order, r.Limite+1)
}

// oltre is: after the row that the page before ended with.
func (r *ricerca) oltre(b banda, campi []campo) string {
	var here, there []string
	if r.ordine.banda && b.misura == "" {
		here, there = append(here, r.bandaSQL()), append(there, r.param(r.dopo.Banda)+"::integer")
	}
	chiave := r.dopo.Chiave[len(r.dopo.Chiave)-len(campi):]
	for i, c := range campi {
		here = append(here, c.sql)
		if c.tipo == "date" {
			there = append(there, r.giorno(chiave[i]))
		} else {
			there = append(there, r.param(chiave[i])+"::"+c.tipo)
		}
	}
	than := ">"
	if r.Verso == Discendente {
		than = "<"
	}
	return fmt.Sprintf("(%s) %s (%s)", strings.Join(here, ", "), than, strings.Join(there, ", "))
}
