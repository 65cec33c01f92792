package segnalazioni

import (
	"context"
	"strings"
	"time"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections/elenco"
	"nucleo/projections/nuclei"
)

// DB is what the queries need of a pgxpool.Pool.
type DB = elenco.DB

// Voce is a row with whom it is about.
type Voce struct {
	Segnalazione id.Segnalazione
	Riga
	Persona           // it is about; empty when that is the nucleo
	InRitardo    bool // INPS was told late, or is not told and the term is over
	EsitoIncerto bool // it was taken for sending and nothing is known of how that ended
}

// Persona is whom a segnalazione is about, as a coordinator is told.
type Persona struct {
	Cognome string `personale:"nome"`
	Nome    string `personale:"nome"`
}

// Annullabile reports whether the sending can still be stopped.
func (v Voce) Annullabile() bool {
	return v.Stato == caso.Approvata || v.Stato == caso.InUscita && !v.Presa
}

// Vista is one of the two lists of coordinators.
type Vista string

// The lists.
const (
	Validazione Vista = "validazione" // all, those to be decided on unless a state is asked for
	Registro    Vista = "registro"    // those that were approved
)

// Approvate are the states that the register holds.
var Approvate = []caso.StatoSegnalazione{caso.Approvata, caso.InUscita, caso.Inviata, caso.Acquisita, caso.InvioFermato, caso.Rettificata}

// Filtro is a search. All criteria must hold; a zero criterion asks for nothing.
type Filtro struct {
	Territorio   domain.Territorio // nothing outside is ever found
	Responsabile id.Operatore      // only cases that are this case manager's now
	Vista        Vista

	IDDomanda     string              // exact
	Persona       codicefiscale.Cieco // anybody who is or was in the nucleo
	Stati         []caso.StatoSegnalazione
	Categoria     caso.Categoria
	CaseManager   id.Operatore  // who proposed it
	Dal, Al       giorno.Giorno // of the proposal; in the register of the approval
	InRitardo     *bool
	Rettificabili []caso.Misura // of which may be rectified what was sent; for order alone
	Oggi          giorno.Giorno
}

// ritardo is SQL for Voce.InRitardo on a day.
func ritardo(oggi giorno.Giorno) string {
	return `(CASE WHEN stato IN ('DA_VALIDARE', 'APPROVATA', 'IN_USCITA') THEN scadenza < DATE '` + oggi.String() + `'
		WHEN stato IN ('INVIATA', 'ACQUISITA', 'RETTIFICATA') THEN scadenza < (data_invio_inps AT TIME ZONE 'Europe/Rome')::date ELSE false END)`
}

const colonne = `segnalazione, caso, id_domanda, misura, ambito, comune, inviata_da, data_invio, categoria, componente, dettaglio, stato,
	scadenza - DATE '0001-01-01', occorrenza, decisa_da, data_decisione, stesso_soggetto, flusso, presa, incerti, errore_invio, data_invio_inps, protocollo, ricevuta,
	coalesce(cognome, ''), coalesce(nome, ''), `

func (v *Voce) dove() []any {
	return []any{
		&v.Segnalazione, &v.Caso, &v.IDDomanda, &v.Misura, &v.Ambito, &v.Comune, &v.InviataDa, &v.DataInvio, &v.Categoria, &v.Componente, &v.Dettaglio, &v.Stato,
		(*int32)(&v.Scadenza), &v.Occorrenza, &v.DecisaDa, &v.Decisa, &v.Stesso, &v.Flusso, &v.Presa, &v.Incerti, &v.Errore, &v.Inviata, &v.Protocollo, &v.Ricevuta,
		&v.Cognome, &v.Persona.Nome, &v.InRitardo,
	}
}

// rettificabile is SQL for whether a segnalazione may be rectified.
func rettificabile(misure []caso.Misura) string {
	return `(stato IN ('INVIATA', 'ACQUISITA') AND misura IN ('` + strings.Join(testi(misure), `', '`) + `'))`
}

