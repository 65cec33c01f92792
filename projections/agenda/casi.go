package agenda

import (
	"context"
	"fmt"
	"time"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections/elenco"
	"nucleo/projections/nuclei"
)

// mai stands for no day and no instant, after all others.
const (
	maiGiorno  = "DATE '9999-12-31'"
	maiIstante = "TIMESTAMPTZ '9999-12-31 00:00:00Z'"
)

// Mio is a case as its case manager finds it in the list.
type Mio struct {
	Caso             id.Caso
	IDDomanda        string
	Misura           caso.Misura
	Comune           string
	Stato            caso.Stato
	DataAssegnazione time.Time
	BeneficioSospeso bool
	CodiceFiscale    string `personale:"codice_fiscale"`
	Cognome          string `personale:"nome"`
	Nome             string `personale:"nome"`
	NumeroComponenti int
	PresenzaMinori   bool
	PresenzaDisabili bool
	ProssimaScadenza giorno.Giorno // zero: no clock runs
	ProssimoIncontro time.Time     // zero: none is planned
}

// FiltroMiei is what is asked for; what is zero asks for nothing.
type FiltroMiei struct {
	CaseManager id.Operatore // must
	Territorio  domain.Territorio
	IDDomanda   string
	Persona     codicefiscale.Cieco // anybody in the nucleo
	Nominativo  string
	CAP         string
	Indirizzo   string // each word begins a word of street or number
	Misura      caso.Misura
	Stato       caso.Stato
	Comune      string
	Entro       *int // a clock ends in so many days at most
	Oggi        giorno.Giorno
	Adesso      time.Time // the beginning of Oggi where the service is
}

// miei are the cases with what is counted of them on a day.
func miei(oggi giorno.Giorno, adesso time.Time) elenco.Elenco[Mio] {
	giorno18 := oggi.Time().AddDate(-18, 0, 0)
	da := fmt.Sprintf(`(SELECT c.*, n.*,
			coalesce((SELECT min(scadenza) FROM scadenze AS s WHERE s.caso = c.caso AND s.fino > DATE '%[1]s'), %[2]s) AS prossima_scadenza,
			coalesce((SELECT min(inizio) FROM incontri AS i WHERE i.caso = c.caso AND i.stato IN ('PIANIFICATO', 'RINVIATO') AND i.inizio >= TIMESTAMPTZ '%[3]s'), %[4]s) AS prossimo_incontro
		FROM casi_seguiti AS c CROSS JOIN LATERAL (SELECT count(*) AS numero_componenti, coalesce(bool_or(nascita > DATE '%[5]s'), false) AS presenza_minori, coalesce(bool_or(disabile), false) AS presenza_disabili
			FROM membri AS k WHERE k.caso = c.caso AND NOT uscito) AS n) AS miei`,
		oggi, maiGiorno, adesso.UTC().Format(time.RFC3339), maiIstante, giorno18.Format(time.DateOnly))
	return elenco.Elenco[Mio]{
		Modello: Projection, Anche: []elenco.Modello{nuclei.Projection}, Da: da, Chiave: "caso",
		Colonne: "caso, id_domanda, misura, comune, stato, data_assegnazione, beneficio_sospeso, codice_fiscale, cognome, nome, numero_componenti, presenza_minori, presenza_disabili, " +
			"(CASE WHEN prossima_scadenza = " + maiGiorno + " THEN 0 ELSE " + elenco.Giorno("prossima_scadenza") + " END), nullif(prossimo_incontro, " + maiIstante + ")",
		Dove: func(v *Mio) []any {
			return []any{
				&v.Caso, &v.IDDomanda, &v.Misura, &v.Comune, &v.Stato, &v.DataAssegnazione, &v.BeneficioSospeso, &v.CodiceFiscale, &v.Cognome, &v.Nome,
				&v.NumeroComponenti, &v.PresenzaMinori, &v.PresenzaDisabili, (*int32)(&v.ProssimaScadenza), (*istanteONulla)(&v.ProssimoIncontro),
			}
		},
		Ordini: map[string]elenco.Ordine{
			"prossima_scadenza": {SQL: "prossima_scadenza", Tipo: "date"},
			"prossimo_incontro": {SQL: "prossimo_incontro", Tipo: "timestamptz"},
			"data_assegnazione": {SQL: "data_assegnazione", Tipo: "timestamptz"},
			"id_domanda":        {SQL: "id_domanda", Tipo: "text"},
			"nominativo":        {SQL: "cerca_nome", Tipo: "text", Personale: true},
			"codice_fiscale":    {SQL: "codice_fiscale", Tipo: "text", Personale: true},
			"misura":            {SQL: "misura", Tipo: "text"},
			"comune":            {SQL: "comune", Tipo: "text"},
			"stato":             {SQL: "stato", Tipo: "text"},
			"numero_componenti": {SQL: "numero_componenti", Tipo: "bigint"},
			"presenza_minori":   {SQL: "presenza_minori", Tipo: "boolean"},
			"presenza_disabili": {SQL: "presenza_disabili", Tipo: "boolean"},
			"beneficio_sospeso": {SQL: "beneficio_sospeso", Tipo: "boolean"},
		},
		Ordine: "prossima_scadenza",
	}
}

