package racconto

import (
	"fmt"
	"time"

	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// ora is a time as people write it, where the services are.
func (n *Narratore) ora(t time.Time) string { return t.In(n.zona).Format("02/01/2006 alle 15:04") }

var degliIncontri = []frase{
	di(func(n *Narratore, e caso.IncontroPianificato) string {
		s := "Incontro pianificato per il " + n.ora(e.Inizio)
		if len(e.Partecipanti) > 0 {
			return s + " con " + n.tutti(e.Partecipanti)
		}
		return s
	}),
	di(func(n *Narratore, e caso.IncontroRinviato) string {
		return "Incontro rinviato al " + n.ora(e.NuovoInizio)
	}),
	di(func(*Narratore, caso.IncontroAnnullato) string { return "Incontro annullato" }),
	di(func(n *Narratore, e caso.IncontroRegistrato) string {
		switch e.Tipo {
		case caso.GiustificatoMotivo:
			return fmt.Sprintf("Assenza giustificata all'incontro del %s", data(e.Data))
		case caso.PresentazioneSpontanea:
			return fmt.Sprintf("Presentazione spontanea il %s di %s", data(e.Data), n.tutti(e.Presenti))
		}
		return fmt.Sprintf("Incontro avvenuto il %s con %s", data(e.Data), n.tutti(e.Presenti))
	}),
	di(func(n *Narratore, e caso.MancataPresentazioneRegistrata) string {
		return fmt.Sprintf("Mancata presentazione il %s di %s", data(e.Data), n.tutti(e.Componenti))
	}),
	di(func(n *Narratore, e caso.IncontroValutato) string {
		var parti []string
		for _, i := range e.Impegni {
			parti = append(parti, fmt.Sprintf("impegno %s %s", n.nome(i.Impegno.UUID), parole(i.Valutazione)))
		}
		switch n := len(e.Risultati); {
		case n == 1:
			parti = append(parti, "un risultato valutato")
		case n > 1:
			parti = append(parti, fmt.Sprintf("%d risultati valutati", n))
		}
		if len(parti) == 0 {
			return "Incontro valutato"
		}
		return "Incontro valutato: " + elenca(parti)
	}),
	di(func(n *Narratore, e caso.ImpegnoValutato) string {
		return fmt.Sprintf("Impegno %s valutato il %s: %s", n.nome(e.Impegno.UUID), data(e.Data), parole(e.Valutazione))
	}),
}

// segnalazione names one by its category.
func (n *Narratore) segnalazione(i id.Segnalazione) string { return "Segnalazione " + n.nome(i.UUID) }

var delleSegnalazioni = []frase{
	di(func(n *Narratore, e caso.SegnalazioneProposta) string {
		s := n.segnalazione(e.Segnalazione) + " proposta"
		if !e.Componente.IsZero() {
			s += " per " + n.persona(e.Componente)
		}
		return fmt.Sprintf("%s: fatto del %s, da comunicare entro il %s", s, data(e.DataFatto), data(e.Scadenza))
	}),
	di(func(n *Narratore, e caso.SegnalazioneRitirata) string {
		return n.segnalazione(e.Segnalazione) + " ritirata"
	}),
	di(func(n *Narratore, e caso.SegnalazioneApprovata) string {
		s := fmt.Sprintf("%s approvata da %s", n.segnalazione(e.Segnalazione), n.chi(e.ApprovataDa))
		if e.StessoSoggetto {
			return s + ", che l'aveva proposta"
		}
		return s
	}),
	di(func(n *Narratore, e caso.SegnalazioneRifiutata) string {
		return fmt.Sprintf("%s rifiutata da %s", n.segnalazione(e.Segnalazione), n.chi(e.RifiutataDa))
	}),
	di(func(n *Narratore, e caso.SegnalazioneMessaInUscita) string {
		return fmt.Sprintf("%s messa in uscita nel flusso %s", n.segnalazione(e.Segnalazione), e.Flusso)
	}),
	di(func(n *Narratore, e caso.SegnalazionePresaPerInvio) string {
		return fmt.Sprintf("%s presa per l'invio (tentativo %d)", n.segnalazione(e.Segnalazione), e.Tentativo)
	}),
	di(func(n *Narratore, e caso.InvioSegnalazioneAnnullato) string {
		return n.segnalazione(e.Segnalazione) + ": invio annullato"
	}),
	di(func(n *Narratore, e caso.SegnalazioneInviata) string {
		return fmt.Sprintf("%s inviata a INPS con protocollo %s", n.segnalazione(e.Segnalazione), e.Protocollo)
	}),
	di(func(n *Narratore, e caso.InvioSegnalazioneFallito) string {
		return fmt.Sprintf("%s: invio fallito (tentativo %d)", n.segnalazione(e.Segnalazione), e.Tentativo)
	}),
	di(func(n *Narratore, e caso.SegnalazioneAcquisita) string {
		return fmt.Sprintf("%s acquisita da INPS con ricevuta %s", n.segnalazione(e.Segnalazione), e.Ricevuta)
	}),
	di(func(n *Narratore, e caso.SegnalazioneRettificata) string {
		return n.segnalazione(e.Segnalazione) + " rettificata"
	}),
}

// comunicazione names one by its kind.
func (n *Narratore) comunicazione(i id.Comunicazione) string {
	return "Comunicazione " + n.nome(i.UUID)
}

var canali = map[caso.CanaleComunicazione]string{caso.SMS: "SMS", caso.EMAIL: "e-mail"}

var delleComunicazioni = []frase{
	di(func(n *Narratore, e caso.ComunicazioneAccodata) string {
		s := fmt.Sprintf("%s per %s affidata all'invio, a %s", n.comunicazione(e.Comunicazione), canali[e.Canale], n.tutti(e.Destinatari))
		if !e.Ripete.IsZero() {
			return s + ", di nuovo"
		}
		return s
	}),
	di(func(n *Narratore, e caso.ComunicazioneInviata) string {
		return n.comunicazione(e.Comunicazione) + " inviata"
	}),
	di(func(n *Narratore, e caso.ComunicazioneConsegnata) string {
		return fmt.Sprintf("%s consegnata il %s", n.comunicazione(e.Comunicazione), data(e.Data))
	}),
	di(func(n *Narratore, e caso.ComunicazioneFallita) string {
		return fmt.Sprintf("%s non consegnata il %s", n.comunicazione(e.Comunicazione), data(e.Data))
	}),
	di(func(n *Narratore, e caso.ComunicazioneFormaleRegistrata) string {
		s := fmt.Sprintf("%s inviata il %s (%s)", n.comunicazione(e.Comunicazione), data(e.DataInvio), parole(e.Mezzo))
		if len(e.Destinatari) > 0 {
			return s + " a " + n.tutti(e.Destinatari)
		}
		return s
	}),
	di(func(n *Narratore, e caso.EsitoComunicazioneFormaleRegistrato) string {
		s := fmt.Sprintf("Esito della comunicazione %s: %s", n.nome(e.Comunicazione.UUID), parole(e.Esito))
		if !e.DataRicezione.IsZero() {
			return s + " il " + data(e.DataRicezione)
		}
		return s
	}),
}
