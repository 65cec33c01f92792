package ambiti

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"nucleo/projections/elenco"
)

// Filtro is a search among the ambiti.
type Filtro struct {
	Ambito string // the only one that the caller may see; empty for all
	Testo  string // each word begins a word of the name
}

// tutti is the list.
var tutti = elenco.Elenco[Voce]{
	Modello: Projection, Da: "ambiti", Chiave: "codice", Tipo: "text", Colonne: colonne, Dove: (*Voce).dove,
	Ordini: map[string]elenco.Ordine{"denominazione": {SQL: "cerca", Tipo: "text"}, "codice": {SQL: "codice", Tipo: "text"}},
	Ordine: "denominazione",
}

// Elenco answers one page of a search.
func Elenco(ctx context.Context, db DB, f Filtro, r elenco.Richiesta) (elenco.Pagina[Voce], error) {
	var dove elenco.Filtro
	dove.Testo("ambito", "codice", f.Ambito)
	dove.Parole("q", "cerca", f.Testo)
	p, err := tutti.Cerca(ctx, db, dove, r)
	if err != nil {
		return p, err
	}
	return p, conAdesioni(ctx, db, p.Voci)
}

// conAdesioni adds to ambiti by what their comuni belong to them.
func conAdesioni(ctx context.Context, db DB, voci []Voce) error {
	quale, codici := map[string]*Voce{}, make([]string, len(voci))
	for i := range voci {
		quale[voci[i].Codice], codici[i] = &voci[i], voci[i].Codice
	}
	rows, err := db.Query(ctx, `SELECT ambito, comune, `+elenco.Giorno("convenzione")+`, `+elenco.Giorno("delega")+`, atto FROM adesioni
		WHERE ambito = ANY($1) ORDER BY ambito, comune`, codici)
	if err != nil {
		return fmt.Errorf("agreements of ambiti: %w", err)
	}
	var d Dove
	var a Adesione
	_, err = pgx.ForEachRow(rows, []any{&d.Ambito, &d.Comune, (*int32)(&a.Convenzione), (*int32)(&a.Delega), &a.Atto}, func() error {
		v := quale[d.Ambito]
		v.Adesioni = append(v.Adesioni, AdesioneDi{d.Comune, a})
		return nil
	})
	return err
}
