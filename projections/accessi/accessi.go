// Package accessi answers: who looked at what, when, and who was refused? It is
// the access log as a list (GEPI-16, D-4), read by who administers an ambito,
// by auditors, by the privacy desk, and by each operator for themselves. It
// keeps ids, codes and counts, as the records do, and the names of operators
// for order alone. A month that has expired is gone, but for how many records
// its streams held.
package accessi

import (
	"encoding/binary"
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/conservazione"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections"
	"nucleo/projections/elenco"
)

// Projection builds the list of accesses.
var Projection = projections.Projection[Tabelle]{Name: "accessi", Version: 2, Categories: []string{"accesso", "operatore", "conservazione"}, Apply: apply, Rifai: rifai, Indexes: `
	CREATE INDEX ON accessi (ambito, posizione, accesso);
	CREATE INDEX ON accessi (operatore, posizione, accesso);
	CREATE INDEX ON accessi (caso, posizione, accesso);
	CREATE INDEX ON accessi (istante);
	CREATE INDEX ON flussi_accessi (mese);`}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Accessi    projections.Table[Chiave, Riga]
	Flussi     projections.Table[string, Flusso]           `key:"flusso" db:"flussi_accessi"`
	Nominativi projections.Table[id.Operatore, Nominativo] `key:"operatore" db:"nominativi_accessi"`
}

// Nominativo is the name of an operator as words, by which rows are ordered.
type Nominativo struct {
	Nome string `personale:"testo"`
}

// Chiave names a record by its place in its stream, so that the end of a stream
// knows all of them.
type Chiave struct{ Accesso uuid.UUID }

// luoghi is the namespace of the names of places.
var luoghi = uuid.MustParse("c4b1d0c2-5f0e-5b6d-9a7e-0d3f6a2b8e15")

func chiave(flusso string, versione uint64) Chiave {
	return Chiave{uuid.NewSHA1(luoghi, binary.BigEndian.AppendUint64([]byte(flusso), versione))}
}

// Flusso is one stream of the access log, also when it has expired.
type Flusso struct {
	Ambito  string
	Mese    string
	Eventi  int
	Testa   string // Self of the last event, in hexadecimal
	Scaduto bool
}

// Riga is one record.
type Riga struct {
	Evento    uuid.UUID // its id
	Ambito    string    // in which the case lies, or who asked works; accesso.Nazionale
	Mese      string    // of the stream, 202605
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
		t.conta(r, ambito, mese)
		*t.Accessi.New(chiave(r.Stream, r.Version)) = Riga{
			Evento: r.ID, Ambito: ambito, Mese: mese, Istante: r.Meta.Istante.UTC().Truncate(time.Microsecond), Posizione: r.Position,
			Operatore: e.Operatore, Profilo: e.Profilo, Ruolo: e.Ruolo, Rotta: e.Rotta, Decisione: e.Decisione, Codice: e.Motivo,
			Caso: e.Caso, Classi: classi(e.Classi), Campi: strings.Join(e.Campi, " "), Righe: e.Righe,
		}
	case conservazione.Scaduto:
		*t.Flussi.Row(e.Flusso) = Flusso{Ambito: e.Ambito, Mese: e.Mese, Eventi: e.Eventi, Testa: e.Testa.String(), Scaduto: true}
		for n := range e.Eventi {
			*t.Accessi.Row(chiave(e.Flusso, uint64(n+1))) = Riga{}
		}
	}
}

// conta notes how far a stream has come.
func (t *Tabelle) conta(r domain.Recorded, ambito, mese string) {
	riga := t.Flussi.New
	if r.Version > 1 {
		riga = t.Flussi.Row
	}
	*riga(r.Stream) = Flusso{Ambito: ambito, Mese: mese, Eventi: int(r.Version), Testa: r.Meta.Self.String()}
}

func classi(tutte []accesso.Classe) string {
	nomi := make([]string, len(tutte))
	for i, c := range tutte {
		nomi[i] = string(c)
	}
	return strings.Join(nomi, " ")
}