// istanteONulla reads NULL as the zero instant.
type istanteONulla time.Time

// Scan implements sql.Scanner.
func (i *istanteONulla) Scan(v any) error {
	t, _ := v.(time.Time)
	*i = istanteONulla(t)
	return nil
}

// Miei answers one page of the cases of a case manager.
func Miei(ctx context.Context, db elenco.DB, f FiltroMiei, r elenco.Richiesta) (elenco.Pagina[Mio], error) {
	var dove elenco.Filtro
	dove.E("case_manager = ?", f.CaseManager.UUID)
	dove.Territorio(f.Territorio)
	dove.Testo("id_domanda", "id_domanda", f.IDDomanda)
	dove.Testo("comune", "comune", f.Comune)
	dove.Testo("stato", "stato", string(f.Stato))
	dove.Testo("misura", "misura", string(f.Misura))
	dove.Testo("cap", "cap", f.CAP)
	dove.Parole("nome", "cerca_nome", f.Nominativo)
	dove.Parole("indirizzo", "cerca_indirizzo", f.Indirizzo)
	dove.Se(!f.Persona.IsZero(), "caso IN "+nuclei.Con, f.Persona.UUID)
	if f.Entro != nil {
		dove.E("prossima_scadenza <= ?", f.Oggi+giorno.Giorno(*f.Entro))
	}
	return miei(f.Oggi, f.Adesso).Cerca(ctx, db, dove, r)
}

// DaVedere is a nucleo that has to come, with how to reach it.
type DaVedere struct {
	InCorso
	Misura                     caso.Misura
	Cognome                    string    `personale:"nome"`
	Nome                       string    `personale:"nome"`
	Telefono, Cellulare, Email string    `personale:"recapito"`
	InSospeso                  time.Time // the first planned meeting before today of which nobody said how it went; zero for none
	ProssimoIncontro           time.Time // the first one from today on; zero for none
}

// IncontriDaRegistrare answers one page of the nuclei that have to come. Filter
// by DaIncontrare; adesso is the beginning of the day.
func IncontriDaRegistrare(ctx context.Context, db elenco.DB, f FiltroScadenze, adesso time.Time, r elenco.Richiesta) (elenco.Pagina[DaVedere], error) {
	aperto := `(SELECT min(inizio) FROM incontri AS i WHERE i.caso = s.caso AND i.stato IN ('PIANIFICATO', 'RINVIATO') AND i.inizio %s TIMESTAMPTZ '` + adesso.UTC().Format(time.RFC3339) + `')`
	e := elenco.Elenco[DaVedere]{
		Modello: Projection, Chiave: chiaveOrologio, Tipo: "text",
		Da: `(SELECT s.*, c.id_domanda, c.case_manager, c.misura, c.cognome, c.nome, c.cerca_nome, c.telefono, c.cellulare, c.email, ` +
			fmt.Sprintf(aperto, "<") + ` AS in_sospeso, ` + fmt.Sprintf(aperto, ">=") + ` AS prossimo_incontro FROM scadenze AS s LEFT JOIN casi_seguiti AS c USING (caso)) AS scadenze`,
		Colonne: inCorso.Colonne + ", misura, cognome, nome, telefono, cellulare, email, in_sospeso, prossimo_incontro",
		Dove: func(v *DaVedere) []any {
			return append(inCorso.Dove(&v.InCorso), &v.Misura, &v.Cognome, &v.Nome, &v.Telefono, &v.Cellulare, &v.Email, (*istanteONulla)(&v.InSospeso), (*istanteONulla)(&v.ProssimoIncontro))
		},
		Ordini: ordiniScadenze, Ordine: "scadenza",
	}
	return e.Cerca(ctx, db, f.dove(), r)
}
