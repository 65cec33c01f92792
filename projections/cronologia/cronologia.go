// Package cronologia answers: who gave this case to whom, and when? It is the
// history that coordinators see of a case (GEPI-46).
package cronologia

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/projections"
)

// Projection builds the chronology of every case.
var Projection = projections.Projection[Tabelle]{Name: "cronologia", Version: 1, Categories: []string{"caso"}, Apply: apply}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Luoghi     projections.Table[id.Caso, Luogo] `key:"caso"`
	Cronologia projections.Table[Passo, Riga]
}

// Luogo is the domanda of a case, where it lies, and how often it moved.
type Luogo struct {
	IDDomanda string `db:"id_domanda"`
	Ambito    string
	Comune    string
	Passi     uint64
}

// Passo numbers the assignment events of a case from 1.
type Passo struct {
	Caso id.Caso
	Seq  uint64
}

// Evento is what happened.
type Evento string

// The events.
const (
	Assegnazione   Evento = "ASSEGNAZIONE"
	Riassegnazione Evento = "RIASSEGNAZIONE"
	Annullamento   Evento = "ANNULLAMENTO"
)

// Riga is one event of the chronology, as things were then.
type Riga struct {
	IDDomanda  string `db:"id_domanda"`
	Ambito     string
	Comune     string
	Evento     Evento
	Da         id.Operatore // zero for an assignment
	A          id.Operatore // zero for an annulment
	EseguitaDa uuid.UUID    // an operator, or a program of the system
	Ruolo      domain.Ruolo
	Modalita   caso.Modalita
	Fondo      caso.Fondo
	Motivo     string `personale:"testo"` // of an annulment, one of caso.MotivoAnnullamento
	Nota       string `personale:"testo"`
	Istante    time.Time
}

func apply(t *Tabelle, r domain.Recorded) {
	e, ok := r.Event.(caso.Event)
	if !ok {
		return
	}
	c := id.Caso{UUID: r.Subject}
	luogo := t.Luoghi.Row(c)
	riga := Riga{
		IDDomanda: luogo.IDDomanda, Ambito: luogo.Ambito, Comune: luogo.Comune, Modalita: caso.Manuale,
		EseguitaDa: r.Meta.Attore, Ruolo: r.Meta.Ruolo, Istante: r.Meta.Istante.UTC().Truncate(time.Microsecond),
	}
	switch e := e.(type) {
	case caso.DomandaRicevuta:
		luogo.IDDomanda, luogo.Ambito, luogo.Comune = e.IDDomanda, e.Ambito, e.Comune
		return
	case caso.Trasferito:
		luogo.Ambito, luogo.Comune = e.AmbitoA, e.ComuneA
		return
	case caso.Assegnato:
		riga.Evento, riga.A, riga.Modalita, riga.Fondo, riga.Motivo = Assegnazione, e.CaseManager, e.Modalita, e.Fondo, e.Motivo
	case caso.Riassegnato:
		riga.Evento, riga.Da, riga.A, riga.Fondo, riga.Motivo = Riassegnazione, e.Da, e.A, e.Fondo, e.Motivo
	case caso.Annullata:
		riga.Evento, riga.Da, riga.Motivo, riga.Nota = Annullamento, e.CaseManager, string(e.Motivo), e.Nota
		if programma(r.Meta.Ruolo) {
			riga.Modalita = caso.Automatica
		}
	default:
		return
	}
	luogo.Passi++
	*t.Cronologia.Row(Passo{c, luogo.Passi}) = riga
}

// programma reports whether a role is that of a part of the system.
func programma(r domain.Ruolo) bool {
	return r == domain.SistemaINPS || r == domain.SistemaPolitiche || r == domain.SistemaInstallatore
}

// DB is what the queries need of a pgxpool.Pool.
type DB interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}

// Voce is a row with its place in the chronology of its case.
type Voce struct {
	Passo
	Riga
}

// Di is the chronology of a case, from the first event on.
func Di(ctx context.Context, db DB, c id.Caso) ([]Voce, error) {
	rows, err := db.Query(ctx, `SELECT caso, seq, id_domanda, ambito, comune, evento, da, a, eseguita_da, ruolo, modalita, fondo, motivo, nota, istante
		FROM cronologia WHERE caso = $1 ORDER BY seq`, c.UUID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (v Voce, err error) {
		err = row.Scan(&v.Caso, &v.Seq, &v.IDDomanda, &v.Ambito, &v.Comune, &v.Evento, &v.Da, &v.A, &v.EseguitaDa, &v.Ruolo,
			&v.Modalita, &v.Fondo, &v.Motivo, &v.Nota, &v.Istante)
		v.Istante = v.Istante.UTC()
		return v, err
	})
}
