// Package comunicazioni answers: what were the nuclei told, and did it arrive?
// It is the list by which coordinators check what case managers send (GEPI-55,
// GEPI-56), domain rule 7.7. It keeps no text of a message, no contact, and of
// who it went to a masked name alone.
package comunicazioni

import (
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/domain/personale"
	"nucleo/projections"
	"nucleo/projections/elenco"
)

// Projection builds the list of communications.
var Projection = projections.Projection[Tabelle]{Name: "comunicazioni", Version: 2, Categories: []string{"caso", "operatore"}, Apply: apply, Rifai: rifai, Indexes: `
	CREATE INDEX ON comunicazioni (ambito, istante, comunicazione);
	CREATE INDEX ON comunicazioni (ambito, formale, istante, comunicazione);
	CREATE INDEX ON comunicazioni (responsabile, istante, comunicazione);
	CREATE INDEX ON comunicazioni (autore, istante, comunicazione);`}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Casi          projections.Table[id.Caso, Caso] `key:"caso"`
	Persone       projections.Table[Persona, Nome]
	Numeri        projections.Table[Numero, Quale]
	Comunicazioni projections.Table[Chiave, Riga]
	Nominativi    projections.Table[id.Operatore, Nominativo] `key:"operatore" db:"nominativi_comunicazioni"`
}

// Nominativo is the name of an operator as words, by which rows are ordered.
type Nominativo struct {
	Nome string `personale:"testo"`
}

// DelCaso is what a row tells of the case.
type DelCaso struct {
	IDDomanda    string `db:"id_domanda"`
	Ambito       string
	Comune       string       // Belfiore
	Responsabile id.Operatore // the case manager now
}

// Caso is a case, and how many communications it ever had.
type Caso struct {
	DelCaso
	Comunicazioni int
}

// Persona is somebody who is, or was, in a nucleo.
type Persona struct {
	Caso       id.Caso
	Componente id.Componente
}

// Nome is a masked name: RO****ESI M****.
type Nome struct{ Mascherato string }

// Numero numbers the communications of a case from 0.
type Numero struct {
	Caso   id.Caso
	Numero int
}

// Quale is the communication that has a number.
type Quale struct{ Comunicazione id.Comunicazione }

// Chiave names a communication of a case.
type Chiave struct {
	Caso          id.Caso
	Comunicazione id.Comunicazione
}

// InAttesa is the state of a letter of which nobody knows yet what became of it.
const InAttesa = "IN_ATTESA"

// Riga is one communication.
type Riga struct {
	DelCaso
	Formale      bool
	Tipo         caso.TipoComunicazione
	Via          string    // the way of a message, or the means of a letter
	Autore       uuid.UUID // who wrote or recorded it
	Destinatario string    // masked, the first of them; empty when it went to the nucleo
	Destinatari  int
	Istante      time.Time // when it was queued; of a letter, midnight UTC of the day it was sent
	Stato        string    // caso.StatoComunicazione, caso.EsitoFormale or InAttesa
	Numero       string    `personale:"testo"` // of the letter
	Ricevuta     giorno.Giorno
}

func apply(t *Tabelle, r domain.Recorded) {
	c := id.Caso{UUID: r.Subject}
	switch e := r.Event.(type) {
	case operatore.Registrato:
		t.Nominativi.Row(id.Operatore{UUID: r.Subject}).Nome = elenco.Parole(e.Cognome, e.Nome)
	case caso.ComunicazioneAccodata:
		t.nuova(c, e.Comunicazione, e.Destinatari, Riga{
			Tipo: e.Tipo, Via: string(e.Canale), Autore: r.Meta.Attore, Istante: r.Meta.Istante.UTC().Truncate(time.Microsecond), Stato: string(caso.Accodata),
		})
	case caso.ComunicazioneFormaleRegistrata:
		t.nuova(c, e.Comunicazione, e.Destinatari, Riga{
			Formale: true, Tipo: e.Tipo, Via: string(e.Mezzo), Autore: r.Meta.Attore, Istante: e.DataInvio.Time(), Stato: InAttesa, Numero: e.Numero,
		})
	case caso.ComunicazioneInviata:
		t.Comunicazioni.Row(Chiave{c, e.Comunicazione}).Stato = string(caso.Spedita)
	case caso.ComunicazioneConsegnata:
		t.Comunicazioni.Row(Chiave{c, e.Comunicazione}).Stato = string(caso.Consegnata)
	case caso.ComunicazioneFallita:
		t.Comunicazioni.Row(Chiave{c, e.Comunicazione}).Stato = string(caso.Fallita)
	case caso.EsitoComunicazioneFormaleRegistrato:
		riga := t.Comunicazioni.Row(Chiave{c, e.Comunicazione})
		riga.Stato, riga.Ricevuta = string(e.Esito), e.DataRicezione
	case caso.DomandaRicevuta, caso.ComposizioneNucleoAggiornata, caso.Trasferito, caso.Assegnato, caso.Riassegnato, caso.Annullata:
		t.segue(c, e.(caso.Event))
	}
}

// nuova adds a communication to the list.
func (t *Tabelle) nuova(c id.Caso, m id.Comunicazione, a []id.Componente, riga Riga) {
	del := t.Casi.Row(c)
	t.Numeri.Row(Numero{c, del.Comunicazioni}).Comunicazione = m
	del.Comunicazioni++
	riga.DelCaso, riga.Destinatari = del.DelCaso, len(a)
	if len(a) > 0 {
		riga.Destinatario = t.Persone.Row(Persona{c, a[0]}).Mascherato
	}
	*t.Comunicazioni.Row(Chiave{c, m}) = riga
}

// segue follows the case, and tells its communications of it.
func (t *Tabelle) segue(c id.Caso, e caso.Event) {
	del := t.caso(c, e)
	prima := del.DelCaso
	switch e := e.(type) {
	case caso.DomandaRicevuta:
		del.IDDomanda, del.Ambito, del.Comune = e.IDDomanda, e.Ambito, e.Comune
		conosce(t.Persone.New, c, e.Componenti)
	case caso.ComposizioneNucleoAggiornata:
		conosce(t.Persone.Row, c, e.Aggiunti)
		conosce(t.Persone.Row, c, e.Modificati)
	case caso.Trasferito:
		del.Ambito, del.Comune = e.AmbitoA, e.ComuneA
	case caso.Assegnato:
		del.Responsabile = e.CaseManager
	case caso.Riassegnato:
		del.Responsabile = e.A
	case caso.Annullata:
		del.Responsabile = id.Operatore{}
	}
	if del.DelCaso == prima {
		return
	}
	for n := range del.Comunicazioni {
		t.Comunicazioni.Row(Chiave{c, t.Numeri.Row(Numero{c, n}).Comunicazione}).DelCaso = del.DelCaso
	}
}

// caso is the row of a case, which its domanda makes.
func (t *Tabelle) caso(c id.Caso, e caso.Event) *Caso {
	if _, prima := e.(caso.DomandaRicevuta); prima {
		return t.Casi.New(c)
	}
	return t.Casi.Row(c)
}

func conosce(row func(Persona) *Nome, c id.Caso, persone []caso.Componente) {
	for _, p := range persone {
		row(Persona{c, p.ID}).Mascherato = personale.MascheraNome(p.Cognome) + " " + personale.MascheraNome(p.Nome)
	}
}
