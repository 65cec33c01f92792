// Package segnalazioni answers: which segnalazioni wait for a decision, what
// became of those that were approved, and which did a coordinator approve who
// had proposed them (GEPI-50, GEPI-53; domain rules 7.5, 7.6, 7.25)? The
// dispatcher asks it what there is to send; that is a hint, the streams decide.
//
// A row goes where its case goes until it is decided on; from then on it stays
// with the territory of the decision (ambiguity 9.36).
package segnalazioni

import (
	"time"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections"
)

// Projection builds the lists of segnalazioni.
var Projection = projections.Projection[Tabelle]{Name: "segnalazioni", Version: 3, Categories: []string{"caso", "operatore", "flussoinps"}, Apply: apply, Rifai: rifai, Indexes: `
	CREATE INDEX ON segnalazioni (ambito, stato, scadenza, segnalazione);
	CREATE INDEX ON segnalazioni (ambito, data_decisione, segnalazione);
	CREATE INDEX ON segnalazioni (ambito, data_invio, segnalazione);
	CREATE INDEX ON segnalazioni (case_manager, data_invio, segnalazione);
	CREATE INDEX ON segnalazioni (id_domanda);
	CREATE INDEX ON segnalazioni (caso);
	CREATE INDEX ON segnalazioni (data_decisione) WHERE stato = 'APPROVATA';
	CREATE INDEX ON segnalazioni (stato) WHERE stato IN ('APPROVATA', 'IN_USCITA');
	CREATE INDEX ON segnalazioni (data_decisione) WHERE stato = 'RETTIFICATA' AND flusso_rettifica = '';
	CREATE INDEX ON segnalazioni (data_decisione, segnalazione) WHERE stesso_soggetto;
	CREATE INDEX ON flussi (giorno, numero);
	CREATE INDEX ON flussi (giorno, numero) WHERE NOT chiuso;`}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Segnalati    projections.Table[id.Caso, Caso] `key:"caso"`
	Posti        projections.Table[Posto, Quale]
	Segnalazioni projections.Table[id.Segnalazione, Riga]    `key:"segnalazione"`
	Flussi       projections.Table[string, Flusso]           `key:"flusso"`
	Proponenti   projections.Table[id.Operatore, Nominativo] `key:"operatore"`
}

// Caso is what rows need of a case, and how many segnalazioni it ever had.
type Caso struct {
	IDDomanda    string `db:"id_domanda"`
	Misura       caso.Misura
	Ambito       string
	Comune       string // Belfiore
	CaseManager  id.Operatore
	Segnalazioni int
}

// Posto numbers the segnalazioni of a case from 0.
type Posto struct {
	Caso   id.Caso
	Numero int
}

// Quale is the segnalazione in a Posto.
type Quale struct{ Segnalazione id.Segnalazione }

// Riga is one segnalazione.
type Riga struct {
	Caso         id.Caso
	IDDomanda    string `db:"id_domanda"`
	Misura       caso.Misura
	Ambito       string // of the case, until it is decided on
	Comune       string
	CaseManager  id.Operatore // who is responsible for the case now
	InviataDa    id.Operatore // who proposed it
	NomeInviata  string       `personale:"testo"` // as words, for order alone
	DataInvio    time.Time    // of the proposal
	Categoria    caso.Categoria
	Componente   id.Componente // zero: the nucleo
	Dettaglio    string        `personale:"testo"` // coordinators decide by it (ambiguity 9.11)
	Stato        caso.StatoSegnalazione
	Scadenza     giorno.Giorno
	Occorrenza   int
	DecisaDa     id.Operatore // zero before it is decided on, as is the next
	Decisa       time.Time    `db:"data_decisione"`
	Stesso       bool         `db:"stesso_soggetto"`
	Flusso       string       // in which it lies
	Presa        bool         // for sending: it is not annulled any more
	Incerti      int          // sendings of which no outcome is known
	Errore       string       `db:"errore_invio" personale:"testo"` // why the last sending failed; empty once another succeeded
	Inviata      time.Time    `db:"data_invio_inps"`
	Protocollo   string
	Ricevuta     string
	FlussoRettif string `db:"flusso_rettifica"` // in which its correction lies
}

// Flusso is one data feed.
type Flusso struct {
	Giorno giorno.Giorno
	Numero int
	Voci   int
	Chiuso bool
}

// Nominativo is the name of an operator, as words.
type Nominativo struct {
	Nome string `personale:"testo"`
}
