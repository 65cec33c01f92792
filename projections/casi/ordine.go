package casi

import "strings"

// Colonna is a column that a list can be sorted by (GEPI-43). Names and
// addresses sort by their clear values.
type Colonna string

// The columns. The last three are of the assigned list alone, the one before of
// the queue: of an assigned case it would tell whether the nucleo came (ACC-12).
const (
	PerPriorita         Colonna = "priorita" // and then the oldest domanda first: the order of GEPI-29
	PerIDDomanda        Colonna = "id_domanda"
	PerNominativo       Colonna = "nominativo"
	PerPresentazione    Colonna = "data_presentazione"
	PerCodiceFiscale    Colonna = "codice_fiscale"
	PerComune           Colonna = "comune"
	PerIndirizzo        Colonna = "indirizzo" // CAP, street, number
	PerCAP              Colonna = "cap"
	PerComponenti       Colonna = "numero_componenti"
	PerMinori           Colonna = "presenza_minori"
	PerDisabili         Colonna = "presenza_disabili"
	PerRiassegnato      Colonna = "riassegnato"
	PerMisura           Colonna = "misura"
	PerScadenza120      Colonna = "scadenza_120"
	PerDataAssegnazione Colonna = "data_assegnazione"
	PerCaseManager      Colonna = "case_manager" // by the name that they had when the case was assigned
	PerAssegnatoDa      Colonna = "assegnato_da"
)

// Verso is the direction of an order. It turns the whole order around, ties
// included.
type Verso string

// The directions.
const (
	Ascendente  Verso = "asc"
	Discendente Verso = "desc"
)

// ordine is the columns of an order. The last is that of the id of the
// domanda, so that no two rows are equal.
type ordine struct {
	campi     []campo
	personale bool  // a value names a person: it does not travel in cursors
	lista     Lista // of this list alone; zero for both
	banda     bool  // the priority comes first
	segno     bool  // the first column is of what is so or not
	perComune bool  // an index has the rows of a comune in this order
}

// campo is one column of an order: its SQL, how a value of it is given to
// Postgres, and its value in a row.
type campo struct {
	sql  string
	tipo string
	di   func(*Voce) any
}

var (
	data    = campo{"data_presentazione", "date", func(v *Voce) any { return int64(v.DataPresentazione) }}
	domanda = campo{"id_domanda", "text", func(v *Voce) any { return v.IDDomanda }}
)

var ordini = map[Colonna]ordine{
	PerPriorita:         {campi: []campo{data, domanda}, banda: true, perComune: true},
	PerIDDomanda:        {campi: []campo{domanda}},
	PerNominativo:       {campi: []campo{{"cerca_nome", "text", func(v *Voce) any { return v.CercaNome }}, domanda}, personale: true},
	PerPresentazione:    {campi: []campo{data, domanda}, perComune: true},
	PerCodiceFiscale:    {campi: []campo{{"codice_fiscale", "text", func(v *Voce) any { return v.CodiceFiscale }}, domanda}, personale: true},
	PerComune:           {campi: []campo{{"comune", "text", func(v *Voce) any { return v.Comune }}, data, domanda}, perComune: true},
	PerIndirizzo:        indirizzo,
	PerCAP:              indirizzo,
	PerComponenti:       {campi: []campo{{"numero_componenti", "bigint", func(v *Voce) any { return int64(v.NumeroComponenti) }}, data, domanda}},
	PerMinori:           {campi: []campo{{"presenza_minori", "boolean", func(v *Voce) any { return v.PresenzaMinori }}, data, domanda}, segno: true, perComune: true},
	PerDisabili:         {campi: []campo{{"presenza_disabili", "boolean", func(v *Voce) any { return v.PresenzaDisabili }}, data, domanda}, segno: true, perComune: true},
	PerRiassegnato:      {campi: []campo{{"riassegnato", "boolean", func(v *Voce) any { return v.Riassegnato }}, data, domanda}, segno: true, perComune: true},
	PerMisura:           {campi: []campo{{"misura", "text", func(v *Voce) any { return string(v.Misura) }}, data, domanda}},
	PerScadenza120:      {campi: []campo{{"scadenza_120", "date", func(v *Voce) any { return int64(v.Scadenza120) }}, domanda}, lista: DaAssegnare},
	PerDataAssegnazione: {campi: []campo{{"data_assegnazione", "timestamptz", func(v *Voce) any { return v.DataAssegnazione.UTC().Format(istante) }}, domanda}, lista: Assegnati, perComune: true},
	PerCaseManager:      {campi: []campo{{"nome_case_manager", "text", func(v *Voce) any { return v.NomeCaseManager }}, domanda}, lista: Assegnati, personale: true},
	PerAssegnatoDa:      {campi: []campo{{"nome_assegnato_da", "text", func(v *Voce) any { return v.NomeAssegnatoDa }}, domanda}, lista: Assegnati, personale: true},
}

var indirizzo = ordine{personale: true, campi: []campo{
	{"cap", "text", func(v *Voce) any { return v.CAP }},
	{"cerca_indirizzo", "text", func(v *Voce) any { return v.CercaIndirizzo }},
	domanda,
}}

const istante = "2006-01-02T15:04:05.999999Z07:00"

// chiave is where a row stands in an order.
func (o ordine) chiave(v *Voce) (key []any) {
	for _, c := range o.campi {
		key = append(key, c.di(v))
	}
	return key
}

// sql lists the columns, each in the direction.
func (o ordine) sql(v Verso) string {
	var all []string
	for _, c := range o.campi {
		all = append(all, c.sql+" "+string(v))
	}
	return strings.Join(all, ", ")
}
