// Package nuclei answers: who is in a nucleo, and in whose is somebody who is
// named by codice fiscale? It is the one read model that the queries of others
// read too: casi, agenda and segnalazioni join its table, so that persons, of
// whom there are more than of anything else, are written once (ADR 0033).
//
// It holds no codice fiscale. A person is found by the blind index of it.
package nuclei

import (
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/personale"
	"nucleo/projections"
)

// Projection builds the persons of the nuclei.
var Projection = projections.Projection[Tabelle]{Name: "nuclei", Version: 1, Categories: []string{"caso"}, Apply: apply, Rifai: rifai, Indexes: `
	CREATE INDEX ON membri (cieco);`}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Membri projections.Table[Chiave, Membro]
	Pepe   codicefiscale.Pepe // which the engine hands in
}

// Chiave names a person who is or was in the nucleo of a case.
type Chiave struct {
	Caso       id.Caso
	Componente id.Componente
}

// Membro is who that is.
type Membro struct {
	Cieco     codicefiscale.Cieco
	Cognome   string        `personale:"nome"`
	Nome      string        `personale:"nome"`
	Relazione string        `personale:"dato"`
	Nascita   giorno.Giorno `personale:"dato"`
	Disabile  bool          `personale:"dato"`
	Uscito    bool          // from the nucleo: kept for the segnalazioni about them
}

func apply(t *Tabelle, r domain.Recorded) {
	c := id.Caso{UUID: r.Subject}
	switch e := r.Event.(type) {
	case caso.DomandaRicevuta:
		t.entrano(t.Membri.New, c, e.Componenti)
	case caso.ComposizioneNucleoAggiornata:
		for _, u := range e.Rimossi {
			t.Membri.Row(Chiave{c, u.Componente}).Uscito = true
		}
		t.entrano(t.Membri.Row, c, e.Modificati)
		t.entrano(t.Membri.Row, c, e.Aggiunti)
	}
}

func (t *Tabelle) entrano(row func(Chiave) *Membro, c id.Caso, persone []caso.Componente) {
	for _, p := range persone {
		*row(Chiave{c, p.ID}) = Membro{
			Cieco: t.cieco(p.CodiceFiscale), Cognome: p.Cognome, Nome: p.Nome, Relazione: p.Relazione, Nascita: p.DataNascita, Disabile: p.Disabilita,
		}
	}
}

// cieco is the blind index of a code; none of one that was erased.
func (t *Tabelle) cieco(codice string) codicefiscale.Cieco {
	if codice == personale.Cancellato {
		return codicefiscale.Cieco{}
	}
	return t.Pepe.Cieco(codice)
}

// rifai makes the persons of a case anew.
func rifai(t *Tabelle, storia []domain.Recorded) {
	nuove := Tabelle{Pepe: t.Pepe}
	for _, r := range storia {
		apply(&nuove, r)
	}
	t.Membri.Rimetti(&nuove.Membri)
}
