package distribuzioni

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"nucleo/domain"
	"nucleo/domain/distribuzione"
	"nucleo/domain/id"
	"nucleo/domain/processo"
	"nucleo/projections/elenco"
)

// Voce is a run of the list.
type Voce struct {
	Processo id.Processo
	Procedura
}

// Filtro is which cases the run was asked to take.
func (v Voce) Filtro() (f distribuzione.Filtro) {
	f.Comune, f.Misura = v.Comune, v.Misura
	if v.Priorita != "" {
		f.Priorita = strings.Split(v.Priorita, ",")
	}
	if si, err := strconv.ParseBool(v.Riassegnato); err == nil {
		f.Riassegnato = &si
	}
	return f
}

// Corsa names a run that is under way.
type Corsa struct {
	Ambito   string
	Processo id.Processo
}

var procedure = elenco.Elenco[Voce]{
	Modello: Projection, Da: "procedure", Chiave: "processo",
	Colonne: "processo, ambito, intera, coordinatore, comune, misura, priorita, riassegnato, stato, totale, assegnati, saltati, avviata, terminata, motivo",
	Dove: func(v *Voce) []any {
		return []any{
			&v.Processo, &v.Ambito, &v.Intera, &v.Coordinatore, &v.Comune, &v.Misura, &v.Priorita, &v.Riassegnato, &v.Stato,
			&v.Totale, &v.Assegnati, &v.Saltati, &v.Avviata, &v.Terminata, &v.Motivo,
		}
	},
	Ordini: map[string]elenco.Ordine{
		"avviata":   {SQL: "avviata", Tipo: "timestamptz", Discendente: true},
		"terminata": {SQL: "terminata", Tipo: "timestamptz", Discendente: true},
		"processo":  {SQL: "processo", Tipo: "uuid"},
		"stato":     {SQL: "stato", Tipo: "text"},
		"totale":    {SQL: "totale", Tipo: "bigint", Discendente: true},
		"assegnati": {SQL: "assegnati", Tipo: "bigint", Discendente: true},
		"saltati":   {SQL: "saltati", Tipo: "bigint", Discendente: true},
	},
	Ordine: "avviata",
}

// dentro keeps the runs that reach nowhere beyond a territory.
func dentro(t domain.Territorio) (f elenco.Filtro) {
	f.Se(t.Ambito != "", "ambito = ?", t.Ambito)
	f.Se(len(t.Comuni) > 0, `NOT intera AND NOT EXISTS (SELECT FROM procedura_comune AS l WHERE l.processo = procedure.processo AND l.comune <> ALL(?::text[]))`, t.Comuni)
	return f
}

// Elenco answers one page of the runs on a territory, or on a part of it.
func Elenco(ctx context.Context, db elenco.DB, t domain.Territorio, stato Stato, r elenco.Richiesta) (elenco.Pagina[Voce], error) {
	f := dentro(t)
	f.Testo("stato", "stato", string(stato))
	return procedure.Cerca(ctx, db, f, r)
}

// Di is a run on a territory, or on a part of it. It reports whether there is
// one, and up to which position of the log that is told.
func Di(ctx context.Context, db elenco.DB, t domain.Territorio, p id.Processo) (v Voce, posizione uint64, found bool, err error) {
	f := dentro(t)
	f.E("processo = ?", p.UUID)
	pagina, err := procedure.Cerca(ctx, db, f, elenco.Richiesta{Limite: 10})
	if err != nil || len(pagina.Voci) == 0 {
		return v, pagina.Posizione, false, err
	}
	return pagina.Voci[0], pagina.Posizione, true, nil
}

// InCorsoOra are the runs under way, as far as the read model knows.
func InCorsoOra(ctx context.Context, db elenco.DB) ([]Corsa, error) {
	rows, err := db.Query(ctx, `SELECT ambito, processo FROM procedure WHERE stato = 'IN_CORSO' ORDER BY avviata, processo`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Corsa, err error) { return c, row.Scan(&c.Ambito, &c.Processo) })
}

// VoceCaso is what a run chose for a case.
type VoceCaso struct {
	Numero int
	Scelta
}

// Come is the choice as the plan has it.
func (v VoceCaso) Come() (s processo.Scelta, err error) {
	s = processo.Scelta{
		Caso: v.Caso, IDDomanda: v.IDDomanda, Comune: v.Comune, CaseManager: v.CaseManager, Carico: v.Carico, NellaCorsa: v.NellaCorsa, Idonei: v.Idonei, Assenti: v.Assenti,
	}
	if v.Alternative == "" {
		return s, nil
	}
	return s, json.Unmarshal([]byte(v.Alternative), &s.Alternative)
}

// conNome is the choices with the name of who was chosen, for order alone.
const conNome = "(SELECT s.*, coalesce(n.nome, '') AS nome_case_manager FROM scelte AS s LEFT JOIN nominativi_distribuzioni AS n ON n.operatore = s.case_manager) AS scelte"

var scelte = elenco.Elenco[VoceCaso]{
	Modello: Projection, Da: conNome, Chiave: "numero", Tipo: "bigint",
	Colonne: "numero, caso, id_domanda, comune, case_manager, carico, nella_corsa, idonei, assenti, alternative, esito, motivo",
	Dove: func(v *VoceCaso) []any {
		return []any{
			&v.Numero, &v.Caso, &v.IDDomanda, &v.Comune, &v.CaseManager, &v.Carico, &v.NellaCorsa, &v.Idonei, &v.Assenti, &v.Alternative, &v.Esito, &v.Motivo,
		}
	},
	Ordini: map[string]elenco.Ordine{
		"numero":       {SQL: "numero", Tipo: "bigint"},
		"id_domanda":   {SQL: "id_domanda", Tipo: "text"},
		"comune":       {SQL: "comune", Tipo: "text"},
		"case_manager": {SQL: "nome_case_manager", Tipo: "text", Personale: true},
		"carico":       {SQL: "carico", Tipo: "bigint"},
		"esito":        {SQL: "esito", Tipo: "text"},
		"motivo":       {SQL: "motivo", Tipo: "text"},
	},
	Ordine: "numero",
}

// FiltroCasi is which cases of a run are asked for; what is zero asks for
// nothing.
type FiltroCasi struct {
	Esito       Esito
	Motivo      processo.MotivoSalto
	CaseManager id.Operatore
}

// Casi answers one page of the cases of a run, in the order of its plan. Who
// may see the run is asked before.
func Casi(ctx context.Context, db elenco.DB, p Voce, c FiltroCasi, r elenco.Richiesta) (elenco.Pagina[VoceCaso], error) {
	var f elenco.Filtro
	f.E("processo = ? AND numero < ?", p.Processo.UUID, p.Totale)
	f.Testo("esito", "esito", string(c.Esito))
	f.Testo("motivo", "motivo", string(c.Motivo))
	f.Se(!c.CaseManager.IsZero(), "case_manager = ?", c.CaseManager.UUID)
	return scelte.Cerca(ctx, db, f, r)
}
