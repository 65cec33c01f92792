package casi

import (
	"fmt"
	"strings"
)

// guida is a criterion by which the rows of a search may be found.
type guida struct {
	trova func(*ricerca) string // what finds them, to be counted
	righe func(*ricerca) string // the rows; those that trova finds, when nil
}

// guide are the criteria that may leave few rows. Outside an ambito no index
// finds anything but words.
func (r *ricerca) guide() (all []guida) {
	for _, w := range parole(r.Nominativo) {
		all = append(all, perParola(CampoNome, w))
	}
	for _, w := range parole(r.Indirizzo) {
		if guidaVia(w) {
			all = append(all, perParola(CampoIndirizzo, w))
		}
	}
	all = all[:min(len(all), 8)]
	switch {
	case r.Territorio.Ambito == "":
	case r.CAP != "":
		all = append(all, guida{trova: func(r *ricerca) string { return casiDove(r.gruppo(false), "cap = "+r.param(r.CAP)) }})
	case len(r.Priorita) > 0 && !r.aBande():
		all = append(all, guida{trova: perPriorita})
	}
	return all
}

func casiDove(and ...string) string {
	return "SELECT * FROM casi WHERE " + strings.Join(and, " AND ")
}

// perPriorita finds the rows of some priorities, each in its days.
func perPriorita(r *ricerca) string {
	rami := []string{casiDove("false")} // the measure asked for may have no priorities
	for _, b := range r.tutte() {
		rami = append(rami, casiDove(r.gruppo(false), r.giorni(b)))
	}
	return strings.Join(rami, " UNION ALL ")
}

// perParola finds the cases of the territory that have a word that begins so:
// in the order by name, if it is the first of a name.
func perParola(campo Campo, inizio string) guida {
	trova := func(r *ricerca) string {
		ambito := "ambito IN (SELECT ambito FROM conteggi)"
		if r.Territorio.Ambito != "" {
			ambito = "ambito = " + r.param(r.Territorio.Ambito)
		}
		dal, al := r.param(inizio), r.param(inizio+"\U0010FFFF")
		sql := fmt.Sprintf("SELECT caso FROM parole WHERE %s AND campo = %d AND parola >= %s AND parola < %s", ambito, campo, dal, al)
		if campo == CampoNome {
			sql += fmt.Sprintf(" UNION ALL SELECT caso FROM casi WHERE %s AND lista = %d AND cerca_nome >= %s AND cerca_nome < %s", ambito, r.Lista, dal, al)
		}
		return sql
	}
	return guida{trova, func(r *ricerca) string { return casiDove("caso = ANY (ARRAY(" + trova(r) + "))") }}
}
