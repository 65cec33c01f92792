// Package sostegni answers: which sostegni are to be given, and are they given?
// It is the list of the referente, who gives them on cases that wait for a case
// manager (ADI-05, domain rule 7.18).
package sostegni

import (
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections"
	"nucleo/projections/elenco"
)

// Projection builds the list of sostegni.
var Projection = projections.Projection[Tabelle]{Name: "sostegni", Version: 2, Categories: []string{"caso"}, Apply: apply, Rifai: rifai, Indexes: indici}

// The usual order has its index, alone and inside each filter; so have the
// other orders, inside the ambito. Those of comune and tipo use that of the
// filter, whose groups they sort.
const indici = `
	CREATE INDEX ON sostegni (ambito, dal, sostegno) WHERE attuale;
	CREATE INDEX ON sostegni (ambito, comune, dal, sostegno) WHERE attuale;
	CREATE INDEX ON sostegni (ambito, tipo, dal, sostegno) WHERE attuale;
	CREATE INDEX ON sostegni (ambito, stato, dal, sostegno) WHERE aperto AND NOT rimosso;
	CREATE INDEX ON sostegni (ambito, cerca_nome, sostegno) WHERE attuale;
	CREATE INDEX ON sostegni (ambito, id_domanda, sostegno) WHERE attuale;
	CREATE INDEX ON sostegni (ambito, stato_dal, sostegno) WHERE attuale;
	CREATE INDEX ON sostegni (ambito, stato, sostegno) WHERE attuale;
	CREATE INDEX ON sostegni (ambito, misura, sostegno) WHERE attuale;
	CREATE INDEX ON sostegni (ambito, assegnato, sostegno) WHERE attuale;`

// Tabelle is what the projection keeps.
type Tabelle struct {
	Casi     projections.Table[id.Caso, Caso] `key:"caso"`
	Numeri   projections.Table[Numero, Quale]
	Sostegni projections.Table[Chiave, Riga]
}

// DelCaso is what a row tells of the case.
type DelCaso struct {
	IDDomanda string `db:"id_domanda"`
	Misura    caso.Misura
	Ambito    string
	Comune    string // Belfiore
	Cognome   string `personale:"nome"` // of the richiedente, as are the next two
	Nome      string `personale:"nome"`
	CercaNome string `personale:"testo"` // both as words, for order
	Assegnato bool   // to a case manager, who alone leads its sostegni
	Aperto    bool   // work goes on
}

// Caso is a case, and how many sostegni it ever had.
type Caso struct {
	DelCaso
	Stato    caso.Stato
	Sostegni int
}

// Numero numbers the sostegni of a case from 0.
type Numero struct {
	Caso   id.Caso
	Numero int
}

// Quale is the sostegno that has a number.
type Quale struct{ Sostegno id.Sostegno }

// Chiave names a sostegno of a case. The sostegno leads the key: a list that
// goes on after a row looks it up by that.
type Chiave struct {
	Sostegno id.Sostegno
	Caso     id.Caso
}

// Riga is one sostegno, as it was last defined.
type Riga struct {
	DelCaso
	Tipo      caso.TipoSostegno `personale:"dato"`
	Dal       giorno.Giorno
	Stato     caso.StatoSostegno
	StatoDal  giorno.Giorno // the day of its last step; none while it is only planned
	Rimosso   bool          // the PaIS that is being defined leaves it out
	Attuale   bool          // to be given, or given, in a case on which work goes on
	Posizione uint64        // of the last event that changed the row
}

func apply(t *Tabelle, r domain.Recorded) {
	e, ok := r.Event.(caso.Event)
	if !ok {
		return
	}
	c := id.Caso{UUID: r.Subject}
	if passo, stato, s := passoDi(e); stato != "" {
		t.cambia(Chiave{s, c}, r.Position, func(riga *Riga) { riga.Stato, riga.StatoDal = stato, passo.Data })
		return
	}
	switch e := e.(type) {
	case caso.SostegnoPrevisto:
		t.prevede(c, e.Sostegno, r.Position)
	case caso.SostegnoModificato:
		t.cambia(Chiave{e.Sostegno.ID, c}, r.Position, func(riga *Riga) { riga.Tipo, riga.Dal = e.Tipo, e.Dal })
	case caso.SostegnoRimosso:
		t.cambia(Chiave{e.Sostegno, c}, r.Position, func(riga *Riga) { riga.Rimosso = true })
	default:
		if riguarda(e) {
			t.segue(c, e, r.Position)
		}
	}
}

