// Package casi answers: which cases wait for a case manager, and which are
// whose? One table holds the queue and the assigned list (GEPI-26, GEPI-41).
//
// Rows hold clear values, because lists are sorted and searched by them; what
// a coordinator may see of them is decided by whoever shows the rows.
package casi

import (
	"time"

	"github.com/google/uuid"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections"
)

// Projection builds the lists of cases.
var Projection = projections.Projection[Tabelle]{Name: "casi", Version: 5, Categories: []string{"caso", "operatore"}, Apply: apply, Rifai: rifai, Indexes: indici}

// A page is a short scan wherever it lies: an index has the rows of an ambito
// and list in the order asked for, or in a few pieces that are put together.
// Each costs a case that is received 2 µs, and one that changes list twice that,
// so there are no more than it takes: the days of each measure make the order
// by day, and by what is so or not (minors, disabled persons, reassigned), which
// the index INCLUDEs. What only the assigned list shows is indexed for that list
// alone (2), and so is what only the queue shows (1). Pages put together choose their rows from the index: hence caso.
// None leads with less than the ambito: it would tempt plans away from these.
const indici = `
	CREATE INDEX ON casi (ambito, lista, id_domanda);
	CREATE INDEX ON casi (ambito, lista, misura, data_presentazione, id_domanda) INCLUDE (caso, presenza_minori, presenza_disabili, riassegnato);
	CREATE INDEX ON casi (ambito, lista, comune, data_presentazione, id_domanda) INCLUDE (caso, misura);
	CREATE INDEX ON casi (ambito, lista, cerca_nome, id_domanda);
	CREATE INDEX ON casi (ambito, lista, codice_fiscale, id_domanda);
	CREATE INDEX ON casi (ambito, lista, cap, cerca_indirizzo, id_domanda);
	CREATE INDEX ON casi (ambito, lista, numero_componenti, data_presentazione, id_domanda);
	CREATE INDEX ON casi (ambito, scadenza_120, id_domanda) WHERE lista = 1;
	CREATE INDEX ON casi (ambito, data_assegnazione, id_domanda) WHERE lista = 2;
	CREATE INDEX ON casi (ambito, comune, data_assegnazione, id_domanda) WHERE lista = 2;
	CREATE INDEX ON casi (ambito, nome_case_manager, id_domanda) WHERE lista = 2;
	CREATE INDEX ON casi (ambito, nome_assegnato_da, id_domanda) WHERE lista = 2;
	CREATE INDEX ON casi (case_manager, data_assegnazione, id_domanda) WHERE lista = 2;`

// Tabelle is what the projection keeps.
type Tabelle struct {
	Casi       projections.Table[id.Caso, Riga] `key:"caso" order:"ambito,lista,misura,data_presentazione,id_domanda"`
	Componenti projections.Table[Membro, Componente]
	Parole     projections.Table[Parola, Presenza] `order:"ambito,campo,parola,caso"`
	Conteggi   projections.Table[Gruppo, Conto]
	Nominativi projections.Table[id.Operatore, Nominativo] `key:"operatore"`
}

// Lista is the list that a case stands in; zero for neither: the case is
// closed, or the domanda has no place in the queue.
type Lista int16

// The lists.
const (
	DaAssegnare Lista = 1 // open cases that wait (GEPI-26)
	Assegnati   Lista = 2 // open cases that have a case manager (GEPI-41)
)

// Riga is one case of a list.
type Riga struct {
	IDDomanda         string `db:"id_domanda"`
	Misura            caso.Misura
	Ambito            string
	Comune            string // Belfiore
	CAP               string `db:"cap"`
	Via               string `personale:"nome"`
	Civico            string
	CodiceFiscale     string `personale:"codice_fiscale"` // of the richiedente, as are the names
	Cognome           string `personale:"nome"`
	Nome              string `personale:"nome"`
	CercaNome         string `personale:"testo"` // cognome and nome as words, for search and order
	CercaIndirizzo    string `personale:"testo"` // via and civico as words
	DataPresentazione giorno.Giorno
	Scadenza120       giorno.Giorno `db:"scadenza_120"` // by when an ADI nucleo has to come for the first time; Mai when it need not, or came
	NumeroComponenti  int
	Minori            int // under age on the day of the domanda; at least one when INPS says that there are some
	Disabili          int // likewise
	PresenzaMinori    bool
	PresenzaDisabili  bool
	Stato             caso.Stato
	InCoda            bool // the domanda has a place in the queue
	Lista             Lista

	Riassegnato          bool         // somebody was responsible before (GEPI-28)
	CaseManager          id.Operatore // zero while the case waits, as are the next four
	DataAssegnazione     time.Time
	AssegnatoDa          uuid.UUID
	NomeCaseManager      string `personale:"testo"` // as words, when the case was assigned: for order alone
	NomeAssegnatoDa      string `personale:"testo"`
	VersioneAssegnazione uint64 // how many assignment events there were
	Posizione            uint64 // of the last event that changed the row
}

// Mai is the day of terms that never end: after all others.
const Mai giorno.Giorno = massimo

// Membro names a person of the nucleo of a case.
type Membro struct {
	Caso       id.Caso
	Componente id.Componente
}

// Componente is by what a person counts, to be taken off the counts when they
// leave. Most count by nothing, and have no row.
type Componente struct {
	Minore   bool
	Disabile bool
}

// Parola is a word by which a case is found inside its ambito. The first word of
// a name is not among them: the order by name finds it.
type Parola struct {
	Ambito string
	Campo  Campo
	Parola string
	Caso   id.Caso
}

// Presenza is all there is to say about a Parola.
type Presenza struct{ Presente bool }

// Campo is where a word stands.
type Campo int16

// The fields that are searched by word.
const (
	CampoNome      Campo = 1
	CampoIndirizzo Campo = 2
)

// Gruppo is cases that are counted together.
type Gruppo struct {
	Lista       Lista
	Ambito      string
	Comune      string
	Misura      caso.Misura
	Riassegnato bool
}

// Conto is how many cases a Gruppo has.
type Conto struct{ Casi int }

// Nominativo is the name of an operator, as words.
type Nominativo struct {
	Nome string `personale:"testo"`
}
