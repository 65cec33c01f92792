// Package accessi answers: who looked at what, when, and who was refused? It is
// the access log as a list (GEPI-16, D-4), read by who administers an ambito,
// by auditors, by the privacy desk, and by each operator for themselves. It
// keeps ids, codes and counts, as the records do, and the names of operators
// for order alone.
package accessi

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections"
	"nucleo/projections/elenco"
)

// Projection builds the list of accesses.
var Projection = projections.Projection[Tabelle]{Name: "accessi", Version: 1, Categories: []string{"accesso", "operatore"}, Apply: apply, Indexes: `
	CREATE INDEX ON accessi (ambito, posizione, accesso);
	CREATE INDEX ON accessi (operatore, posizione, accesso);
	CREATE INDEX ON accessi (caso, posizione, accesso);`}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Accessi    projections.Table[Chiave, Riga]
	Nominativi projections.Table[id.Operatore, Nominativo] `key:"operatore" db:"nominativi_accessi"`
}

// Nominativo is the name of an operator as words, by which rows are ordered.
type Nominativo struct {
	Nome string `personale:"testo"`
}

// Chiave names a record by the id of its event.
type Chiave struct{ Accesso uuid.UUID }

// Riga is one record.
type Riga struct {
	Ambito    string // in which the case lies, or who asked works; accesso.Nazionale
	Mese      string // of the stream, 202605
	Istante   time.Time
	Posizione uint64 // in the log: records of one append have one time
	Operatore id.Operatore
	Profilo   id.Accreditamento // none when nobody was let in
	Ruolo     domain.Ruolo
	Rotta     string
	Decisione accesso.Decisione
	Codice    string  // of the refusal
	Caso      id.Caso // none where many were shown, or none
	Classi    string  // with spaces between them, as are the next
	Campi     string
	Righe     int
}

func apply(t *Tabelle, r domain.Recorded) {
	switch e := r.Event.(type) {
	case operatore.Registrato:
		t.Nominativi.Row(id.Operatore{UUID: r.Subject}).Nome = elenco.Parole(e.Cognome, e.Nome)
	case accesso.Registrato:
		ambito, mese, ok := accesso.Luogo(r.Stream)
		if !ok {
			return
		}
		*t.Accessi.New(Chiave{r.ID}) = Riga{
			Ambito: ambito, Mese: mese, Istante: r.Meta.Istante.UTC().Truncate(time.Microsecond), Posizione: r.Position,
			Operatore: e.Operatore, Profilo: e.Profilo, Ruolo: e.Ruolo, Rotta: e.Rotta, Decisione: e.Decisione, Codice: e.Motivo,
			Caso: e.Caso, Classi: classi(e.Classi), Campi: strings.Join(e.Campi, " "), Righe: e.Righe,
		}
	}
}

func classi(tutte []accesso.Classe) string {
	nomi := make([]string, len(tutte))
	for i, c := range tutte {
		nomi[i] = string(c)
	}
	return strings.Join(nomi, " ")
}
