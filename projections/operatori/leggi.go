package operatori

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// DB is what the queries need of a pgxpool.Pool.
type DB interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}

// Operatore is a person with all accreditations, revoked ones included.
type Operatore struct {
	ID id.Operatore
	Riga
	Accreditamenti []Ruolo
}

// Ruolo is an accreditation with its id and its comuni (Belfiore).
type Ruolo struct {
	ID id.Accreditamento
	Accreditamento
	Comuni []string
}

// Territorio is where the accreditation holds.
func (r Ruolo) Territorio() domain.Territorio {
	return domain.Territorio{Ambito: r.Ambito, Comuni: r.Comuni}
}

// InVigore reports whether the accreditation holds on a day.
func (r Ruolo) InVigore(oggi giorno.Giorno) bool { return !r.Revocato && !r.Sospeso && r.Dal <= oggi }

// Di is one operator. It reports whether there is one.
func Di(ctx context.Context, db DB, o id.Operatore) (Operatore, bool, error) {
	rows, err := db.Query(ctx, `SELECT operatore, codice_fiscale, cognome, nome, cerca_nome, sospeso FROM operatori WHERE operatore = $1`, o.UUID)
	if err != nil {
		return Operatore{}, false, err
	}
	v, err := pgx.CollectExactlyOneRow(rows, persona)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, false, nil
	}
	if err != nil {
		return v, false, err
	}
	one := []Operatore{v}
	err = conRuoli(ctx, db, one)
	return one[0], err == nil, err
}

func persona(row pgx.CollectableRow) (o Operatore, err error) {
	return o, row.Scan(&o.ID, &o.CodiceFiscale, &o.Cognome, &o.Nome, &o.CercaNome, &o.Sospeso)
}

const ruoli = `SELECT accreditamento, operatore, ruolo, ambito, livello, fondo, dal - DATE '0001-01-01', sospeso, revocato, al, ordine,
	ARRAY(SELECT comune FROM accreditamento_comune AS c WHERE c.accreditamento = a.accreditamento ORDER BY comune)
	FROM accreditamenti AS a `

func ruolo(row pgx.CollectableRow) (r Ruolo, err error) {
	err = row.Scan(&r.ID, &r.Operatore, &r.Ruolo, &r.Ambito, &r.Livello, &r.Fondo, (*int32)(&r.Dal), &r.Sospeso, &r.Revocato, &r.Al, &r.Ordine, &r.Comuni)
	r.Al = r.Al.UTC()
	return r, err
}

// conRuoli adds their accreditations to operators.
func conRuoli(ctx context.Context, db DB, operatori []Operatore) error {
	at := map[id.Operatore]*Operatore{}
	ids := make([]uuid.UUID, len(operatori))
	for i := range operatori {
		at[operatori[i].ID], ids[i] = &operatori[i], operatori[i].ID.UUID
	}
	rows, err := db.Query(ctx, ruoli+`WHERE operatore = ANY($1) ORDER BY operatore, ordine`, ids)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, ruolo)
	for _, r := range all {
		o := at[r.Operatore]
		o.Accreditamenti = append(o.Accreditamenti, r)
	}
	return err
}

// Nominativo is how lists name an operator.
type Nominativo struct {
	Cognome string `personale:"nome"`
	Nome    string `personale:"nome"`
	Livello string // of the case manager: A, C; empty for who is none
	Fondo   string
}

// Nomi are the names of operators, as lists show them. Whoever is not known,
// such as a program of the system, is not among them.
func Nomi(ctx context.Context, db DB, operatori ...id.Operatore) (map[id.Operatore]Nominativo, error) {
	ids := make([]uuid.UUID, len(operatori))
	for i, o := range operatori {
		ids[i] = o.UUID
	}
	rows, err := db.Query(ctx, `SELECT o.operatore, cognome, nome, coalesce(livello, ''), coalesce(fondo, '') FROM operatori AS o
		LEFT JOIN LATERAL (SELECT livello, fondo FROM accreditamenti AS a WHERE a.operatore = o.operatore AND ruolo = 'CASE_MANAGER'
			ORDER BY revocato, ordine LIMIT 1) AS a ON true
		WHERE o.operatore = ANY($1)`, ids)
	if err != nil {
		return nil, err
	}
	all := map[id.Operatore]Nominativo{}
	var o id.Operatore
	var n Nominativo
	_, err = pgx.ForEachRow(rows, []any{&o, &n.Cognome, &n.Nome, &n.Livello, &n.Fondo}, func() error {
		all[o] = n
		return nil
	})
	return all, err
}
