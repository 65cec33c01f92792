package operatori

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/projections/elenco"
)

// Filtro is a search among operators. Ambito, role, comune and fund are asked
// of one and the same accreditation; the state is that of those which are found
// so, and they say where an operator stands in an order.
type Filtro struct {
	Ambito string // of an accreditation: what the caller may see, or asks for; empty for all
	Ruolo  domain.Ruolo
	Comune string // Belfiore: covered by the accreditation, by name or by the whole of Ambito
	Fondo  string
	Stato  Stato
	Testo  string // each word begins a word of the name, or it is the codice fiscale
	Oggi   giorno.Giorno
}

// Stato says whether an operator may work.
type Stato string

// The states.
const (
	Attivo   Stato = "ATTIVO"    // some accreditation holds today, and they are not suspended
	Sospeso  Stato = "SOSPESO"   // may not act, whatever the accreditations, or under those that would hold
	InAttesa Stato = "IN_ATTESA" // has none yet, or one that begins later
	Revocato Stato = "REVOCATO"  // there were some, and none is left
)

// ErrStato refuses a search by a state that there is not.
var ErrStato = domain.Refuse(domain.Invalid, "ricerca.stato_non_valido", "an operator is ATTIVO, SOSPESO, IN_ATTESA or REVOCATO")

// Voce is an operator in the list: with the state, and all accreditations.
type Voce struct {
	Operatore
	Stato Stato
}

// tutti is the list. What it is read from depends on what is asked (fonte).
var tutti = elenco.Elenco[Voce]{
	Modello: Projection, Chiave: "operatore",
	Colonne: "operatore, codice_fiscale, cognome, nome, cerca_nome, sospeso, stato",
	Dove: func(v *Voce) []any {
		return []any{&v.ID, &v.CodiceFiscale, &v.Cognome, &v.Nome, &v.CercaNome, &v.Sospeso, &v.Stato}
	},
	Ordini: map[string]elenco.Ordine{
		"nominativo": {SQL: "cerca_nome", Tipo: "text", Personale: true},
		"ruolo":      {SQL: "ruolo", Tipo: "text"},
		"territorio": {SQL: "territorio", Tipo: "text"},
		"dal":        {SQL: "dal", Tipo: "date"},
		"stato":      {SQL: "stato", Tipo: "text"},
	},
	Ordine: "nominativo",
}

// fonte is each operator with what their accreditations come to: the first
// role, territory and day of those that hold (of all, where none does), and the
// state.
const fonte = `(SELECT o.*, r.* FROM operatori AS o CROSS JOIN LATERAL (
		SELECT count(*) AS quanti, coalesce(min(ruolo) FILTER (WHERE NOT revocato), min(ruolo), '') AS ruolo,
			coalesce(min(ambito || ' ' || comuni) FILTER (WHERE NOT revocato), min(ambito || ' ' || comuni), '') AS territorio,
			coalesce(min(dal) FILTER (WHERE NOT revocato), min(dal), DATE '0001-01-01') AS dal,
			CASE WHEN o.sospeso AND bool_or(NOT revocato) THEN 'SOSPESO' WHEN bool_or(NOT revocato AND NOT a.sospeso AND comincia) THEN 'ATTIVO'
				WHEN bool_or(NOT revocato AND a.sospeso) THEN 'SOSPESO' WHEN bool_and(revocato) THEN 'REVOCATO' ELSE 'IN_ATTESA' END AS stato
		FROM (SELECT *, dal <= DATE '0001-01-01' + ?::integer AS comincia,
				coalesce((SELECT string_agg(comune, ' ' ORDER BY comune) FROM accreditamento_comune AS c WHERE c.accreditamento = a.accreditamento), '') AS comuni
			FROM accreditamenti AS a WHERE a.operatore = o.operatore%[1]s) AS a
		) AS r%[2]s) AS o`

// Elenco answers one page of a search.
func Elenco(ctx context.Context, db DB, f Filtro, r elenco.Richiesta) (elenco.Pagina[Voce], error) {
	filtro, err := f.filtro()
	if err != nil {
		return elenco.Pagina[Voce]{}, err
	}
	p, err := tutti.Cerca(ctx, db, filtro, r)
	if err != nil {
		return elenco.Pagina[Voce]{}, err
	}
	operatori := make([]Operatore, len(p.Voci))
	for i, v := range p.Voci {
		operatori[i] = v.Operatore
	}
	if err := conRuoli(ctx, db, operatori); err != nil {
		return elenco.Pagina[Voce]{}, fmt.Errorf("roles of operators: %w", err)
	}
	for i := range p.Voci {
		p.Voci[i].Operatore = operatori[i]
	}
	return p, nil
}

// filtro is the search as the list takes it.
func (f Filtro) filtro() (criteri elenco.Filtro, _ error) {
	switch f.Stato {
	case "", Attivo, Sospeso, InAttesa, Revocato:
	default:
		return criteri, ErrStato.At("stato")
	}
	quali, valori := f.accreditamenti(&criteri)
	dove := ""
	if quali != "" { // who has such an accreditation, found before what theirs come to
		dove = " WHERE o.operatore IN (SELECT operatore FROM accreditamenti AS a WHERE true" + quali + ")"
	}
	di := slices.Concat([]any{int32(f.Oggi)}, valori)
	if dove != "" {
		di = append(di, valori...)
	}
	criteri.Fonte(fmt.Sprintf(fonte, quali, dove), di...)
	criteri.Se(f.Stato != "", "stato = ? AND quanti > 0", string(f.Stato))
	if criteri.Buono("testo", f.Testo) && f.Testo != "" {
		parole := strings.Fields(elenco.Parole(f.Testo))
		if len(parole) == 0 {
			return criteri, elenco.ErrTesto.At("testo")
		}
		criteri.E("(codice_fiscale = ? OR NOT EXISTS (SELECT FROM unnest(?::text[]) AS parola WHERE strpos(' ' || cerca_nome, ' ' || parola) = 0))",
			strings.ToUpper(strings.TrimSpace(f.Testo)), parole)
	}
	return criteri, nil
}

// accreditamenti are the criteria that an accreditation a answers alone.
func (f Filtro) accreditamenti(buoni *elenco.Filtro) (sql string, valori []any) {
	for _, c := range []struct{ nome, sql, valore string }{
		{"ambito", " AND ambito = ?", f.Ambito}, {"ruolo", " AND ruolo = ?", string(f.Ruolo)}, {"fondo", " AND fondo = ?", f.Fondo},
		{"comune", " AND EXISTS (SELECT FROM accreditamento_comune AS c WHERE c.accreditamento = a.accreditamento AND comune = ?)", f.Comune},
	} {
		if !buoni.Buono(c.nome, c.valore) || c.valore == "" {
			continue
		}
		if c.nome == "comune" && f.Ambito != "" { // whoever works on the ambito whole covers the comune
			c.sql = " AND (" + strings.TrimPrefix(c.sql, " AND ") + " OR NOT EXISTS (SELECT FROM accreditamento_comune AS c WHERE c.accreditamento = a.accreditamento))"
		}
		sql, valori = sql+c.sql, append(valori, c.valore)
	}
	return sql, valori
}

// leggibile is a text without what Postgres cannot hold.
func leggibile(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "") }
