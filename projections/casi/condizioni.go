package casi

import (
	"fmt"
	"strings"

	"nucleo/domain/id"
)

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
	for _, b := range r.intervalli() {
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
	if b.segno != nil {
		add("%s = %t", r.ordine.campi[0].sql, *b.segno)
	}
	switch {
	case b.misura != "" && b.priorita == ogni:
		add("misura = %s", r.param(string(b.misura)))
	case b.misura != "":
		dal, al := r.Soglie.limiti(b.misura, b.priorita, r.Oggi)
		add("misura = %s AND data_presentazione BETWEEN %s AND %s", r.param(string(b.misura)), r.giorno(int32(dal)), r.giorno(int32(al)))
	case len(r.Priorita) > 0:
		var or []string
		for _, b := range r.tutte() {
			dal, al := r.Soglie.limiti(b.misura, b.priorita, r.Oggi)
			or = append(or, fmt.Sprintf("misura = '%s' AND data_presentazione BETWEEN %s AND %s", b.misura, r.giorno(int32(dal)), r.giorno(int32(al))))
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
