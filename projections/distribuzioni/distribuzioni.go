// Package distribuzioni answers: which automatic assignments were there, how
// far have they come, and what did they choose for each case, and why?
// (domain rule 7.15)
package distribuzioni

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"nucleo/domain"
	"nucleo/domain/distribuzione"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/domain/processo"
	"nucleo/projections"
	"nucleo/projections/elenco"
)

// Projection builds the list of automatic assignments.
var Projection = projections.Projection[Tabelle]{Name: "distribuzioni", Version: 2, Categories: []string{"distribuzione", "processo", "operatore"}, Apply: apply, Rifai: rifai, Indexes: `
	CREATE INDEX ON procedure (ambito, avviata, processo);
	CREATE INDEX ON procedure (processo) WHERE stato = 'IN_CORSO';`}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Procedure       projections.Table[id.Processo, Procedura] `key:"processo"`
	ProceduraComune projections.Table[Luogo, Presenza]
	Scelte          projections.Table[Numero, Scelta]
	Nominativi      projections.Table[id.Operatore, Nominativo] `key:"operatore" db:"nominativi_distribuzioni"`
}

// Nominativo is the name of an operator as words, by which choices are ordered.
type Nominativo struct {
	Nome string `personale:"testo"`
}

// Stato is how a run stands.
type Stato string

// The states.
const (
	InCorso    Stato = "IN_CORSO"
	Completata Stato = "COMPLETATA"
	Interrotta Stato = "INTERROTTA"
	Fallita    Stato = "FALLITA"
)

// Procedura is one run. The comuni of its territory stand apart.
type Procedura struct {
	Ambito       string
	Intera       bool // on the ambito whole
	Coordinatore id.Operatore
	Comune       string // of the filter, as are the next three
	Misura       string
	Priorita     string // with commas between them
	Riassegnato  string // true, false; empty for both
	Stato        Stato
	Totale       int
	Assegnati    int
	Saltati      int
	Avviata      time.Time
	Terminata    time.Time
	Motivo       string // why it failed
}

// Luogo is a comune of the territory of a run.
type Luogo struct {
	Processo id.Processo
	Comune   string
}

// Presenza is all there is to say about a Luogo.
type Presenza struct{ Presente bool }

// Numero names a choice of a run. Those from the total on are of a plan that
// another took the place of.
type Numero struct {
	Processo id.Processo
	Numero   int
}

// Esito is what became of a case.
type Esito string

// The outcomes.
const (
	DaFare    Esito = "DA_FARE"
	Assegnato Esito = "ASSEGNATO"
	Saltato   Esito = "SALTATO"
)

// Scelta is what a run chose for a case, and why.
type Scelta struct {
	Caso        id.Caso
	IDDomanda   string `db:"id_domanda"`
	Comune      string
	CaseManager id.Operatore
	Carico      int
	NellaCorsa  int
	Idonei      int
	Assenti     int
	Alternative string // JSON, as in the event
	Esito       Esito
	Motivo      processo.MotivoSalto
}

func apply(t *Tabelle, r domain.Recorded) {
	switch e := r.Event.(type) {
	case distribuzione.Event:
		t.procedura(e, r.Meta.Istante.UTC().Truncate(time.Microsecond))
	case processo.Event:
		t.processo(id.Processo{UUID: r.Subject}, e)
	case operatore.Registrato:
		t.Nominativi.Row(id.Operatore{UUID: r.Subject}).Nome = elenco.Parole(e.Cognome, e.Nome)
	}
}

func (t *Tabelle) procedura(e distribuzione.Event, quando time.Time) {
	termina := func(p id.Processo, stato Stato, motivo string) {
		riga := t.Procedure.Row(p)
		riga.Stato, riga.Terminata, riga.Motivo = stato, quando, motivo
	}
	switch e := e.(type) {
	case distribuzione.Avviata:
		riga := Da(distribuzione.Procedura{Processo: e.Processo, Coordinatore: e.Coordinatore, Territorio: e.Territorio, Filtro: e.Filtro})
		riga.Avviata = quando
		*t.Procedure.Row(e.Processo) = riga
		for _, comune := range e.Territorio.Comuni {
			t.ProceduraComune.Row(Luogo{e.Processo, comune}).Presente = true
		}
	case distribuzione.Completata:
		termina(e.Processo, Completata, "")
	case distribuzione.Interrotta:
		termina(e.Processo, Interrotta, "")
	case distribuzione.Fallita:
		termina(e.Processo, Fallita, e.Motivo)
	case distribuzione.InterruzioneRichiesta: // the end will tell
	}
}

// Da is the row of a run that has just begun.
func Da(p distribuzione.Procedura) Procedura {
	return Procedura{
		Ambito: p.Territorio.Ambito, Intera: len(p.Territorio.Comuni) == 0, Coordinatore: p.Coordinatore, Comune: p.Filtro.Comune, Misura: p.Filtro.Misura,
		Priorita: strings.Join(p.Filtro.Priorita, ","), Riassegnato: sceltoO(p.Filtro.Riassegnato), Stato: InCorso,
	}
}

// sceltoO is a choice of two, or none.
func sceltoO(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}

func (t *Tabelle) processo(p id.Processo, e processo.Event) {
	switch e := e.(type) {
	case processo.PianoEsteso:
		t.Procedure.Row(p).Totale = e.Totale
		for n, s := range e.Scelte {
			*t.Scelte.Row(Numero{p, e.Da + n}) = Scelta{
				Caso: s.Caso, IDDomanda: s.IDDomanda, Comune: s.Comune, CaseManager: s.CaseManager, Carico: s.Carico, NellaCorsa: s.NellaCorsa,
				Idonei: s.Idonei, Assenti: s.Assenti, Alternative: scrivi(s.Alternative), Esito: DaFare,
			}
		}
	case processo.Distribuito:
		t.Scelte.Row(Numero{p, e.Numero}).Esito = Assegnato
		t.Procedure.Row(p).Assegnati++
	case processo.Saltato:
		s := t.Scelte.Row(Numero{p, e.Numero})
		s.Esito, s.Motivo = Saltato, e.Motivo
		t.Procedure.Row(p).Saltati++
	}
}

// scrivi writes alternatives as JSON: nobody searches by them.
func scrivi(a []processo.Alternativa) string {
	if len(a) == 0 {
		return ""
	}
	testo, err := json.Marshal(a)
	if err != nil {
		panic(err) // ids and numbers
	}
	return string(testo)
}
