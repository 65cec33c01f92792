package agenda

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections/elenco"
)

func apply(t *Tabelle, r domain.Recorded) {
	if e, ok := r.Event.(operatore.Registrato); ok {
		t.Nominativi.Row(id.Operatore{UUID: r.Subject}).Nome = elenco.Parole(e.Cognome, e.Nome)
		return
	}
	e, ok := r.Event.(caso.Event)
	if !ok || !riguarda(e) {
		return
	}
	c := id.Caso{UUID: r.Subject}
	casi, scadenze := t.Casi.Row, t.Scadenze.Row
	if _, prima := e.(caso.DomandaRicevuta); prima {
		casi, scadenze = t.Casi.New, t.Scadenze.New
	}
	riga := casi(c)
	prima := *riga
	riga.segue(e, r.Meta)
	riga.richiedente(e)
	t.incontri(c, riga, e)
	if !muove(e) {
		if riga.luogo() != prima.luogo() {
			t.sposta(c, *riga)
		}
		return
	}
	o := leggi(prima.Orologi)
	dopo := o.Dopo(e)
	riga.Stato, riga.Orologi = dopo.Stato, scrivi(dopo)
	if riga.Orologi != prima.Orologi || riga.luogo() != prima.luogo() {
		t.orologi(scadenze, c, prima, o, *riga, dopo)
	}
}

// muove passes over events from which no clock follows: who is responsible, and
// how to reach the nucleo.
func muove(e caso.Event) bool {
	switch e.(type) {
	case caso.Assegnato, caso.Riassegnato, caso.Annullata, caso.RecapitiAggiornati:
		return false
	}
	return true
}

// riguarda passes over what no row shows, without asking for the row.
func riguarda(e caso.Event) bool {
	switch e := e.(type) {
	case caso.DomandaRicevuta, caso.ComposizioneNucleoAggiornata, caso.Trasferito, caso.RecapitiAggiornati, caso.PADSottoscritto,
		caso.BeneficioSospeso, caso.BeneficioRipristinato, caso.BeneficioTerminato, caso.Assegnato, caso.Riassegnato, caso.Annullata, caso.PaISNonSottoscritto,
		caso.IncontroPianificato, caso.IncontroRinviato, caso.IncontroAnnullato, caso.IncontroRegistrato, caso.MancataPresentazioneRegistrata,
		caso.SegnalazioneProposta, caso.SegnalazioneRitirata, caso.SegnalazioneApprovata, caso.SegnalazioneRifiutata, caso.SegnalazioneMessaInUscita,
		caso.InvioSegnalazioneAnnullato, caso.SegnalazioneInviata, caso.SegnalazioneAcquisita, caso.SegnalazioneRettificata, caso.ScadenzaSuperata:
		return true
	case caso.ComunicazioneAccodata:
		return e.Tipo == caso.Convocazione
	case caso.ComunicazioneFormaleRegistrata:
		return e.Tipo == caso.Convocazione
	}
	return caso.Muove(e)
}

// segue follows what the row tells of the case itself.
func (c *Caso) segue(e caso.Event, m domain.Meta) {
	switch e := e.(type) {
	case caso.DomandaRicevuta:
		c.IDDomanda, c.Misura, c.Ambito, c.Comune = e.IDDomanda, e.Misura, e.Ambito, e.Comune
		c.raggiungi(e.Recapiti)
		c.abita(e.Indirizzo)
	case caso.Trasferito:
		c.Ambito, c.Comune = e.AmbitoA, e.ComuneA
		c.abita(e.Indirizzo)
	case caso.RecapitiAggiornati:
		c.raggiungi(e.Recapiti)
	case caso.BeneficioSospeso:
		c.BeneficioSospeso = true
	case caso.BeneficioRipristinato, caso.BeneficioDecaduto, caso.BeneficioTerminato:
		c.BeneficioSospeso = false
	case caso.Assegnato:
		c.CaseManager, c.DataAssegnazione = e.CaseManager, istante(m)
	case caso.Riassegnato:
		c.CaseManager, c.DataAssegnazione = e.A, istante(m)
	case caso.Annullata:
		c.CaseManager, c.DataAssegnazione = id.Operatore{}, time.Time{}
	}
}

func istante(m domain.Meta) time.Time { return m.Istante.UTC().Truncate(time.Microsecond) }

func (c *Caso) raggiungi(r caso.Recapiti) {
	c.Telefono, c.Cellulare, c.Email = r.Telefono, r.Cellulare, r.Email
}

