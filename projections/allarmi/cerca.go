package allarmi

import (
	"context"
	"time"

	"nucleo/domain/allarme"
	"nucleo/domain/id"
	"nucleo/projections/elenco"
)

// Voce is a row of the list.
type Voce struct {
	Allarme id.Allarme
	Riga
}

// Filtro is what is asked for; what is zero asks for nothing.
type Filtro struct {
	Ambito     string // nothing outside is found
	Operatore  id.Operatore
	Stato      allarme.Stato
	Regola     allarme.Regola
	Tranne     allarme.Regola
	Dal, Prima time.Time // the window begins not before the one, before the other
}

// conNome is the alerts with the name of whom they are about, for order alone.
const conNome = "(SELECT a.*, coalesce(n.nome, '') AS nome_operatore FROM allarmi AS a LEFT JOIN nominativi_allarmi AS n ON n.operatore = a.operatore) AS allarmi"

var tutti = elenco.Elenco[Voce]{
	Modello: Projection, Da: conNome, Chiave: "allarme",
	Colonne: "allarme, regola, ambito, operatore, dal, prima, misura, soglia, casi, sollevato, posizione, stato, motivo, seguito, cambiato",
	Dove: func(v *Voce) []any {
		return []any{
			&v.Allarme, &v.Regola, &v.Ambito, &v.Operatore, &v.Dal, &v.Prima, &v.Misura, &v.Soglia, &v.Casi, &v.Sollevato, &v.Riga.Posizione,
			&v.Stato, &v.Motivo, &v.Seguito, &v.Cambiato,
		}
	},
	Ordini: map[string]elenco.Ordine{
		"sollevato": {SQL: "posizione", Tipo: "bigint", Discendente: true},
		"dal":       {SQL: "dal", Tipo: "timestamptz", Discendente: true},
		"operatore": {SQL: "nome_operatore", Tipo: "text", Personale: true},
		"regola":    {SQL: "regola", Tipo: "text"},
		"stato":     {SQL: "stato", Tipo: "text"},
	},
	Ordine: "sollevato",
}

// Elenco answers one page of a search.
func Elenco(ctx context.Context, db elenco.DB, f Filtro, r elenco.Richiesta) (elenco.Pagina[Voce], error) {
	var dove elenco.Filtro
	dove.Testo("ambito", "ambito", f.Ambito)
	dove.Se(!f.Operatore.IsZero(), "operatore = ?", f.Operatore.UUID)
	dove.Testo("stato", "stato", string(f.Stato))
	dove.Testo("regola", "regola", string(f.Regola))
	dove.Se(f.Tranne != "", "regola <> ?", string(f.Tranne))
	dove.Se(!f.Dal.IsZero(), "dal >= ?", f.Dal)
	dove.Se(!f.Prima.IsZero(), "dal < ?", f.Prima)
	return tutti.Cerca(ctx, db, dove, r)
}
