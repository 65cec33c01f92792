package casi

import (
	"fmt"
	"strings"

	"nucleo/domain/id"
	"nucleo/projections/nuclei"
)

// sql is the whole statement: a statement sees one moment of the database.
// Few rows are fetched once, for the page and the total.
func (r *ricerca) sql() string {
	con := ""
	if r.stretta() {
		con = "WITH trovati AS MATERIALIZED (SELECT * FROM (" + r.poche() + " OFFSET 0) AS casi WHERE " + r.condizioni(banda{}, false) + ") "
	}
	return con + fmt.Sprintf(`SELECT greatest((SELECT min(posizione) FROM proiezioni.avanzamento WHERE proiezione = ANY(%s)), 0), %s, p.*
		FROM (VALUES (1)) AS uno LEFT JOIN (%s) AS p ON true`, r.param([]string{Projection.ID(), nuclei.Projection.ID()}), r.totale(), r.pagina())
}

func (r *ricerca) totale() string {
	switch {
	case r.stretta():
		return "(SELECT count(*) FROM trovati)"
	case r.contata():
		return "(SELECT coalesce(sum(casi), 0)::bigint FROM conteggi WHERE " + r.gruppo(false) + ")"
	}
	var rami []string
	for _, b := range r.intervalli() {
		rami = append(rami, fmt.Sprintf("(SELECT 1 FROM casi WHERE %s LIMIT %d)", r.condizioni(b, false), massimoTotale+1))
	}
	if len(rami) == 0 {
		return "0::bigint"
	}
	return "(SELECT count(*) FROM (SELECT 1 FROM (" + strings.Join(rami, " UNION ALL ") + ") AS n LIMIT " + fmt.Sprint(massimoTotale+1) + ") AS n)"
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

// poche are the rows that a narrow criterion finds. OFFSET 0, which follows,
// keeps Postgres from mixing wider criteria into that look-up.
func (r *ricerca) poche() string {
	var and []string
	if r.IDDomanda != "" {
		and = append(and, "caso = "+r.param(id.CasoDi(r.IDDomanda).UUID))
	}
	if !r.Persona.IsZero() {
		and = append(and, "caso = ANY (ARRAY"+strings.Replace(nuclei.Con, "?", r.param(r.Persona.UUID), 1)+")")
	}
	switch {
	case len(and) > 0:
		return casiDove(and...)
	case r.guida == nil:
		return casiDove("lista = 2", "case_manager = "+r.param(r.CaseManager.UUID))
	case r.guida.righe != nil:
		return r.guida.righe(r)
	}
	return r.guida.trova(r)
}

// giorni are those in which domande of a measure are of one priority today.
func (r *ricerca) giorni(b banda) string {
	dal, al := r.Soglie.limiti(b.misura, b.priorita, r.Oggi)
	return fmt.Sprintf("misura = %s AND data_presentazione BETWEEN %s AND %s", r.param(string(b.misura)), r.giorno(int32(dal)), r.giorno(int32(al)))
}

// condizioni are all other criteria of the search, inside one banda.
func (r *ricerca) condizioni(b banda, pezzi bool) string {
	and := []string{r.gruppo(pezzi)}
	add := func(format string, args ...any) { and = append(and, fmt.Sprintf(format, args...)) }
	if b.segno != nil {
		add("%s = %t", r.ordine.campi[0].sql, *b.segno)
	}
	switch {
	case b.misura != "" && b.priorita == ogni:
		add("misura = %s", r.param(string(b.misura)))
	case b.misura != "":
		add("%s", r.giorni(b))
	case len(r.Priorita) > 0:
		var or []string
		for _, b := range r.tutte() {
			or = append(or, r.giorni(b))
		}
		if len(or) == 0 { // the measure asked for has no priorities
			or = append(or, "false")
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