func (c *Caso) abita(i caso.Indirizzo) {
	c.CAP, c.CercaIndirizzo = i.CAP, elenco.Parole(i.Via, i.Civico)
}

// richiedente follows whom the list names: whoever filed the domanda, even after
// they left.
func (c *Caso) richiedente(e caso.Event) {
	var persone []caso.Componente
	switch e := e.(type) {
	case caso.DomandaRicevuta:
		persone = e.Componenti
	case caso.ComposizioneNucleoAggiornata:
		persone = slices.Concat(e.Modificati, e.Aggiunti)
	}
	for _, p := range persone {
		if p.Relazione == caso.Richiedente {
			c.CodiceFiscale, c.Cognome, c.Nome, c.CercaNome = p.CodiceFiscale, p.Cognome, p.Nome, elenco.Parole(p.Cognome, p.Nome)
		}
	}
}

// incontri follows the meetings that were planned.
func (t *Tabelle) incontri(c id.Caso, riga *Caso, e caso.Event) {
	switch e := e.(type) {
	case caso.IncontroPianificato:
		*t.Incontri.Row(Chiave{c, e.Incontro}) = Incontro{
			Inizio: e.Inizio.UTC(), Durata: e.Durata, Luogo: e.Luogo, Operatore: e.Operatore, Stato: caso.StatoPianificato,
			DelCaso: e.Operatore.IsZero() || e.Operatore == riga.CaseManager,
		}
	case caso.IncontroRinviato:
		i := t.Incontri.Row(Chiave{c, e.Incontro})
		i.Inizio, i.Stato = e.NuovoInizio.UTC(), caso.StatoRinviato
	case caso.IncontroAnnullato:
		t.Incontri.Row(Chiave{c, e.Incontro}).Stato = caso.StatoAnnullato
	case caso.MancataPresentazioneRegistrata:
		t.Incontri.Row(Chiave{c, e.Incontro}).Stato = caso.StatoNonPresentato
	case caso.IncontroRegistrato:
		i := t.Incontri.Row(Chiave{c, e.Incontro})
		switch {
		case *i == Incontro{}: // nobody had planned it
		case e.Tipo == caso.GiustificatoMotivo:
			i.Stato = caso.StatoNonPresentato
		default:
			i.Stato = caso.StatoSvolto
		}
	}
}

// luogo is where the clocks of a case run.
func (c Caso) luogo() Scadenza {
	return Scadenza{Ambito: c.Ambito, Comune: c.Comune}
}

// sposta takes the clocks of a case, which go on as they were, to where it is now.
func (t *Tabelle) sposta(c id.Caso, ora Caso) {
	for quale, riga := range scadenze(c, ora, leggi(ora.Orologi)) {
		*t.Scadenze.Row(quale) = riga
	}
}

// orologi replaces the clocks of a case by those of now, whose rows are new if
// the case is.
func (t *Tabelle) orologi(row func(Orologio) *Scadenza, c id.Caso, prima Caso, o caso.Orologi, ora Caso, dopo caso.Orologi) {
	nuovi := maps.Collect(scadenze(c, ora, dopo))
	for quale := range scadenze(c, prima, o) {
		if _, resta := nuovi[quale]; !resta {
			*t.Scadenze.Row(quale) = Scadenza{}
		}
	}
	for quale, riga := range nuovi {
		*row(quale) = riga
	}
}

// scadenze are the clocks of a case with their rows. Of two by one name the
// last counts.
func scadenze(c id.Caso, del Caso, o caso.Orologi) iter.Seq2[Orologio, Scadenza] {
	return func(yield func(Orologio, Scadenza) bool) {
		for _, x := range o.Corse() {
			riga := del.luogo()
			riga.Fino = x.Fino
			riga.Registrata = slices.Contains(o.Superate, caso.ScadenzaSuperata{Tipo: x.Tipo, Scadenza: x.Giorno})
			cosa := x.Segnalazione.UUID
			if x.Segnalazione.IsZero() {
				cosa = x.Componente.UUID
			}
			if !yield(Orologio{c, x.Tipo, x.Giorno, cosa}, riga) {
				return
			}
		}
	}
}

func leggi(testo string) (o caso.Orologi) {
	if testo == "" {
		return o
	}
	if err := json.Unmarshal([]byte(testo), &o); err != nil {
		panic(fmt.Sprintf("agenda: what it wrote itself: %v", err))
	}
	return o
}

func scrivi(o caso.Orologi) string {
	testo, err := json.Marshal(o)
	if err != nil {
		panic(fmt.Sprintf("agenda: %v", err)) // a struct of texts and numbers
	}
	return string(testo)
}
