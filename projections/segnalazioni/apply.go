package segnalazioni

import (
	"time"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/flussoinps"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections/elenco"
)

func apply(t *Tabelle, r domain.Recorded) {
	switch e := r.Event.(type) {
	case operatore.Registrato:
		t.Proponenti.Row(id.Operatore{UUID: r.Subject}).Nome = elenco.Parole(e.Cognome, e.Nome)
	case flussoinps.Event:
		t.flusso(domain.Key(r.Stream), e)
	case caso.Event:
		t.caso(id.Caso{UUID: r.Subject}, e, r.Meta)
	}
}

func (t *Tabelle) flusso(chiave string, e flussoinps.Event) {
	switch e := e.(type) {
	case flussoinps.Aperto:
		*t.Flussi.Row(chiave) = Flusso{Giorno: e.Giorno, Numero: e.Numero}
	case flussoinps.SegnalazioneInclusa:
		t.Flussi.Row(chiave).Voci++
		if e.Tipo == flussoinps.Rettifica {
			t.Segnalazioni.Row(e.Segnalazione).FlussoRettif = chiave
		}
	case flussoinps.Chiuso:
		t.Flussi.Row(chiave).Chiuso = true
	}
}

func (t *Tabelle) caso(c id.Caso, e caso.Event, m domain.Meta) {
	switch e := e.(type) {
	case caso.DomandaRicevuta:
		*t.Segnalati.New(c) = Caso{IDDomanda: e.IDDomanda, Misura: e.Misura, Ambito: e.Ambito, Comune: e.Comune}
	case caso.Trasferito:
		di := t.Segnalati.Row(c)
		di.Ambito, di.Comune = e.AmbitoA, e.ComuneA
		t.ciascuna(c, func(r *Riga) {
			if r.Stato == caso.DaValidare {
				r.Ambito, r.Comune = e.AmbitoA, e.ComuneA
			}
		})
	case caso.Assegnato:
		t.passa(c, e.CaseManager)
	case caso.Riassegnato:
		t.passa(c, e.A)
	case caso.Annullata:
		t.passa(c, id.Operatore{})
	case caso.SegnalazioneProposta:
		t.propone(c, e, istante(m.Istante))
	default:
		t.segue(e, m)
	}
}

// ciascuna changes all segnalazioni of a case.
func (t *Tabelle) ciascuna(c id.Caso, come func(*Riga)) {
	for n := range t.Segnalati.Row(c).Segnalazioni {
		come(t.Segnalazioni.Row(t.Posti.Row(Posto{c, n}).Segnalazione))
	}
}

func (t *Tabelle) passa(c id.Caso, a id.Operatore) {
	t.Segnalati.Row(c).CaseManager = a
	t.ciascuna(c, func(r *Riga) { r.CaseManager = a })
}

func (t *Tabelle) propone(c id.Caso, e caso.SegnalazioneProposta, il time.Time) {
	di := t.Segnalati.Row(c)
	t.Posti.Row(Posto{c, di.Segnalazioni}).Segnalazione = e.Segnalazione
	di.Segnalazioni++
	*t.Segnalazioni.Row(e.Segnalazione) = Riga{
		Caso: c, IDDomanda: di.IDDomanda, Misura: di.Misura, Ambito: di.Ambito, Comune: di.Comune, CaseManager: di.CaseManager,
		InviataDa: e.PropostaDa, NomeInviata: t.Proponenti.Row(e.PropostaDa).Nome, DataInvio: il, Categoria: e.Categoria, Componente: e.Componente,
		Dettaglio: e.Dettaglio, Stato: caso.DaValidare, Scadenza: e.Scadenza, Occorrenza: e.Occorrenza,
	}
}

// segue follows one segnalazione from its proposal on.
func (t *Tabelle) segue(e caso.Event, m domain.Meta) {
	switch e := e.(type) {
	case caso.SegnalazioneRitirata:
		t.Segnalazioni.Row(e.Segnalazione).Stato = caso.Ritirata
	case caso.SegnalazioneApprovata:
		r := t.Segnalazioni.Row(e.Segnalazione)
		r.Stato, r.DecisaDa, r.Decisa, r.Stesso = caso.Approvata, e.ApprovataDa, istante(m.Istante), e.StessoSoggetto
	case caso.SegnalazioneRifiutata:
		r := t.Segnalazioni.Row(e.Segnalazione)
		r.Stato, r.DecisaDa, r.Decisa = caso.Rifiutata, e.RifiutataDa, istante(m.Istante)
	case caso.SegnalazioneMessaInUscita:
		r := t.Segnalazioni.Row(e.Segnalazione)
		r.Stato, r.Flusso = caso.InUscita, e.Flusso
	case caso.SegnalazionePresaPerInvio:
		r := t.Segnalazioni.Row(e.Segnalazione)
		r.Presa, r.Incerti = true, r.Incerti+1
	case caso.InvioSegnalazioneFallito:
		r := t.Segnalazioni.Row(e.Segnalazione)
		r.Incerti, r.Errore = r.Incerti-1, e.Errore
	case caso.InvioSegnalazioneAnnullato:
		t.Segnalazioni.Row(e.Segnalazione).Stato = caso.InvioFermato
	case caso.SegnalazioneInviata:
		r := t.Segnalazioni.Row(e.Segnalazione)
		r.Stato, r.Incerti, r.Errore, r.Inviata, r.Protocollo = caso.Inviata, 0, "", istante(e.InviataIl), e.Protocollo
	case caso.SegnalazioneAcquisita:
		r := t.Segnalazioni.Row(e.Segnalazione)
		r.Stato, r.Ricevuta = caso.Acquisita, e.Ricevuta
	case caso.SegnalazioneRettificata:
		t.Segnalazioni.Row(e.Segnalazione).Stato = caso.Rettificata
	}
}

// istante is an instant as Postgres keeps it.
func istante(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
