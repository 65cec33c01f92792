package cruscotto

import (
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// diStato is the counter of a state.
func (c *Conti) diStato(s caso.Stato) *int {
	switch s {
	case caso.DaAvviare:
		return &c.DaAvviare
	case caso.InValutazioneAP:
		return &c.InAP
	case caso.InValutazioneQA:
		return &c.InQA
	case caso.InDefinizione:
		return &c.InDefinizione
	case caso.InMonitoraggio:
		return &c.InMonitoraggio
	case caso.InviatoCPI:
		return &c.AlCPI
	case caso.InviatoServizi:
		return &c.AiServizi
	case caso.Escluso:
		return &c.Esclusi
	case caso.Decaduto:
		return &c.Decaduti
	case caso.Chiuso:
		return &c.Chiusi
	}
	return new(int)
}

// Stati are the states in the order of the road.
var Stati = []caso.Stato{
	caso.DaAvviare, caso.InValutazioneAP, caso.InValutazioneQA, caso.InDefinizione, caso.InMonitoraggio,
	caso.InviatoCPI, caso.InviatoServizi, caso.Escluso, caso.Decaduto, caso.Chiuso,
}

// DiStato is how many cases are in a state.
func (c Conti) DiStato(s caso.Stato) int { return *c.diStato(s) }

// diSegnalazione is the counter of a state of segnalazioni.
func (c *Conti) diSegnalazione(s caso.StatoSegnalazione) *int {
	switch s {
	case caso.DaValidare:
		return &c.SegnalazioniDaValidare
	case caso.Ritirata:
		return &c.SegnalazioniRitirate
	case caso.Approvata:
		return &c.SegnalazioniApprovate
	case caso.Rifiutata:
		return &c.SegnalazioniRifiutate
	case caso.InUscita:
		return &c.SegnalazioniInUscita
	case caso.Inviata:
		return &c.SegnalazioniInviate
	case caso.Acquisita:
		return &c.SegnalazioniAcquisite
	case caso.InvioFermato:
		return &c.SegnalazioniAnnullate
	case caso.Rettificata:
		return &c.SegnalazioniRettificate
	}
	return new(int)
}

// StatiSegnalazione are the states of segnalazioni in the order of their road.
var StatiSegnalazione = []caso.StatoSegnalazione{
	caso.DaValidare, caso.Ritirata, caso.Approvata, caso.Rifiutata, caso.InUscita, caso.Inviata, caso.Acquisita, caso.InvioFermato, caso.Rettificata,
}

// DiSegnalazione is how many segnalazioni are in a state.
func (c Conti) DiSegnalazione(s caso.StatoSegnalazione) int { return *c.diSegnalazione(s) }

// conduce is the state that an event leads a segnalazione to.
func conduce(e caso.Event) (id.Segnalazione, caso.StatoSegnalazione, bool) {
	switch e := e.(type) {
	case caso.SegnalazioneProposta:
		return e.Segnalazione, caso.DaValidare, true
	case caso.SegnalazioneRitirata:
		return e.Segnalazione, caso.Ritirata, true
	case caso.SegnalazioneApprovata:
		return e.Segnalazione, caso.Approvata, true
	case caso.SegnalazioneRifiutata:
		return e.Segnalazione, caso.Rifiutata, true
	case caso.SegnalazioneMessaInUscita:
		return e.Segnalazione, caso.InUscita, true
	case caso.SegnalazioneInviata:
		return e.Segnalazione, caso.Inviata, true
	case caso.SegnalazioneAcquisita:
		return e.Segnalazione, caso.Acquisita, true
	case caso.InvioSegnalazioneAnnullato:
		return e.Segnalazione, caso.InvioFermato, true
	case caso.SegnalazioneRettificata:
		return e.Segnalazione, caso.Rettificata, true
	}
	return id.Segnalazione{}, "", false
}

func (f *Fatti) diEsito(e caso.Esito) *int {
	switch e {
	case caso.EsitoA:
		return &f.EsitiA
	case caso.EsitoB:
		return &f.EsitiB
	case caso.EsitoC:
		return &f.EsitiC
	case caso.EsitoD:
		return &f.EsitiD
	}
	return new(int)
}

// Somma adds other counters.
func (c *Conti) Somma(d Conti) {
	altri := campi(&d)
	for i, n := range campi(c) {
		*n.(*int) += *altri[i].(*int)
	}
}
