package cruscotto

import (
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

func apply(t *Tabelle, r domain.Recorded) {
	e, ok := r.Event.(caso.Event)
	if !ok || !riguarda(e) {
		return
	}
	il := giorno.Di(r.Meta.Istante.In(roma))
	c := t.caso(id.Caso{UUID: r.Subject}, e)
	prima := *c
	t.segnala(id.Caso{UUID: r.Subject}, c, e, il)
	c.cambia(e, il)
	if *c != prima {
		t.conta(prima, il, -1) // off the place where it was counted
		t.conta(*c, il, +1)
	}
	t.accade(prima, *c, e, il)
	t.passa(prima, *c, e, il)
}

// caso is the row of a case, which its domanda makes.
func (t *Tabelle) caso(c id.Caso, e caso.Event) *Caso {
	if _, prima := e.(caso.DomandaRicevuta); prima {
		return t.CasiContati.New(c)
	}
	return t.CasiContati.Row(c)
}

// riguarda passes over what no figure shows, without asking for the row.
func riguarda(e caso.Event) bool {
	switch e.(type) {
	case caso.Trasferito, caso.PADSottoscritto, caso.Assegnato, caso.Riassegnato, caso.Annullata:
		return true
	}
	_, _, decide := conduce(e)
	return decide || caso.Muove(e)
}

func (c *Caso) cambia(e caso.Event, il giorno.Giorno) {
	c.Stato = c.Stato.Dopo(e)
	switch e := e.(type) {
	case caso.DomandaRicevuta:
		c.Gruppo = Gruppo{e.Ambito, e.Comune, e.Misura, e.DataPresentazione}
		c.InCoda = e.InCoda()
	case caso.PADSottoscritto:
		c.InCoda = true
	case caso.Trasferito:
		c.Ambito, c.Comune = e.AmbitoA, e.ComuneA
	case caso.Assegnato:
		c.CaseManager = e.CaseManager
		if !c.Assegnato {
			c.Assegnato, c.Attesa = true, int(il-c.Presentazione)
		}
	case caso.Riassegnato:
		c.CaseManager = e.A
	case caso.Annullata:
		c.CaseManager = id.Operatore{}
	case caso.AnalisiPreliminareAvviata:
		c.Avviato, c.Avvio = true, int(e.Data-c.Presentazione)
	case caso.AnalisiPreliminareFinalizzata:
		c.Presa = e.Esito != caso.EsitoA
	case caso.AnalisiPreliminareRiaperta, caso.RientroDaServizioRegistrato:
		c.Presa = false
	case caso.PaISSottoscritto:
		c.Firmato = true
	}
}

// conta adds a case to the counters of its place, or takes it off, and to what
// the day changed in them.
func (t *Tabelle) conta(c Caso, il giorno.Giorno, n int) {
	if c.Stato == "" {
		return
	}
	t.ContiGruppo.Row(c.Gruppo).conta(c, n)
	t.ContiGiorno.Row(c.Gruppo.il(il)).conta(c, n)
	if c.sullaScrivania() {
		t.CarichiComune.Row(Posto{c.Ambito, c.Comune, c.CaseManager}).pesa(c, n)
		t.CarichiGiorno.Row(Scrivania{c.Ambito, c.CaseManager, il}).pesa(c, n)
	}
}

// sullaScrivania reports whether a case is open and somebody's.
func (c Caso) sullaScrivania() bool { return c.Stato.Aperto() && c.InCoda && !c.CaseManager.IsZero() }

func (conti *Conti) conta(c Caso, n int) {
	conti.Nuclei += n
	*conti.diStato(c.Stato) += n
	conti.SegnalazioniDaValidare += n * c.Pendenti
	conti.se(c.Presa, &conti.InCarico, n)
	conti.se(c.Firmato, &conti.Firmati, n)
	conti.se(c.Assegnato, &conti.Assegnazioni, n)
	conti.se(c.Assegnato, &conti.GiorniAssegnazione, n*c.Attesa)
	conti.se(c.Avviato, &conti.Avvii, n)
	conti.se(c.Avviato, &conti.GiorniAvvio, n*c.Avvio)
	conti.se(c.Stato.Aperto() && c.InCoda && c.CaseManager.IsZero(), &conti.DaAssegnare, n)
	conti.se(c.sullaScrivania(), &conti.Assegnati, n)
}

func (*Conti) se(vale bool, conto *int, n int) {
	if vale {
		*conto += n
	}
}

// pesa puts an assigned case on the desk of its case manager, or takes it off.
func (carico *Carico) pesa(c Caso, n int) {
	carico.Assegnati += n
	switch c.Stato.Indicatore() {
	case 1:
		carico.DaMonitorare += n
	case 2:
		carico.Monitorati += n
	}
}

// segnala follows the segnalazioni of a case.
func (t *Tabelle) segnala(di id.Caso, c *Caso, e caso.Event, il giorno.Giorno) {
	i, stato, ok := conduce(e)
	if !ok {
		return
	}
	s := t.SegnalazioniContate.Row(i)
	switch {
	case stato == caso.DaValidare:
		c.Pendenti++
		*s = Segnalazione{Caso: di, Stato: stato}
		return
	case s.Stato == caso.DaValidare:
		c.Pendenti--
		s.Gruppo = c.Gruppo
	default:
		t.sposta(s.Gruppo, il, s.Stato, -1)
	}
	s.Stato = stato
	t.sposta(s.Gruppo, il, stato, +1)
}

// sposta counts a decided segnalazione where it was decided.
func (t *Tabelle) sposta(g Gruppo, il giorno.Giorno, s caso.StatoSegnalazione, n int) {
	*t.ContiGruppo.Row(g).diSegnalazione(s) += n
	*t.ContiGiorno.Row(g.il(il)).diSegnalazione(s) += n
}

// accade counts what happened on a day.
func (t *Tabelle) accade(prima, ora Caso, e caso.Event, il giorno.Giorno) {
	fatti := func() *Fatti { return t.FattiGiorno.Row(Quando{ora.Ambito, ora.Comune, ora.Misura, il}) }
	switch e := e.(type) {
	case caso.DomandaRicevuta:
		fatti().Ricevute++
	case caso.Assegnato:
		fatti().Assegnate++
	case caso.AnalisiPreliminareAvviata:
		fatti().Avviate++
	case caso.AnalisiPreliminareFinalizzata:
		*fatti().diEsito(e.Esito)++
	case caso.PaISSottoscritto:
		fatti().Firmati++
	}
	if prima.Stato.Aperto() && !ora.Stato.Aperto() {
		fatti().Chiuse++
	}
}
