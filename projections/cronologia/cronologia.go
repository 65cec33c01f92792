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
var Projection = projections.Projection[Tabelle]{Name: "cronologia", Version: 1, Categories: []string{"caso"}, Apply: apply, Rifai: rifai}

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
	switch e := e.(type) {
	case caso.DomandaRicevuta:
		*t.Luoghi.New(c) = Luogo{IDDomanda: e.IDDomanda, Ambito: e.Ambito, Comune: e.Comune}
	case caso.Trasferito:
		luogo := t.Luoghi.Row(c)
		luogo.Ambito, luogo.Comune = e.AmbitoA, e.ComuneA
	case caso.Assegnato:
		t.passo(c, r.Meta, Riga{Evento: Assegnazione, A: e.CaseManager, Modalita: e.Modalita, Fondo: e.Fondo, Motivo: e.Motivo})
	case caso.Riassegnato:
		t.passo(c, r.Meta, Riga{Evento: Riassegnazione, Da: e.Da, A: e.A, Modalita: caso.Manuale, Fondo: e.Fondo, Motivo: e.Motivo})
	case caso.Annullata:
		modalita := caso.Manuale
		if programma(r.Meta.Ruolo) {
			modalita = caso.Automatica
		}
		t.passo(c, r.Meta, Riga{Evento: Annullamento, Da: e.CaseManager, Modalita: modalita, Motivo: string(e.Motivo), Nota: e.Nota})
	}
}

// passo adds a row, as things are now.
func (t *Tabelle) passo(c id.Caso, m domain.Meta, riga Riga) {
	luogo := t.Luoghi.Row(c)
	luogo.Passi++
	riga.IDDomanda, riga.Ambito, riga.Comune = luogo.IDDomanda, luogo.Ambito, luogo.Comune
	riga.EseguitaDa, riga.Ruolo, riga.Istante = m.Attore, m.Ruolo, m.Istante.UTC().Truncate(time.Microsecond)
	*t.Cronologia.New(Passo{c, luogo.Passi}) = riga
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

// Perdite are the operators from whom a case was taken, from an instant on and
// before another, and when the first was.
func Perdite(ctx context.Context, db DB, dal, prima time.Time) (map[id.Operatore]time.Time, error) {
	rows, err := db.Query(ctx, `SELECT da, min(istante) FROM cronologia
		WHERE istante >= $1 AND istante < $2 AND da <> '00000000-0000-0000-0000-000000000000' GROUP BY da`, dal, prima)
	if err != nil {
		return nil, err
	}
	perdite := map[id.Operatore]time.Time{}
	var o id.Operatore
	var quando time.Time
	_, err = pgx.ForEachRow(rows, []any{&o, &quando}, func() error {
		perdite[o] = quando.UTC()
		return nil
	})
	return perdite, err
}

// HaAssegnato reports whether somebody gave a case, or took one, from an
// instant on and before another.
func HaAssegnato(ctx context.Context, db DB, chi uuid.UUID, dal, prima time.Time) (bool, error) {
	rows, err := db.Query(ctx, `SELECT EXISTS (SELECT 1 FROM cronologia WHERE istante >= $1 AND istante < $2 AND eseguita_da = $3)`, dal, prima, chi)
	if err != nil {
		return false, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowTo[bool])
}
