package cancellazioni

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/domain/cancellazione"
	"nucleo/domain/id"
	"nucleo/projections/elenco"
)

// Voce is a request with its id.
type Voce struct {
	ID id.Cancellazione
	Riga
}

// VoceVincolo is a hold with its case.
type VoceVincolo struct {
	Caso id.Caso
	Vincolo
}

var tutte = elenco.Elenco[Voce]{
	Modello: Projection, Da: "cancellazioni", Chiave: "cancellazione",
	Colonne: "cancellazione, tipo, caso, quale, ambito, richiesta_da, base, riferimento, richiesta_il, fine - DATE '0001-01-01' AS giorno_fine, stato, decisa_da, decisa_il, motivo, chiavi, valori, provata_il, posizione",
	Dove: func(v *Voce) []any {
		return []any{
			&v.ID, &v.Tipo, &v.Caso, &v.Quale, &v.Ambito, &v.RichiestaDa, &v.Base, &v.Riferimento, &v.RichiestaIl, (*int32)(&v.Fine), &v.Stato,
			&v.DecisaDa, &v.DecisaIl, &v.Motivo, &v.Chiavi, &v.Valori, &v.ProvataIl, &v.Posizione,
		}
	},
	Ordini: map[string]elenco.Ordine{
		"richiesta_il": {SQL: "richiesta_il", Tipo: "timestamptz", Discendente: true},
		"stato":        {SQL: "stato", Tipo: "text"},
	},
	Ordine: "richiesta_il",
}

// Elenco answers one page of the requests of an ambito, of a state or of all.
func Elenco(ctx context.Context, db elenco.DB, ambito string, stato cancellazione.Stato, r elenco.Richiesta) (elenco.Pagina[Voce], error) {
	var dove elenco.Filtro
	dove.Testo("ambito", "ambito", ambito)
	dove.Testo("stato", "stato", string(stato))
	return tutte.Cerca(ctx, db, dove, r)
}

var vincoli = elenco.Elenco[VoceVincolo]{
	Modello: Projection, Da: "vincoli", Chiave: "caso",
	Colonne: "caso, ambito, posto_da, posto_il, motivo, riferimento",
	Dove: func(v *VoceVincolo) []any {
		return []any{&v.Caso, &v.Ambito, &v.PostoDa, &v.PostoIl, &v.Motivo, &v.Riferimento}
	},
	Ordini: map[string]elenco.Ordine{"posto_il": {SQL: "posto_il", Tipo: "timestamptz", Discendente: true}},
	Ordine: "posto_il",
}

// Vincoli answers one page of the holds that stand in an ambito.
func Vincoli(ctx context.Context, db elenco.DB, ambito string, r elenco.Richiesta) (elenco.Pagina[VoceVincolo], error) {
	var dove elenco.Filtro
	dove.Testo("ambito", "ambito", ambito)
	return vincoli.Cerca(ctx, db, dove, r)
}

// DaEseguire are the requests that were authorised and are not proven, the
// oldest first.
func DaEseguire(ctx context.Context, db elenco.DB) ([]id.Cancellazione, error) {
	rows, err := db.Query(ctx, `SELECT cancellazione FROM cancellazioni WHERE stato IN ('AUTORIZZATA', 'DISTRUTTA') ORDER BY decisa_il, cancellazione`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[id.Cancellazione])
}

// Di is what was made of the subjects of cases, proposals too.
func Di(ctx context.Context, db elenco.DB, casi ...id.Caso) (map[id.Caso][]cancellazione.Chiesta, error) {
	ids := make([]uuid.UUID, len(casi))
	for i, c := range casi {
		ids[i] = c.UUID
	}
	rows, err := db.Query(ctx, `SELECT tipo, caso, quale, base, stato, posizione FROM cancellazioni WHERE caso = ANY($1) ORDER BY posizione`, ids)
	if err != nil {
		return nil, fmt.Errorf("erasures of cases: %w", err)
	}
	tutte := map[id.Caso][]cancellazione.Chiesta{}
	var c cancellazione.Chiesta
	_, err = pgx.ForEachRow(rows, []any{&c.Tipo, &c.Caso, &c.Quale, &c.Base, &c.Stato, &c.Posizione}, func() error {
		tutte[c.Caso] = append(tutte[c.Caso], c)
		return nil
	})
	return tutte, err
}

// DelCaso are the requests and proposals about a case, the oldest first.
func DelCaso(ctx context.Context, db elenco.DB, c id.Caso) ([]id.Cancellazione, error) {
	rows, err := db.Query(ctx, `SELECT cancellazione FROM cancellazioni WHERE caso = $1 ORDER BY richiesta_il, cancellazione`, c.UUID)
	if err != nil {
		return nil, fmt.Errorf("erasures of a case: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[id.Cancellazione])
}
