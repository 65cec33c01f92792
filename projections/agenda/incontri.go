package agenda

import (
	"context"
	"time"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/projections/elenco"
)

// Impegnato is a meeting of the agenda.
type Impegnato struct {
	Chiave
	IDDomanda string
	Comune    string
	Inizio    time.Time
	Durata    int
	Luogo     string       `personale:"testo"`
	Operatore id.Operatore // zero: of a case that waits for a case manager
	Stato     caso.StatoIncontro
}

// FiltroIncontri is what is asked for; what is zero asks for nothing.
type FiltroIncontri struct {
	Territorio  domain.Territorio
	CaseManager id.Operatore // only meetings with the cases of this one
	Operatore   id.Operatore // only those that this one holds
	Comune      string
	Stato       caso.StatoIncontro
	Dal, Al     time.Time // from Dal on, before Al
}

// conCaso is the meetings with their cases: a reassigned case takes the
// meetings of its case manager along.
const conCaso = `(SELECT i.caso, i.incontro, i.inizio, i.durata, i.luogo, i.stato, c.id_domanda, c.ambito, c.comune, c.case_manager,
	chi.operatore, coalesce(n.nome, '') AS nome_operatore FROM incontri AS i JOIN casi_seguiti AS c USING (caso)
	CROSS JOIN LATERAL (SELECT CASE WHEN i.del_caso THEN c.case_manager ELSE i.operatore END AS operatore) AS chi
	LEFT JOIN nominativi_agenda AS n ON n.operatore = chi.operatore) AS incontri`

var incontri = elenco.Elenco[Impegnato]{
	Modello: Projection, Da: conCaso, Chiave: "incontro",
	Colonne: "caso, incontro, id_domanda, comune, inizio, durata, luogo, operatore, stato",
	Dove: func(v *Impegnato) []any {
		return []any{&v.Caso, &v.Incontro, &v.IDDomanda, &v.Comune, &v.Inizio, &v.Durata, &v.Luogo, &v.Operatore, &v.Stato}
	},
	Ordini: map[string]elenco.Ordine{
		"inizio":        {SQL: "inizio", Tipo: "timestamptz"},
		"durata_minuti": {SQL: "durata", Tipo: "bigint"},
		"id_domanda":    {SQL: "id_domanda", Tipo: "text"},
		"comune":        {SQL: "comune", Tipo: "text"},
		"luogo":         {SQL: "luogo", Tipo: "text", Personale: true},
		"operatore":     {SQL: "nome_operatore", Tipo: "text", Personale: true},
		"stato":         {SQL: "stato", Tipo: "text"},
	},
	Ordine: "inizio",
}

// Incontri answers one page of the agenda.
func Incontri(ctx context.Context, db elenco.DB, f FiltroIncontri, r elenco.Richiesta) (elenco.Pagina[Impegnato], error) {
	var dove elenco.Filtro
	dove.Territorio(f.Territorio)
	dove.Se(!f.CaseManager.IsZero(), "case_manager = ?", f.CaseManager.UUID)
	dove.Se(!f.Operatore.IsZero(), "operatore = ?", f.Operatore.UUID)
	dove.Testo("comune", "comune", f.Comune)
	dove.Testo("stato", "stato", string(f.Stato))
	dove.Se(!f.Dal.IsZero(), "inizio >= ?", f.Dal)
	dove.Se(!f.Al.IsZero(), "inizio < ?", f.Al)
	return incontri.Cerca(ctx, db, dove, r)
}