func elencoAl(v Vista, oggi giorno.Giorno, rettificabili ...caso.Misura) elenco.Elenco[Voce] {
	e := elenco.Elenco[Voce]{
		Modello: Projection, Anche: []elenco.Modello{nuclei.Projection}, Da: "segnalazioni LEFT JOIN membri USING (caso, componente)", Chiave: "segnalazione", Colonne: colonne + ritardo(oggi), Dove: (*Voce).dove,
		Ordine: "scadenza_comunicazione",
		Ordini: map[string]elenco.Ordine{
			"id_domanda": {SQL: "id_domanda", Tipo: "text"}, "inviata_da": {SQL: "nome_inviata", Tipo: "text", Personale: true},
			"data_invio": {SQL: "data_invio", Tipo: "timestamptz", Discendente: true}, "categoria": {SQL: "categoria", Tipo: "text"},
			"dettaglio": {SQL: "dettaglio", Tipo: "text", Personale: true}, "stato": {SQL: "stato", Tipo: "text"},
			"data_decisione": {SQL: "data_decisione", Tipo: "timestamptz", Discendente: true}, "scadenza_comunicazione": {SQL: "scadenza", Tipo: "date"},
			"numero_occorrenza": {SQL: "occorrenza", Tipo: "bigint"}, "in_ritardo": {SQL: ritardo(oggi), Tipo: "boolean", Discendente: true},
			"componente": {SQL: "(coalesce(cognome, '') || ' ' || coalesce(nome, ''))", Tipo: "text", Personale: true},
		},
	}
	if v == Registro {
		e.Ordine = "data_decisione"
		for nome, o := range map[string]elenco.Ordine{
			"data_invio_inps": {SQL: "data_invio_inps", Tipo: "timestamptz", Discendente: true}, "protocollo_invio": {SQL: "protocollo", Tipo: "text"},
			"flusso_id": {SQL: "flusso", Tipo: "text"}, "annullabile": {SQL: "(stato = 'APPROVATA' OR stato = 'IN_USCITA' AND NOT presa)", Tipo: "boolean", Discendente: true},
			"rettificabile": {SQL: rettificabile(rettificabili), Tipo: "boolean", Discendente: true},
		} {
			e.Ordini[nome] = o
		}
	}
	return e
}

// Cerca answers one page of a search.
func Cerca(ctx context.Context, db DB, f Filtro, r elenco.Richiesta) (elenco.Pagina[Voce], error) {
	var dove elenco.Filtro
	dove.Territorio(f.Territorio)
	dove.Se(!f.Responsabile.IsZero(), "case_manager = ?", f.Responsabile.UUID)
	dove.Testo("id_domanda", "id_domanda", f.IDDomanda)
	dove.Testo("categoria", "categoria", string(f.Categoria))
	dove.Se(!f.CaseManager.IsZero(), "inviata_da = ?", f.CaseManager.UUID)
	dove.Se(!f.Persona.IsZero(), "caso IN "+nuclei.ConAncheUsciti, f.Persona.UUID)
	stati, data := f.Stati, "data_invio"
	if f.Vista == Registro {
		data = "data_decisione"
		dove.E("stato = ANY(?::text[])", testi(Approvate))
	} else if len(stati) == 0 {
		stati = []caso.StatoSegnalazione{caso.DaValidare}
	}
	dove.Se(len(stati) > 0, "stato = ANY(?::text[])", testi(stati))
	dove.Se(!f.Dal.IsZero(), "("+data+" AT TIME ZONE 'Europe/Rome')::date >= ?", f.Dal)
	dove.Se(!f.Al.IsZero(), "("+data+" AT TIME ZONE 'Europe/Rome')::date <= ?", f.Al)
	if f.InRitardo != nil {
		dove.E(ritardo(f.Oggi)+" = ?", *f.InRitardo)
	}
	pagina, err := elencoAl(f.Vista, f.Oggi, f.Rettificabili...).Cerca(ctx, db, dove, r)
	for i := range pagina.Voci {
		pagina.Voci[i].rifinisci()
	}
	return pagina, err
}

func (v *Voce) rifinisci() {
	v.EsitoIncerto = v.Stato == caso.InUscita && v.Incerti > 0
	for _, t := range []*time.Time{&v.DataInvio, &v.Decisa, &v.Inviata} {
		if *t = t.UTC(); t.Year() <= 1 {
			*t = time.Time{}
		}
	}
}

// FiltroAutoapprovazioni is a search among what was approved by who proposed it.
type FiltroAutoapprovazioni struct {
	Territorio domain.Territorio
	Ambito     string
	Dal, Al    giorno.Giorno // of the approval
}

// Autoapprovazioni answers one page of these, the latest first.
func Autoapprovazioni(ctx context.Context, db DB, f FiltroAutoapprovazioni, r elenco.Richiesta) (elenco.Pagina[Voce], error) {
	var dove elenco.Filtro
	dove.Territorio(f.Territorio)
	dove.E("stesso_soggetto")
	dove.Testo("ambito", "ambito", f.Ambito)
	dove.Se(!f.Dal.IsZero(), "(data_decisione AT TIME ZONE 'Europe/Rome')::date >= ?", f.Dal)
	dove.Se(!f.Al.IsZero(), "(data_decisione AT TIME ZONE 'Europe/Rome')::date <= ?", f.Al)
	e := elencoAl(Validazione, 1)
	e.Ordine, e.Ordini = "data", map[string]elenco.Ordine{
		"data": {SQL: "data_decisione", Tipo: "timestamptz", Discendente: true}, "ambito": {SQL: "ambito", Tipo: "text"},
		"operatore": {SQL: "nome_inviata", Tipo: "text", Personale: true}, "segnalazione": {SQL: "segnalazione", Tipo: "uuid"},
	}
	pagina, err := e.Cerca(ctx, db, dove, r)
	for i := range pagina.Voci {
		pagina.Voci[i].rifinisci()
	}
	return pagina, err
}

func testi[T ~string](valori []T) []string {
	out := make([]string, len(valori))
	for i, v := range valori {
		out[i] = string(v)
	}
	return out
}
