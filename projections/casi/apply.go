package casi

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

func apply(t *Tabelle, r domain.Recorded) {
	if e, ok := r.Event.(operatore.Registrato); ok {
		t.Nominativi.Row(id.Operatore{UUID: r.Subject}).Nome = testo(e.Cognome, e.Nome)
		return
	}
	e, ok := r.Event.(caso.Event)
	if !ok || !riguarda(e) {
		return
	}
	c := id.Caso{UUID: r.Subject}
	riga := t.riga(c, e)
	prima := *riga
	t.cambia(c, riga, e, r.Meta)
	riga.Stato = riga.Stato.Dopo(e)
	if *riga == prima {
		return
	}
	riga.Lista, riga.Posizione = riga.lista(), r.Position
	t.conta(prima, *riga)
	t.trova(c, prima, *riga)
}

// riga is the row of a case, which its domanda makes.
func (t *Tabelle) riga(c id.Caso, e caso.Event) *Riga {
	if _, prima := e.(caso.DomandaRicevuta); prima {
		return t.Casi.New(c)
	}
	return t.Casi.Row(c)
}

// riguarda passes over what no row shows, without asking for the row.
func riguarda(e caso.Event) bool {
	switch e.(type) {
	case caso.DomandaRicevuta, caso.ComposizioneNucleoAggiornata, caso.PADSottoscritto, caso.IncontroRegistrato, caso.Trasferito, caso.Assegnato, caso.Riassegnato, caso.Annullata:
		return true
	}
	return caso.Muove(e)
}

func (t *Tabelle) cambia(c id.Caso, riga *Riga, e caso.Event, m domain.Meta) {
	switch e := e.(type) {
	case caso.DomandaRicevuta:
		*riga = t.ricevuta(c, e)
	case caso.ComposizioneNucleoAggiornata:
		t.aggiorna(c, riga, e)
	case caso.PADSottoscritto:
		riga.InCoda = true
		if riga.Scadenza120.IsZero() {
			riga.Scadenza120 = caso.PrimaPresentazione(riga.DataPresentazione, 0, e.Data)
		}
	case caso.IncontroRegistrato:
		riga.Scadenza120 = Mai
	case caso.Trasferito:
		riga.Ambito, riga.Comune = e.AmbitoA, e.ComuneA
		riga.abita(e.Indirizzo)
	case caso.Assegnato:
		t.assegna(riga, e.CaseManager, m)
	case caso.Riassegnato:
		t.assegna(riga, e.A, m)
	case caso.Annullata:
		t.assegna(riga, id.Operatore{}, domain.Meta{})
	}
}

func (t *Tabelle) ricevuta(c id.Caso, e caso.DomandaRicevuta) Riga {
	riga := Riga{
		IDDomanda: e.IDDomanda, Misura: e.Misura, Ambito: e.Ambito, Comune: e.Comune,
		DataPresentazione: e.DataPresentazione, InCoda: e.InCoda(), Scadenza120: Mai,
	}
	if e.Misura == caso.ADI {
		riga.Scadenza120 = caso.PrimaPresentazione(e.DataPresentazione, e.DataTrasmissioneComune, e.DataSottoscrizionePAD)
	}
	riga.abita(e.Indirizzo)
	for _, p := range e.Componenti {
		t.entra(t.Componenti.New(Membro{c, p.ID}), &riga, p)
	}
	if e.PresenzaMinori && riga.Minori == 0 {
		riga.Minori = 1
	}
	if e.PresenzaDisabili && riga.Disabili == 0 {
		riga.Disabili = 1
	}
	riga.presenze()
	return riga
}

// aggiorna follows who leaves, changes and joins. The list names whoever filed
// the domanda, even after they left the nucleo.
func (t *Tabelle) aggiorna(c id.Caso, riga *Riga, e caso.ComposizioneNucleoAggiornata) {
	for _, r := range e.Rimossi {
		t.esce(riga, t.Componenti.Row(Membro{c, r.Componente}))
	}
	for _, p := range e.Modificati {
		membro := t.Componenti.Row(Membro{c, p.ID})
		t.esce(riga, membro)
		t.entra(membro, riga, p)
	}
	for _, p := range e.Aggiunti {
		t.entra(t.Componenti.Row(Membro{c, p.ID}), riga, p)
	}
	riga.presenze()
}

