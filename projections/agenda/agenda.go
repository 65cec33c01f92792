// Package agenda answers: whom does a case manager, or who looks after the
// meetings of a territory, have to see, and by when? It keeps the meetings, the
// clocks that run, and of each case what lists of them show (GEPI-08, ADI-06).
//
// What the clocks say is not decided here: the model follows caso.Orologi from
// event to event and writes down the clocks that it yields, each with the day
// from which it no longer runs by itself. A query is then told the day.
package agenda

import (
	"time"

	"github.com/google/uuid"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections"
)

// Projection builds the lists of meetings, of clocks, and of one's own cases.
var Projection = projections.Projection[Tabelle]{Name: "agenda", Version: 5, Categories: []string{"caso", "operatore"}, Apply: apply, Rifai: rifai, Indexes: indici}

// Clocks carry the territory, by which pages of them are found; those of a case
// manager are found by the cases, for these change hands more often than clocks
// change. Meetings are found by their case or their time. What ran out and was not noted is what the
// scheduler looks for every day, among all cases.
const indici = `
	CREATE INDEX ON casi_seguiti (case_manager);
	CREATE INDEX ON casi_seguiti (ambito, comune);
	CREATE INDEX ON incontri (inizio);
	CREATE INDEX ON scadenze (ambito, scadenza);
	CREATE INDEX ON scadenze (ambito, comune, scadenza);
	CREATE INDEX ON scadenze (scadenza) WHERE NOT registrata;`

// Tabelle is what the projection keeps.
type Tabelle struct {
	Casi       projections.Table[id.Caso, Caso]            `key:"caso" db:"casi_seguiti" order:"ambito,comune"` // casi and nominativi are those of another model
	Nominativi projections.Table[id.Operatore, Nominativo] `key:"operatore" db:"nominativi_agenda"`
	Incontri   projections.Table[Chiave, Incontro]
	Scadenze   projections.Table[Orologio, Scadenza] `order:"ambito,comune,scadenza"`
}

// Caso is what lists show of a case.
type Caso struct {
	IDDomanda        string `db:"id_domanda"`
	Misura           caso.Misura
	Ambito           string
	Comune           string // Belfiore
	Stato            caso.Stato
	CaseManager      id.Operatore // zero while it waits
	DataAssegnazione time.Time
	BeneficioSospeso bool   `personale:"dato"`
	CodiceFiscale    string `personale:"codice_fiscale"` // of the richiedente, as are the names
	Cognome          string `personale:"nome"`
	Nome             string `personale:"nome"`
	CercaNome        string `personale:"testo"` // both as words, for search and order
	CAP              string `db:"cap"`
	CercaIndirizzo   string `personale:"testo"` // street and number as words: the list shows no address, it finds by it
	Telefono         string `personale:"recapito"`
	Cellulare        string `personale:"recapito"`
	Email            string `personale:"recapito"`
	// Orologi is caso.Orologi as JSON: lists in it are short, and nobody but this
	// model's own fold reads them.
	Orologi string `personale:"testo"`
}

// Nominativo is the name of an operator as words, by which meetings are ordered.
type Nominativo struct {
	Nome string `personale:"testo"`
}

// Chiave names a meeting.
type Chiave struct {
	Caso     id.Caso
	Incontro id.Incontro
}

// Incontro is a meeting that was planned.
type Incontro struct {
	Inizio    time.Time
	Durata    int          // minutes
	Luogo     string       `personale:"testo"`
	Operatore id.Operatore // who holds it, when it is not the case manager
	DelCaso   bool         // it is held by whoever is the case manager then
	Stato     caso.StatoIncontro
}

// Orologio names a clock of a case.
type Orologio struct {
	Caso     id.Caso
	Tipo     caso.TipoScadenza
	Scadenza giorno.Giorno // the last day on which it is kept
	Cosa     uuid.UUID     // the segnalazione, or who did not sign; zero for the other clocks
}

// Scadenza is a clock that runs.
type Scadenza struct {
	Ambito     string
	Comune     string
	Fino       giorno.Giorno // from when it no longer runs, if nothing happens
	Registrata bool          // it ran out, and that was noted
}
