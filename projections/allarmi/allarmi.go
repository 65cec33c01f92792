// Package allarmi answers: where did the access log look unusual, and what was
// made of it (reliability D-4)? It keeps ids, codes and counts, and the names of
// operators for order alone.
package allarmi

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/allarme"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections"
	"nucleo/projections/elenco"
)

// Projection builds the list of alerts.
var Projection = projections.Projection[Tabelle]{Name: "allarmi", Version: 1, Categories: []string{"allarme", "operatore"}, Apply: apply, Rifai: rifai, Indexes: `
	CREATE INDEX ON allarmi (ambito, posizione, allarme);
	CREATE INDEX ON allarmi (operatore, posizione, allarme);`}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Allarmi    projections.Table[id.Allarme, Riga]         `key:"allarme"`
	Nominativi projections.Table[id.Operatore, Nominativo] `key:"operatore" db:"nominativi_allarmi"`
}

// Nominativo is the name of an operator as words, by which rows are ordered.
type Nominativo struct {
	Nome string `personale:"testo"`
}

// Riga is one alert.
type Riga struct {
	Regola    allarme.Regola
	Ambito    string
	Operatore id.Operatore
	Dal       time.Time
	Prima     time.Time
	Misura    int
	Soglia    int
	Casi      string // ids with spaces between them
	Sollevato time.Time
	Posizione uint64 // in the log, of its beginning

	Stato    allarme.Stato
	Motivo   allarme.Motivo // empty until it was explained
	Seguito  uuid.UUID      // who explained or reported it, last
	Cambiato time.Time      // when
}

func apply(t *Tabelle, r domain.Recorded) {
	quando := r.Meta.Istante.UTC().Truncate(time.Microsecond)
	switch e := r.Event.(type) {
	case operatore.Registrato:
		t.Nominativi.Row(id.Operatore{UUID: r.Subject}).Nome = elenco.Parole(e.Cognome, e.Nome)
	case allarme.Sollevato:
		*t.Allarmi.New(id.Allarme{UUID: r.Subject}) = Riga{
			Regola: e.Regola, Ambito: e.Ambito, Operatore: e.Operatore, Dal: e.Dal.UTC().Truncate(time.Microsecond), Prima: e.Prima.UTC().Truncate(time.Microsecond),
			Misura: e.Misura, Soglia: e.Soglia, Casi: nomi(e.Casi), Sollevato: quando, Posizione: r.Position, Stato: allarme.Nuovo,
		}
	case allarme.SpiegazioneData:
		riga := t.Allarmi.Row(id.Allarme{UUID: r.Subject})
		riga.Stato, riga.Motivo, riga.Seguito, riga.Cambiato = allarme.Spiegato, e.Motivo, r.Meta.Attore, quando
	case allarme.SegnalazioneFatta:
		riga := t.Allarmi.Row(id.Allarme{UUID: r.Subject})
		riga.Stato, riga.Seguito, riga.Cambiato = allarme.Segnalato, r.Meta.Attore, quando
	}
}

func nomi(casi []id.Caso) string {
	nomi := make([]string, len(casi))
	for i, c := range casi {
		nomi[i] = c.String()
	}
	return strings.Join(nomi, " ")
}
