package httpapi

import (
	"time"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// ricordi are what the events of a case say and its rules forget: who wrote a
// note and when, why a segnalazione was refused, what an earlier PaIS said.
type ricordi struct {
	note         map[id.Annotazione]domain.Meta
	segnalazioni map[id.Segnalazione]seguito
	messaggi     map[id.Comunicazione]recapitato
	esclusione   caso.NucleoEsclusoDagliObblighi // the last
	versioni     []vistaVersione                 // of the PaIS, that another replaced, the oldest first
}

// seguito is what became of a segnalazione, beyond its state.
type seguito struct {
	proposta, decisa, inviata time.Time
	motivazione, nota, errore string
}

// recapitato is what became of a communication.
type recapitato struct {
	scritta time.Time
	esito   string
	data    giorno.Giorno
}

func ricorda(eventi []domain.Recorded) ricordi {
	r := ricordi{note: map[id.Annotazione]domain.Meta{}, segnalazioni: map[id.Segnalazione]seguito{}, messaggi: map[id.Comunicazione]recapitato{}}
	firme := 0
	for _, x := range eventi {
		switch e := x.Event.(type) {
		case caso.AnnotazioneInserita:
			r.note[e.Annotazione] = x.Meta
		case caso.NucleoEsclusoDagliObblighi:
			r.esclusione = e
		case caso.PaISSottoscritto:
			firme++
		}
		r.segnala(x.Event, x.Meta.Istante)
		r.comunica(x.Event, x.Meta.Istante)
	}
	if firme > 1 { // else none was replaced
		r.versioni = sostituite(eventi)
	}
	return r
}

func (r ricordi) segnala(e domain.Event, quando time.Time) {
	cambia := func(i id.Segnalazione, come func(*seguito)) {
		s := r.segnalazioni[i]
		come(&s)
		r.segnalazioni[i] = s
	}
	switch e := e.(type) {
	case caso.SegnalazioneProposta:
		cambia(e.Segnalazione, func(s *seguito) { s.proposta = quando })
	case caso.SegnalazioneRitirata:
		cambia(e.Segnalazione, func(s *seguito) { s.motivazione = e.Motivazione })
	case caso.SegnalazioneApprovata:
		cambia(e.Segnalazione, func(s *seguito) { s.decisa, s.nota = quando, e.Nota })
	case caso.SegnalazioneRifiutata:
		cambia(e.Segnalazione, func(s *seguito) { s.decisa, s.motivazione = quando, e.Motivazione })
	case caso.InvioSegnalazioneAnnullato:
		cambia(e.Segnalazione, func(s *seguito) { s.motivazione = e.Motivazione })
	case caso.InvioSegnalazioneFallito:
		cambia(e.Segnalazione, func(s *seguito) { s.errore = e.Errore })
	case caso.SegnalazioneInviata:
		cambia(e.Segnalazione, func(s *seguito) { s.inviata, s.errore = e.InviataIl, "" })
	case caso.SegnalazioneRettificata:
		cambia(e.Segnalazione, func(s *seguito) { s.motivazione = e.Motivazione })
	}
}

func (r ricordi) comunica(e domain.Event, quando time.Time) {
	cambia := func(i id.Comunicazione, come func(*recapitato)) {
		c := r.messaggi[i]
		come(&c)
		r.messaggi[i] = c
	}
	switch e := e.(type) {
	case caso.ComunicazioneAccodata:
		cambia(e.Comunicazione, func(c *recapitato) { c.scritta = quando })
	case caso.ComunicazioneFormaleRegistrata:
		cambia(e.Comunicazione, func(c *recapitato) { c.scritta = quando })
	case caso.ComunicazioneConsegnata:
		cambia(e.Comunicazione, func(c *recapitato) { c.esito, c.data = e.Esito, e.Data })
	case caso.ComunicazioneFallita:
		cambia(e.Comunicazione, func(c *recapitato) { c.esito, c.data = e.Esito, e.Data })
	}
}

// sostituite are the versions of the PaIS that another replaced, as they were
// at that moment.
func sostituite(eventi []domain.Recorded) (versioni []vistaVersione) {
	var s caso.State
	for _, x := range eventi {
		e, ok := x.Event.(caso.Event)
		if !ok {
			continue
		}
		if _, firma := e.(caso.PaISSottoscritto); firma && s.PaIS.Versione > 0 {
			versioni = append(versioni, mostraVersione(s.PaIS))
		}
		s = caso.Decider.Evolve(s, e)
	}
	return versioni
}
