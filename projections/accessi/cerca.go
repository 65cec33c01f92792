package accessi

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"nucleo/domain/accesso"
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
	Ambito     string // nothing outside is found
	Operatore  id.Operatore
	Decisione  accesso.Decisione
	Rotta      string    // as a record spells it
	Casi       []id.Caso // any of them; empty, but not nil, finds nothing
	Dal, Prima time.Time // not before the one, before the other

	Mese   string       // of the stream, 202605
	Tranne id.Operatore // whose records are left out
}

// conNome is the records with the name of who looked, for order alone.
const conNome = "(SELECT a.*, coalesce(n.nome, '') AS nome_operatore FROM accessi AS a LEFT JOIN nominativi_accessi AS n ON n.operatore = a.operatore) AS accessi"

var tutti = elenco.Elenco[Voce]{
	Modello: Projection, Da: conNome, Chiave: "accesso",
	Colonne: "accesso, evento, ambito, mese, istante, posizione, operatore, profilo, ruolo, rotta, decisione, codice, caso, classi, campi, righe",
	Dove: func(v *Voce) []any {
		return []any{
			&v.Accesso, &v.Evento, &v.Ambito, &v.Mese, &v.Istante, &v.Riga.Posizione, &v.Operatore, &v.Profilo, &v.Ruolo, &v.Rotta, &v.Decisione, &v.Codice, &v.Caso,
			&v.Classi, &v.Campi, &v.Righe,
		}
	},
	Ordini: map[string]elenco.Ordine{
		"istante":   {SQL: "posizione", Tipo: "bigint", Discendente: true},
		"operatore": {SQL: "nome_operatore", Tipo: "text", Personale: true},
		"decisione": {SQL: "decisione", Tipo: "text"},
	},
	Ordine: "istante",
}

// Elenco answers one page of a search.
func Elenco(ctx context.Context, db elenco.DB, f Filtro, r elenco.Richiesta) (elenco.Pagina[Voce], error) {
	var dove elenco.Filtro
	dove.Testo("ambito", "ambito", f.Ambito)
	dove.Se(!f.Operatore.IsZero(), "operatore = ?", f.Operatore.UUID)
	dove.Testo("decisione", "decisione", string(f.Decisione))
	dove.Testo("rotta", "rotta", f.Rotta)
	dove.Se(f.Casi != nil, "caso = ANY(?::text[]::uuid[])", nomi(f.Casi))
	dove.Testo("mese", "mese", f.Mese)
	dove.Se(!f.Tranne.IsZero(), "operatore <> ?", f.Tranne.UUID)
	dove.Se(!f.Dal.IsZero(), "istante >= ?", f.Dal)
	dove.Se(!f.Prima.IsZero(), "istante < ?", f.Prima)
	return tutti.Cerca(ctx, db, dove, r)
}

func nomi(casi []id.Caso) []string {
	nomi := make([]string, len(casi))
	for i, c := range casi {
		nomi[i] = c.String()
	}
	return nomi
}

// Visto is what a pseudonym can stand for: a case in the log of a month, looked
// at or refused.
type Visto struct {
	Mese      string
	Decisione accesso.Decisione
	Caso      id.Caso
}

// Visti are the cases that the log of an ambito names, each once for a month and
// a decision.
func Visti(ctx context.Context, db elenco.DB, ambito string) ([]Visto, error) {
	rows, err := db.Query(ctx, `SELECT DISTINCT mese, decisione, caso FROM accessi WHERE ambito = $1 AND caso <> '00000000-0000-0000-0000-000000000000'`, ambito)
	if err != nil {
		return nil, fmt.Errorf("look for the cases of a log: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Visto])
}
