package sostegni

import (
	"context"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections/elenco"
)

// Voce is a row of the list.
type Voce struct {
	Caso      id.Caso
	Sostegno  id.Sostegno
	IDDomanda string
	Misura    caso.Misura
	Comune    string
	Cognome   string `personale:"nome"`
	Nome      string `personale:"nome"`
	Tipo      caso.TipoSostegno
	Dal       giorno.Giorno
	Stato     caso.StatoSostegno
	StatoDal  giorno.Giorno
	Assegnato bool
}

// Filtro is what is asked for; what is zero asks for nothing.
type Filtro struct {
	Territorio domain.Territorio
	Tipo       caso.TipoSostegno
	Comune     string
	Stato      caso.StatoSostegno // without it, all that are not ended
	Assegnato  *bool
}

var tutti = elenco.Elenco[Voce]{
	Modello: Projection, Da: "sostegni", Chiave: "sostegno",
	Colonne: "caso, sostegno, id_domanda, misura, comune, cognome, nome, tipo, " + elenco.Giorno("dal") + ", stato, " + elenco.Giorno("stato_dal") + ", assegnato",
	Dove: func(v *Voce) []any {
		return []any{&v.Caso, &v.Sostegno, &v.IDDomanda, &v.Misura, &v.Comune, &v.Cognome, &v.Nome, &v.Tipo, (*int32)(&v.Dal), &v.Stato, (*int32)(&v.StatoDal), &v.Assegnato}
	},
	Ordini: map[string]elenco.Ordine{
		"dal":        {SQL: "dal", Tipo: "date"},
		"id_domanda": {SQL: "id_domanda", Tipo: "text"},
		"nominativo": {SQL: "cerca_nome", Tipo: "text", Personale: true},
		"misura":     {SQL: "misura", Tipo: "text"},
		"comune":     {SQL: "comune", Tipo: "text"},
		"tipo":       {SQL: "tipo", Tipo: "text"},
		"stato":      {SQL: "stato", Tipo: "text"},
		"stato_dal":  {SQL: "stato_dal", Tipo: "date"},
		"assegnato":  {SQL: "assegnato", Tipo: "boolean"},
	},
	Ordine: "dal",
}

// Elenco answers one page of a search. Sostegni of closed cases, and those that
// the PaIS leaves out, are never in it.
func Elenco(ctx context.Context, db elenco.DB, f Filtro, r elenco.Richiesta) (elenco.Pagina[Voce], error) {
	var dove elenco.Filtro
	dove.Territorio(f.Territorio)
	dove.Se(f.Stato == "", "attuale")
	dove.Se(f.Stato != "", "aperto AND NOT rimosso AND stato = ?", string(f.Stato))
	dove.Testo("tipo", "tipo", string(f.Tipo))
	dove.Testo("comune", "comune", f.Comune)
	if f.Assegnato != nil {
		dove.E("assegnato = ?", *f.Assegnato)
	}
	return tutti.Cerca(ctx, db, dove, r)
}
