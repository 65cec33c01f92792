package comunicazioni

import (
	"context"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/projections/elenco"
)

// Voce is a row of the list.
type Voce struct {
	Chiave
	Riga
}

// Filtro is what is asked for; what is zero asks for nothing.
type Filtro struct {
	Territorio   domain.Territorio
	Responsabile id.Operatore // the case manager of the case
	Autore       uuid.UUID    // who wrote or recorded it
	Formale      *bool
	Tipo         caso.TipoComunicazione
	Stato        string
	Dal, Prima   time.Time // not before the one, before the other
}

// conAutore is the communications with the name of who wrote them, for order
// alone.
const conAutore = "(SELECT c.*, coalesce(n.nome, '') AS nome_autore FROM comunicazioni AS c LEFT JOIN nominativi_comunicazioni AS n ON n.operatore = c.autore) AS comunicazioni"

var tutte = elenco.Elenco[Voce]{
	Modello: Projection, Da: conAutore, Chiave: "comunicazione",
	Colonne: "caso, comunicazione, id_domanda, ambito, comune, responsabile, formale, tipo, via, autore, destinatario, destinatari, istante, stato, numero, " + elenco.Giorno("ricevuta"),
	Dove: func(v *Voce) []any {
		return []any{
			&v.Caso, &v.Comunicazione, &v.IDDomanda, &v.Ambito, &v.Comune, &v.Responsabile, &v.Formale, &v.Tipo, &v.Via, &v.Autore, &v.Destinatario, &v.Destinatari,
			&v.Istante, &v.Stato, &v.Riga.Numero, (*int32)(&v.Ricevuta),
		}
	},
	Ordini: map[string]elenco.Ordine{
		"data":           {SQL: "istante", Tipo: "timestamptz", Discendente: true},
		"id_domanda":     {SQL: "id_domanda", Tipo: "text"},
		"case_manager":   {SQL: "nome_autore", Tipo: "text", Personale: true},
		"tipo":           {SQL: "tipo", Tipo: "text"},
		"via":            {SQL: "via", Tipo: "text"},
		"destinatario":   {SQL: "destinatario", Tipo: "text", Personale: true},
		"stato":          {SQL: "stato", Tipo: "text"},
		"numero":         {SQL: "numero", Tipo: "text", Personale: true},
		"data_ricezione": {SQL: "ricevuta", Tipo: "date"},
	},
	Ordine: "data",
}

// Elenco answers one page of a search.
func Elenco(ctx context.Context, db elenco.DB, f Filtro, r elenco.Richiesta) (elenco.Pagina[Voce], error) {
	var dove elenco.Filtro
	dove.Territorio(f.Territorio)
	dove.Se(!f.Responsabile.IsZero(), "responsabile = ?", f.Responsabile.UUID)
	dove.Se(f.Autore != uuid.Nil, "autore = ?", f.Autore)
	if f.Formale != nil {
		dove.E("formale = ?", *f.Formale)
	}
	dove.Testo("tipo", "tipo", string(f.Tipo))
	dove.Testo("stato", "stato", f.Stato)
	dove.Se(!f.Dal.IsZero(), "istante >= ?", f.Dal)
	dove.Se(!f.Prima.IsZero(), "istante < ?", f.Prima)
	return tutte.Cerca(ctx, db, dove, r)
}
