// Package operatori answers: who works on the platform, in which roles, and
// who of them can be given a case of a comune?
package operatori

import (
	"time"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections"
	"nucleo/projections/elenco"
)

// Projection builds the list of operators.
var Projection = projections.Projection[Tabelle]{Name: "operatori", Version: 5, Categories: []string{"operatore"}, Apply: apply, Rifai: rifai, Indexes: `
	CREATE INDEX ON operatori (cerca_nome, operatore);
	CREATE INDEX ON operatori (codice_fiscale);
	CREATE INDEX ON accreditamenti (operatore);
	CREATE INDEX ON accreditamenti (ambito, ruolo, operatore);
	CREATE INDEX ON accreditamento_comune (comune);
	CREATE INDEX ON indisponibilita (operatore, al);`}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Operatori            projections.Table[id.Operatore, Riga]                `key:"operatore"`
	Accreditamenti       projections.Table[id.Accreditamento, Accreditamento] `key:"accreditamento"`
	AccreditamentoComune projections.Table[Copertura, Presenza]
	Indisponibilita      projections.Table[id.Indisponibilita, Indisponibilita] `key:"indisponibilita"`
}

// Riga is one person.
type Riga struct {
	CodiceFiscale string `personale:"codice_fiscale"`
	Cognome       string `personale:"nome"`
	Nome          string `personale:"nome"`
	CercaNome     string `personale:"testo"` // surname and name as words, for search and order
	Sospeso       bool
}

// Accreditamento is one role of a person. Its comuni stand apart; it has none
// when it holds on the whole ambito, or everywhere.
type Accreditamento struct {
	Operatore id.Operatore
	Ruolo     domain.Ruolo
	Ambito    string // empty: everywhere
	Livello   string // A, C
	Fondo     string
	Dal       giorno.Giorno
	Sospeso   bool // may not be acted under for a while
	Revocato  bool
	Al        time.Time // when it was revoked
	Ordine    uint64    // accreditations of a person in the order in which they were given
}

// Copertura is a comune in which an accreditation holds.
type Copertura struct {
	Accreditamento id.Accreditamento
	Comune         string
}

// Presenza is all there is to say about a Copertura.
type Presenza struct{ Presente bool }

// Indisponibilita is an absence of a person. Why they are away is not kept
// here: whoever looks for a case manager need not know (see the stream).
type Indisponibilita struct {
	Operatore id.Operatore
	Dal       giorno.Giorno
	Al        giorno.Giorno
	Revocata  bool
}

func apply(t *Tabelle, r domain.Recorded) {
	switch e := r.Event.(type) {
	case operatore.Registrato:
		*t.Operatori.Row(id.Operatore{UUID: r.Subject}) = Riga{
			CodiceFiscale: e.CodiceFiscale, Cognome: e.Cognome, Nome: e.Nome, CercaNome: elenco.Parole(e.Cognome + " " + e.Nome),
		}
	case operatore.RegistrazioneAnnullata:
		*t.Operatori.Row(id.Operatore{UUID: r.Subject}) = Riga{}
	case operatore.Sospeso:
		t.Operatori.Row(id.Operatore{UUID: r.Subject}).Sospeso = true
	case operatore.Riattivato:
		t.Operatori.Row(id.Operatore{UUID: r.Subject}).Sospeso = false
	case operatore.Modificato:
		t.Accreditamenti.Row(e.Accreditamento).Livello = e.Livello
		for _, comune := range e.Da {
			t.AccreditamentoComune.Row(Copertura{e.Accreditamento, comune}).Presente = false
		}
		for _, comune := range e.Comuni {
			t.AccreditamentoComune.Row(Copertura{e.Accreditamento, comune}).Presente = true
		}
	case operatore.FondoAggiornato:
		t.Accreditamenti.Row(e.Accreditamento).Fondo = e.Fondo
	case operatore.Accreditato:
		*t.Accreditamenti.Row(e.Accreditamento) = Accreditamento{
			Operatore: id.Operatore{UUID: r.Subject}, Ruolo: e.Ruolo, Ambito: e.Territorio.Ambito, Livello: e.Livello, Fondo: e.Fondo,
			Dal: e.Dal, Ordine: r.Version,
		}
		for _, comune := range e.Territorio.Comuni {
			t.AccreditamentoComune.Row(Copertura{e.Accreditamento, comune}).Presente = true
		}
	case operatore.AccreditamentoSospeso:
		t.Accreditamenti.Row(e.Accreditamento).Sospeso = true
	case operatore.AccreditamentoRiattivato:
		t.Accreditamenti.Row(e.Accreditamento).Sospeso = false
	case operatore.Revocato:
		a := t.Accreditamenti.Row(e.Accreditamento)
		a.Revocato, a.Al = true, r.Meta.Istante.UTC().Truncate(time.Microsecond)
	case operatore.IndisponibilitaRegistrata:
		*t.Indisponibilita.Row(e.Indisponibilita) = Indisponibilita{Operatore: id.Operatore{UUID: r.Subject}, Dal: e.Dal, Al: e.Al}
	case operatore.IndisponibilitaRevocata:
		t.Indisponibilita.Row(e.Indisponibilita).Revocata = true
	}
}