// passoDi is the state that a step leads a sostegno to; none for other events.
func passoDi(e caso.Event) (caso.Passo, caso.StatoSostegno, id.Sostegno) {
	switch e := e.(type) {
	case caso.SostegnoAttivato:
		return e.Passo, caso.SostegnoInCorso, e.Sostegno
	case caso.SostegnoSospeso:
		return e.Passo, caso.SostegnoFermo, e.Sostegno
	case caso.SostegnoConcluso:
		return e.Passo, caso.SostegnoFinito, e.Sostegno
	case caso.SostegnoRevocato:
		return e.Passo, caso.SostegnoRitirato, e.Sostegno
	}
	return caso.Passo{}, "", id.Sostegno{}
}

func (t *Tabelle) prevede(c id.Caso, s caso.Sostegno, position uint64) {
	del := t.Casi.Row(c)
	t.Numeri.Row(Numero{c, del.Sostegni}).Sostegno = s.ID
	del.Sostegni++
	t.cambia(Chiave{s.ID, c}, position, func(riga *Riga) {
		*riga = Riga{DelCaso: del.DelCaso, Tipo: s.Tipo, Dal: s.Dal, Stato: caso.SostegnoInAttesa}
	})
}

func (t *Tabelle) cambia(s Chiave, position uint64, come func(*Riga)) {
	riga := t.Sostegni.Row(s)
	prima := *riga
	come(riga)
	riga.Attuale = riga.Aperto && !riga.Rimosso && riga.Stato != caso.SostegnoFinito && riga.Stato != caso.SostegnoRitirato
	if *riga != prima {
		riga.Posizione = position
	}
}

// riguarda passes over what no row shows, without asking for the case.
func riguarda(e caso.Event) bool {
	switch e.(type) {
	case caso.DomandaRicevuta, caso.ComposizioneNucleoAggiornata, caso.Trasferito, caso.Assegnato, caso.Annullata:
		return true
	}
	return caso.Muove(e)
}

// segue follows the case, and tells its sostegni of it.
func (t *Tabelle) segue(c id.Caso, e caso.Event, position uint64) {
	del := t.caso(c, e)
	prima := del.DelCaso
	del.segue(e)
	if del.DelCaso == prima {
		return
	}
	for n := range del.Sostegni {
		t.cambia(Chiave{t.Numeri.Row(Numero{c, n}).Sostegno, c}, position, func(riga *Riga) { riga.DelCaso = del.DelCaso })
	}
}

// caso is the row of a case, which its domanda makes.
func (t *Tabelle) caso(c id.Caso, e caso.Event) *Caso {
	if _, prima := e.(caso.DomandaRicevuta); prima {
		return t.Casi.New(c)
	}
	return t.Casi.Row(c)
}

func (d *Caso) segue(e caso.Event) {
	switch e := e.(type) {
	case caso.DomandaRicevuta:
		d.IDDomanda, d.Misura, d.Ambito, d.Comune = e.IDDomanda, e.Misura, e.Ambito, e.Comune
		d.chiede(e.Componenti)
	case caso.ComposizioneNucleoAggiornata:
		d.chiede(e.Modificati)
		d.chiede(e.Aggiunti)
	case caso.Trasferito:
		d.Ambito, d.Comune = e.AmbitoA, e.ComuneA
	case caso.Assegnato:
		d.Assegnato = true
	case caso.Annullata:
		d.Assegnato = false
	}
	d.Stato = d.Stato.Dopo(e)
	d.Aperto = d.Stato.Aperto()
}

// chiede takes the name of the richiedente from among people, if there.
func (d *Caso) chiede(persone []caso.Componente) {
	for _, p := range persone {
		if p.Relazione == caso.Richiedente {
			d.Cognome, d.Nome, d.CercaNome = p.Cognome, p.Nome, elenco.Parole(p.Cognome, p.Nome)
		}
	}
}