// entra counts a person in. Who is under age is so on the day of the domanda,
// as in the domanda itself: the count does not depend on when it is made.
func (t *Tabelle) entra(membro *Componente, riga *Riga, p caso.Componente) {
	*membro = Componente{Minore: minore(p, riga.DataPresentazione), Disabile: p.Disabilita}
	riga.conta(*membro, +1)
	if p.Relazione == caso.Richiedente {
		riga.CodiceFiscale, riga.Cognome, riga.Nome = p.CodiceFiscale, p.Cognome, p.Nome
		riga.CercaNome = testo(p.Cognome, p.Nome)
	}
}

// minore passes over people without a day of birth.
func minore(p caso.Componente, il giorno.Giorno) bool { return !p.DataNascita.IsZero() && p.Minore(il) }

func (t *Tabelle) esce(riga *Riga, membro *Componente) {
	riga.conta(*membro, -1)
	*membro = Componente{}
}

func (r *Riga) conta(m Componente, n int) {
	r.NumeroComponenti += n
	if m.Minore {
		r.Minori += n
	}
	if m.Disabile {
		r.Disabili += n
	}
}

func (r *Riga) presenze() { r.PresenzaMinori, r.PresenzaDisabili = r.Minori > 0, r.Disabili > 0 }

func (r *Riga) abita(i caso.Indirizzo) {
	r.CAP, r.Via, r.Civico, r.CercaIndirizzo = i.CAP, i.Via, i.Civico, testo(i.Via, i.Civico)
}

// assegna makes somebody responsible, or nobody.
func (t *Tabelle) assegna(riga *Riga, a id.Operatore, m domain.Meta) {
	riga.CaseManager, riga.AssegnatoDa = a, m.Attore
	riga.DataAssegnazione = m.Istante.UTC().Truncate(time.Microsecond)
	riga.NomeCaseManager, riga.NomeAssegnatoDa = t.nome(a.UUID), t.nome(m.Attore)
	riga.VersioneAssegnazione++
	riga.Riassegnato = caso.Assegnazione{CaseManager: a, Versione: riga.VersioneAssegnazione}.Riassegnato()
}

func (t *Tabelle) nome(o uuid.UUID) string {
	if o == uuid.Nil {
		return ""
	}
	return t.Nominativi.Row(id.Operatore{UUID: o}).Nome
}

func (r *Riga) lista() Lista {
	switch {
	case !r.Stato.Aperto() || !r.InCoda:
		return 0
	case r.CaseManager.IsZero():
		return DaAssegnare
	}
	return Assegnati
}

// conta moves a case from the group that it was counted in to that of now.
func (t *Tabelle) conta(prima, ora Riga) {
	if prima.gruppo() == ora.gruppo() {
		return
	}
	if prima.Lista != 0 {
		t.Conteggi.Row(prima.gruppo()).Casi--
	}
	if ora.Lista != 0 {
		t.Conteggi.Row(ora.gruppo()).Casi++
	}
}

func (r *Riga) gruppo() Gruppo { return Gruppo{r.Lista, r.Ambito, r.Comune, r.Misura, r.Riassegnato} }

// trova moves the words by which the case is found.
func (t *Tabelle) trova(c id.Caso, prima, ora Riga) {
	if prima.InCoda == ora.InCoda && prima.Ambito == ora.Ambito && prima.CercaNome == ora.CercaNome && prima.CercaIndirizzo == ora.CercaIndirizzo {
		return
	}
	parola := t.Parole.Row
	if prima == (Riga{}) {
		parola = t.Parole.New
	}
	for _, p := range prima.parole(c) {
		*parola(p) = Presenza{}
	}
	for _, p := range ora.parole(c) {
		*parola(p) = Presenza{true}
	}
}

// parole are the words of a row that is shown in lists. What finds too much is
// not worth a place: numbers alone, and words that most streets have.
func (r *Riga) parole(c id.Caso) (all []Parola) {
	if !r.InCoda {
		return nil
	}
	for n, w := range parole(r.CercaNome) {
		if n > 0 {
			all = append(all, Parola{r.Ambito, CampoNome, w, c})
		}
	}
	for _, w := range parole(r.CercaIndirizzo) {
		if !numero(w) && !slices.Contains(diOgniVia, w) {
			all = append(all, Parola{r.Ambito, CampoIndirizzo, w, c})
		}
	}
	return all
}
