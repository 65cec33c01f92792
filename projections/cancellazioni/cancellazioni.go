// Package cancellazioni answers: who is to be erased, on which basis, and how far
// is it; and which cases are held against that? A privacy desk reads those of
// its ambito. Nothing in it is about a person.
package cancellazioni

import (
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/cancellazione"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/vincolo"
	"nucleo/projections"
)

// Projection builds the lists.
var Projection = projections.Projection[Tabelle]{
	Name: "cancellazioni", Version: 2, Categories: []string{"cancellazione", "vincolo"}, Apply: apply,
	Indexes: `CREATE INDEX ON cancellazioni (ambito, richiesta_il, cancellazione); CREATE INDEX ON cancellazioni (caso); CREATE INDEX ON cancellazioni (stato) WHERE stato IN ('AUTORIZZATA', 'DISTRUTTA');
		CREATE INDEX ON vincoli (ambito, posto_il, caso);`,
}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Cancellazioni projections.Table[id.Cancellazione, Riga] `key:"cancellazione"`
	Vincoli       projections.Table[id.Caso, Vincolo]       `key:"caso"`
}

// Riga is one request.
type Riga struct {
	Tipo        cancellazione.Tipo
	Caso        id.Caso
	Quale       uuid.UUID
	Ambito      string
	RichiestaDa id.Operatore `db:"richiesta_da"`
	Base        cancellazione.Base
	Riferimento string
	RichiestaIl time.Time     `db:"richiesta_il"` // or proposed, while nobody has asked
	Fine        giorno.Giorno // of the case, where the program proposed it
	Stato       cancellazione.Stato
	DecisaDa    id.Operatore `db:"decisa_da"`
	DecisaIl    time.Time    `db:"decisa_il"`
	Motivo      string       // why it was refused, or set aside
	Chiavi      int
	Valori      int
	ProvataIl   time.Time `db:"provata_il"`
	Posizione   uint64    // of its last event
}

// Vincolo is the hold of a case.
type Vincolo struct {
	Ambito      string
	PostoDa     id.Operatore `db:"posto_da"`
	PostoIl     time.Time    `db:"posto_il"`
	Motivo      vincolo.Motivo
	Riferimento string
}

func apply(t *Tabelle, r domain.Recorded) {
	istante := r.Meta.Istante.UTC().Truncate(time.Microsecond)
	switch e := r.Event.(type) {
	case cancellazione.Event:
		t.richiesta(id.Cancellazione{UUID: r.Subject}, e, istante).Posizione = r.Position
	case vincolo.Posto:
		*t.Vincoli.Row(e.Caso) = Vincolo{Ambito: e.Ambito, PostoDa: e.Da, PostoIl: istante, Motivo: e.Motivo, Riferimento: e.Riferimento}
	case vincolo.Tolto:
		*t.Vincoli.Row(id.Caso{UUID: r.Subject}) = Vincolo{}
	}
}

func (t *Tabelle) richiesta(quale id.Cancellazione, e cancellazione.Event, istante time.Time) *Riga {
	riga := t.Cancellazioni.Row(quale)
	switch e := e.(type) {
	case cancellazione.Scadenza:
		*riga = Riga{
			Tipo: e.Tipo, Caso: e.Caso, Quale: e.Quale, Ambito: e.Ambito, Base: cancellazione.TermineDecorso, RichiestaIl: istante, Fine: e.Fine,
			Stato: cancellazione.Proposta,
		}
	case cancellazione.Accantonamento:
		riga.Stato, riga.DecisaDa, riga.DecisaIl, riga.Motivo = cancellazione.Accantonata, e.Da, istante, string(e.Motivo)
	case cancellazione.Richiesta:
		*riga = Riga{
			Fine: riga.Fine,
			Tipo: e.Tipo, Caso: e.Caso, Quale: e.Quale, Ambito: e.Ambito, RichiestaDa: e.Da, Base: e.Base, Riferimento: e.Riferimento,
			RichiestaIl: istante, Stato: cancellazione.InAttesa,
		}
	case cancellazione.Rifiuto:
		riga.Stato, riga.DecisaDa, riga.DecisaIl, riga.Motivo = cancellazione.Rifiutata, e.Da, istante, string(e.Motivo)
	case cancellazione.Autorizzazione:
		riga.Stato, riga.DecisaDa, riga.DecisaIl = cancellazione.Autorizzata, e.Da, istante
	case cancellazione.ChiaviDistrutte:
		riga.Stato, riga.Chiavi, riga.Valori = cancellazione.Distrutta, e.Chiavi, e.Valori
	case cancellazione.Prova:
		riga.Stato, riga.ProvataIl = cancellazione.Provata, istante
	}
	return riga
}
