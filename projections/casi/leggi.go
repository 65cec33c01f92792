package casi

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/id"
)

// Voce is a row with its case.
type Voce struct {
	Caso id.Caso
	Riga
	Priorita Priorita // on the day of the search; empty outside of one
}

// colonne are read in the order of dove. A day is read as the number that
// giorno.Giorno counts.
const colonne = `caso, id_domanda, misura, ambito, comune, cap, via, civico, codice_fiscale, cognome, nome, cerca_nome, cerca_indirizzo,
	data_presentazione - DATE '0001-01-01' AS giorno, scadenza_120 - DATE '0001-01-01' AS giorno_120, numero_componenti, minori, disabili, presenza_minori, presenza_disabili, stato, in_coda, lista,
	riassegnato, case_manager, data_assegnazione, assegnato_da, nome_case_manager, nome_assegnato_da, versione_assegnazione, posizione`

func (v *Voce) dove() []any {
	return []any{
		&v.Caso, &v.IDDomanda, &v.Misura, &v.Ambito, &v.Comune, &v.CAP, &v.Via, &v.Civico, &v.CodiceFiscale, &v.Cognome, &v.Nome, &v.CercaNome, &v.CercaIndirizzo,
		(*int32)(&v.DataPresentazione), (*int32)(&v.Scadenza120), &v.NumeroComponenti, &v.Minori, &v.Disabili, &v.PresenzaMinori, &v.PresenzaDisabili, &v.Stato, &v.InCoda, &v.Lista,
		&v.Riassegnato, &v.CaseManager, &v.DataAssegnazione, &v.AssegnatoDa, &v.NomeCaseManager, &v.NomeAssegnatoDa, &v.VersioneAssegnazione, &v.Posizione,
	}
}

func voce(row pgx.CollectableRow) (v Voce, err error) {
	err = row.Scan(v.dove()...)
	v.utc()
	return v, err
}

func (v *Voce) utc() {
	v.DataAssegnazione = v.DataAssegnazione.UTC()
	if v.DataAssegnazione.IsZero() {
		v.DataAssegnazione = time.Time{}
	}
}

// Di is the row of a case, whatever its list. It reports whether there is one.
func Di(ctx context.Context, db DB, c id.Caso) (Voce, bool, error) {
	rows, err := db.Query(ctx, `SELECT `+colonne+` FROM casi WHERE caso = $1`, c.UUID)
	return una(rows, err, voce)
}

// PerDomanda is the row of the case of a domanda, wherever it lies.
func PerDomanda(ctx context.Context, db DB, idDomanda string) (Voce, bool, error) {
	idDomanda, ok := caso.NormalizzaIDDomanda(idDomanda)
	if !ok {
		return Voce{}, false, nil
	}
	return Di(ctx, db, id.CasoDi(idDomanda))
}

// DiPersona are the cases of an ambito, closed ones too, in whose nucleo
// somebody is.
func DiPersona(ctx context.Context, db DB, ambito string, chi codicefiscale.Cieco) ([]id.Caso, error) {
	rows, err := db.Query(ctx, `SELECT DISTINCT caso FROM casi JOIN membri USING (caso) WHERE cieco = $1 AND NOT uscito AND ambito = $2 ORDER BY caso`, chi.UUID, ambito)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c id.Caso, err error) { return c, row.Scan(&c) })
}

// Aperti are the open cases of a case manager.
func Aperti(ctx context.Context, db DB, o id.Operatore) ([]id.Caso, error) {
	rows, err := db.Query(ctx, `SELECT caso FROM casi WHERE lista = 2 AND case_manager = $1 ORDER BY data_assegnazione, id_domanda`, o.UUID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c id.Caso, err error) { return c, row.Scan(&c) })
}

// Chiuso is a case that has ended.
type Chiuso struct {
	Caso      id.Caso
	Posizione uint64 // of the last event that changed its row
}

// Chiusi are cases that have ended, at most n, in the order in which they did and
// after a position.
func Chiusi(ctx context.Context, db DB, dopo uint64, n int) ([]Chiuso, error) {
	rows, err := db.Query(ctx, `SELECT caso, posizione FROM casi WHERE stato IN ('CHIUSO', 'DECADUTO', 'ESCLUSO') AND posizione > $1 ORDER BY posizione LIMIT $2`, dopo, n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Chiuso, err error) { return c, row.Scan(&c.Caso, &c.Posizione) })
}

// DB is what the queries need of a pgxpool.Pool.
type DB interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}

// una reads one row, or none.
func una[T any](rows pgx.Rows, err error, to pgx.RowToFunc[T]) (v T, found bool, _ error) {
	if err != nil {
		return v, false, err
	}
	v, err = pgx.CollectExactlyOneRow(rows, to)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, false, nil
	}
	return v, err == nil, err
}
