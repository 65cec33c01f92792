package operatori

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/projections/elenco"
)

// Filtro is a search among operators, sorted by name. Ambito, role, comune and
// state are asked of one and the same accreditation.
type Filtro struct {
	Ambito  string // of an accreditation: what the caller may see, or asks for; empty for all
	Ruolo   domain.Ruolo
	Comune  string // Belfiore: covered by the accreditation, by name or by the whole of Ambito
	Stato   Stato
	Testo   string // each word begins a word of the name, or it is the codice fiscale
	Limite  int    // 10, 25, 50 or 100
	Cursore string // of the page before
	Oggi    giorno.Giorno
}

// Stato says whether an operator may work.
type Stato string

// The states.
const (
	Attivo   Stato = "ATTIVO"   // some accreditation holds today, and they are not suspended
	Sospeso  Stato = "SOSPESO"  // may not act, whatever the accreditations
	Revocato Stato = "REVOCATO" // there were some, and none is left
)

// Pagina is a page of the list.
type Pagina struct {
	Voci      []Operatore
	Cursore   string // of the next page; empty after the last
	Totale    int
	Posizione uint64 // of the log, up to which the list is told
}

// ErrStato refuses a search by a state that there is not.
var ErrStato = domain.Refuse(domain.Invalid, "ricerca.stato_non_valido", "an operator is ATTIVO, SOSPESO or REVOCATO")

// tutti and tra are where to look: an OR of the two would make Postgres walk
// all operators in either case.
const (
	tutti = "$1 || $2 || $3 || $4 = ''"
	tra   = "operatore IN (SELECT operatore FROM accreditati)"
)

const elencati = `WITH accreditati AS (
		SELECT operatore, revocato, dal FROM accreditamenti AS a
		WHERE ($1 = '' OR ambito = $1) AND ($2 = '' OR ruolo = $2)
		AND ($3 = '' OR EXISTS (SELECT FROM accreditamento_comune AS c WHERE c.accreditamento = a.accreditamento AND comune = $3)
			OR ambito = $1 AND NOT EXISTS (SELECT FROM accreditamento_comune AS c WHERE c.accreditamento = a.accreditamento))
	), trovati AS MATERIALIZED (
		SELECT operatore, cerca_nome FROM operatori AS o
		WHERE %s
		AND ($4 <> 'SOSPESO' OR sospeso AND EXISTS (SELECT FROM accreditati AS a WHERE a.operatore = o.operatore AND NOT revocato))
		AND ($4 <> 'ATTIVO' OR NOT sospeso AND EXISTS (SELECT FROM accreditati AS a WHERE a.operatore = o.operatore AND NOT revocato AND dal <= DATE '0001-01-01' + $5::integer))
		AND ($4 <> 'REVOCATO' OR NOT EXISTS (SELECT FROM accreditati AS a WHERE a.operatore = o.operatore AND NOT revocato))
		AND (codice_fiscale = $6 OR NOT EXISTS (SELECT FROM unnest($7::text[]) AS parola WHERE strpos(' ' || cerca_nome, ' ' || parola) = 0))
	)
	SELECT greatest((SELECT posizione FROM proiezioni.avanzamento WHERE proiezione = $8), 0), (SELECT count(*) FROM trovati), p.*
	FROM (VALUES (1)) AS uno LEFT JOIN (
		SELECT operatore, codice_fiscale, cognome, nome, cerca_nome, sospeso FROM trovati JOIN operatori USING (operatore, cerca_nome)
		WHERE $9 = '00000000-0000-0000-0000-000000000000'::uuid
			OR (cerca_nome, operatore) > ((SELECT cerca_nome FROM operatori WHERE operatore = $9), $9)
		ORDER BY cerca_nome, operatore LIMIT $10) AS p ON true`

// Elenco answers one page of a search.
func Elenco(ctx context.Context, db DB, f Filtro) (Pagina, error) {
	dopo, err := f.controlla()
	if err != nil {
		return Pagina{}, err
	}
	dove := tutti
	if f.Ambito+string(f.Ruolo)+f.Comune+string(f.Stato) != "" {
		dove = tra
	}
	rows, err := db.Query(ctx, fmt.Sprintf(elencati, dove), f.Ambito, string(f.Ruolo), f.Comune, string(f.Stato), int32(f.Oggi),
		strings.ToUpper(strings.TrimSpace(f.Testo)), strings.Fields(elenco.Parole(f.Testo)), Projection.ID(), dopo, f.Limite+1)
	if err != nil {
		return Pagina{}, fmt.Errorf("search operators: %w", err)
	}
	p, err := leggi(rows)
	if err != nil {
		return Pagina{}, fmt.Errorf("search operators: %w", err)
	}
	if len(p.Voci) > f.Limite {
		p.Voci = p.Voci[:f.Limite]
		last := p.Voci[f.Limite-1].ID
		p.Cursore = base64.RawURLEncoding.EncodeToString(last.UUID[:])
	}
	if err := conRuoli(ctx, db, p.Voci); err != nil {
		return Pagina{}, fmt.Errorf("roles of operators: %w", err)
	}
	return p, nil
}

// controlla checks the search, and returns the operator that the page before
// ended with.
func (f Filtro) controlla() (dopo uuid.UUID, err error) {
	switch {
	case !slices.Contains([]int{10, 25, 50, 100}, f.Limite):
		return dopo, elenco.ErrLimite.At("limit")
	case f.Stato != "" && f.Stato != Attivo && f.Stato != Sospeso && f.Stato != Revocato:
		return dopo, ErrStato.At("stato")
	}
	for campo, s := range map[string]string{"ambito": f.Ambito, "ruolo": string(f.Ruolo), "comune": f.Comune, "testo": f.Testo} {
		if leggibile(s) != s || utf8.RuneCountInString(s) > 200 || campo == "testo" && s != "" && elenco.Parole(s) == "" {
			return dopo, elenco.ErrTesto.At(campo)
		}
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(f.Cursore)
	if err != nil || len(raw) != len(dopo) && len(raw) != 0 {
		return dopo, elenco.ErrCursore.At("cursor")
	}
	copy(dopo[:], raw)
	return dopo, nil
}

// leggi reads a page. Its first two columns stand alone when it is empty.
func leggi(rows pgx.Rows) (p Pagina, err error) {
	defer rows.Close()
	for rows.Next() {
		var o Operatore
		to := []any{&p.Posizione, &p.Totale, &o.ID, &o.CodiceFiscale, &o.Cognome, &o.Nome, &o.CercaNome, &o.Sospeso}
		vuota := rows.RawValues()[2] == nil
		if vuota {
			to = append(to[:2], nil, nil, nil, nil, nil, nil)
		}
		if err := rows.Scan(to...); err != nil {
			return Pagina{}, err
		}
		if !vuota {
			p.Voci = append(p.Voci, o)
		}
	}
	return p, rows.Err()
}

// leggibile is a text without what Postgres cannot hold.
func leggibile(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "") }
