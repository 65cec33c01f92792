// Package ambiti answers: which ambiti are there, and which comuni belong to
// them?
package ambiti

import (
	"strings"

	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/domain/giorno"
	"nucleo/projections"
	"nucleo/projections/elenco"
)

// Projection builds the map of the territory.
var Projection = projections.Projection[Tabelle]{Name: "ambiti", Version: 5, Categories: []string{"ambito"}, Apply: apply, Indexes: `
	CREATE INDEX ON ambiti (cerca, codice);
	CREATE INDEX ON comuni (ambito, comune);`}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Ambiti projections.Table[string, Riga]  `key:"codice"`
	Comuni projections.Table[string, Luogo] `key:"comune"`

	Adesioni projections.Table[Dove, Adesione]
}

// Dove is a comune in an ambito.
type Dove struct{ Ambito, Comune string }

// Adesione is by what a comune belongs to its ambito, as far as it was noted.
type Adesione struct {
	Convenzione giorno.Giorno // when the agreement was signed; zero without one
	Delega      giorno.Giorno // when it left its duties to the ambito; likewise
	Atto        string        // by which it did
}

// Riga is one ambito.
type Riga struct {
	Denominazione string
	Regione       string
	Cerca         string // the name as words, for search and order
	NumeroComuni  int

	Ente            string        // the body that carries out the association, once it has signed
	ConvenzioneEnte giorno.Giorno // when it did

	AutoapprovazioneVietata bool // nobody approves a segnalazione that they proposed
}

// Luogo is the ambito of a comune, which has one at most.
type Luogo struct{ Ambito string }

func apply(t *Tabelle, r domain.Recorded) {
	switch e := r.Event.(type) {
	case ambito.Creato:
		riga := t.Ambiti.Row(e.Codice)
		riga.Denominazione, riga.Regione, riga.Cerca = e.Denominazione, e.Regione, elenco.Parole(e.Denominazione)
	case ambito.ComuneAssociato:
		codice := strings.TrimPrefix(r.Stream, "ambito-")
		t.Comuni.Row(e.Comune).Ambito = codice
		t.Ambiti.Row(codice).NumeroComuni++
	case ambito.ComuneDissociato:
		codice := domain.Key(r.Stream)
		t.Ambiti.Row(codice).NumeroComuni--
		if t.Comuni.Row(e.Comune).Ambito == codice { // another may have taken it meanwhile
			*t.Comuni.Row(e.Comune) = Luogo{}
		}
		*t.Adesioni.Row(Dove{codice, e.Comune}) = Adesione{}
	case ambito.ConvenzioneSottoscritta:
		if e.Ente != "" {
			riga := t.Ambiti.Row(domain.Key(r.Stream))
			riga.Ente, riga.ConvenzioneEnte = e.Ente, e.Data
			break
		}
		t.Adesioni.Row(Dove{domain.Key(r.Stream), e.Comune}).Convenzione = e.Data
	case ambito.DelegaRegistrata:
		for _, comune := range e.Comuni {
			a := t.Adesioni.Row(Dove{domain.Key(r.Stream), comune})
			a.Delega, a.Atto = e.Data, e.Atto
		}
	case ambito.AutoapprovazioneVietata:
		t.Ambiti.Row(domain.Key(r.Stream)).AutoapprovazioneVietata = true
	case ambito.AutoapprovazioneConsentita:
		t.Ambiti.Row(domain.Key(r.Stream)).AutoapprovazioneVietata = false
	}
}
