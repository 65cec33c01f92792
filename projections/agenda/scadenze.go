package agenda

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections/elenco"
)

// InCorso is a clock of the list.
type InCorso struct {
	Orologio
	IDDomanda   string
	Comune      string
	CaseManager id.Operatore
}

// FiltroScadenze is what is asked for; what is zero asks for nothing, but for
// the day.
type FiltroScadenze struct {
	Territorio  domain.Territorio
	CaseManager id.Operatore // only clocks of the cases of this one
	Tipi        []caso.TipoScadenza
	Comune      string
	Entro       *int // in so many days at most; those that ran out are
	Superate    *bool
	Oggi        giorno.Giorno
}

// DegliIncontri are the clocks that meetings, and calling the nucleo to them,
// stop: those that who looks after meetings follows.
var DegliIncontri = []caso.TipoScadenza{caso.PrimoIncontro120, caso.Monitoraggio90, caso.Convocazione30, caso.Convocazione60, caso.Riconvocazione}

// DaIncontrare are the clocks that only the nucleo's coming stops.
var DaIncontrare = []caso.TipoScadenza{caso.PrimoIncontro120, caso.Monitoraggio90}

func (f FiltroScadenze) dove() (dove elenco.Filtro) {
	dove.Territorio(f.Territorio)
	dove.E("fino > ?", f.Oggi)
	dove.Se(!f.CaseManager.IsZero(), "case_manager = ?", f.CaseManager.UUID)
	dove.Se(len(f.Tipi) > 0, "tipo = ANY(?::text[])", f.Tipi)
	dove.Testo("comune", "comune", f.Comune)
	if f.Entro != nil {
		dove.E("scadenza <= ?", f.Oggi+giorno.Giorno(*f.Entro))
	}
	if f.Superate != nil {
		dove.E("(scadenza < ?) = ?", f.Oggi, *f.Superate)
	}
	return dove
}

const chiaveOrologio = "(caso::text || tipo || scadenza::text || cosa::text)"

var ordiniScadenze = map[string]elenco.Ordine{
	"scadenza":       {SQL: "scadenza", Tipo: "date"},
	"giorni_residui": {SQL: "scadenza", Tipo: "date"},
	"stato":          {SQL: "scadenza", Tipo: "date", Discendente: true}, // who ran out comes last, as in the words
	"tipo":           {SQL: "tipo", Tipo: "text"},
	"id_domanda":     {SQL: "id_domanda", Tipo: "text"},
	"comune":         {SQL: "comune", Tipo: "text"},
}

var inCorso = elenco.Elenco[InCorso]{
	Modello: Projection, Chiave: chiaveOrologio, Tipo: "text",
	Da:      "(SELECT s.*, c.id_domanda, c.case_manager FROM scadenze AS s LEFT JOIN casi_seguiti AS c USING (caso)) AS scadenze",
	Colonne: "caso, tipo, " + elenco.Giorno("scadenza") + ", cosa, id_domanda, comune, case_manager",
	Dove: func(v *InCorso) []any {
		return []any{&v.Caso, &v.Tipo, (*int32)(&v.Scadenza), &v.Cosa, &v.IDDomanda, &v.Comune, &v.CaseManager}
	},
	Ordini: ordiniScadenze, Ordine: "scadenza",
}

// Scadenze answers one page of the clocks that run.
func Scadenze(ctx context.Context, db elenco.DB, f FiltroScadenze, r elenco.Richiesta) (elenco.Pagina[InCorso], error) {
	return inCorso.Cerca(ctx, db, f.dove(), r)
}

// Conteggio is how many clocks of a kind run.
type Conteggio struct {
	Tipo      caso.TipoScadenza
	Superate  int // ran out
	Imminenti int // end within a week
	Totale    int
}

// Conteggi counts the clocks of a territory by kind: all that who coordinates
// is told of them (ACC-12). With a case manager, only those of their cases.
func Conteggi(ctx context.Context, db elenco.DB, t domain.Territorio, di id.Operatore, oggi giorno.Giorno) ([]Conteggio, error) {
	comuni := append([]string{}, t.Comuni...)
	rows, err := db.Query(ctx, `SELECT tipo, count(*) FILTER (WHERE scadenza < $1), count(*) FILTER (WHERE scadenza >= $1 AND scadenza < $1::date + 7), count(*)
		FROM scadenze WHERE fino > $1 AND ($2 = '' OR ambito = $2) AND (cardinality($3::text[]) = 0 OR comune = ANY($3))
			AND ($4 OR caso IN (SELECT caso FROM casi_seguiti WHERE case_manager = $5)) GROUP BY tipo ORDER BY tipo`,
		oggi.Time(), t.Ambito, comuni, di.IsZero(), di.UUID)
	if err != nil {
		return nil, fmt.Errorf("count clocks: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Conteggio, err error) {
		return c, row.Scan(&c.Tipo, &c.Superate, &c.Imminenti, &c.Totale)
	})
}

// DaRegistrare are cases, at most n and after a given one, of which a clock ran
// out before a day and that was not noted. It is a hint: the case decides.
func DaRegistrare(ctx context.Context, db elenco.DB, il giorno.Giorno, dopo id.Caso, n int) ([]id.Caso, error) {
	rows, err := db.Query(ctx, `SELECT DISTINCT caso FROM scadenze WHERE NOT registrata AND scadenza < $1 AND fino > $1 AND caso > $2 ORDER BY caso LIMIT $3`, il.Time(), dopo.UUID, n)
	if err != nil {
		return nil, fmt.Errorf("clocks that ran out: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c id.Caso, err error) {
		var u uuid.UUID
		err = row.Scan(&u)
		return id.Caso{UUID: u}, err
	})
}
