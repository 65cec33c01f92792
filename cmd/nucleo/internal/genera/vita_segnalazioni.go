package genera

import (
	"fmt"

	"nucleo/domain"
	"nucleo/domain/calendario"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// fatto is a kind of thing that INPS is told.
type fatto int

const (
	presentazione fatto = iota
	impegno
	sottoscrizione
	puc
	altro
)

// categorie are the codes of a fact in each measure.
var categorie = map[bool][]caso.Categoria{
	true:  {caso.ADIMancataPresentazione, caso.ADIMancatoRispettoImpegni, caso.ADIMancataSottoscrizione, caso.ADIMancataAdesionePUC, caso.ADIOmessaComunicazione},
	false: {caso.RDCMancataPresentazione, caso.RDCMancatoRispettoImpegni, caso.RDCMancataSottoscrizione, caso.RDCMancataAdesionePUC, caso.RDCOmessaComunicazione},
}

// segnalaQualcosa draws what is told (domain notes 8.3).
func (v *vita) segnalaQualcosa() { v.segnala(fatto(quota(v.Rand, .55, .15, .12, .08, .10))) }

// segnala proposes to tell INPS a fact; a coordinator decides within days.
func (v *vita) segnala(cosa fatto) {
	if !v.stato.Stato.Aperto() || cosa == impegno && v.stato.Stato != caso.InMonitoraggio {
		cosa = presentazione
	}
	i := id.Segnalazione{UUID: v.nuovo()}
	categoria := categorie[v.stato.Domanda.Misura == caso.ADI][cosa]
	visto := v.oggi()
	accaduto := max(visto-giorno.Giorno(1+v.IntN(9)), v.stato.Domanda.DataPresentazione)
	if !categoria.Vale(v.stato.Domanda.Misura, accaduto) {
		return
	}
	if categoria == caso.RDCMancatoRispettoImpegni {
		v.formale(caso.RichiamoFormale)
	}
	if v.lavora(caso.ProponiSegnalazione{
		Segnalazione: i, Categoria: categoria, Componente: v.richiedente(), DataFatto: accaduto, Accertamento: visto, Dettaglio: dettagli[cosa],
		Operatore: v.stato.Assegnazione.CaseManager, Calendario: calendario.Calendario{}, Oggi: visto,
	}) {
		v.fra(1+v.IntN(9), func() { v.decidi(i) })
	}
}

func (v *vita) decidi(i id.Segnalazione) {
	chi, ok := v.coordinatore()
	if !ok {
		return
	}
	operatore := id.Operatore{UUID: chi.ID}
	switch quota(v.Rand, .03, .15, .82) {
	case 0:
		if v.lavora(caso.RitiraSegnalazione{Segnalazione: i, Motivazione: "Il nucleo ha chiarito il fatto."}) {
			return
		}
		fallthrough
	case 1:
		v.fa(chi.Attore, caso.RifiutaSegnalazione{Segnalazione: i, Operatore: operatore, Motivazione: scegli(v.Rand, rifiuti)})
	case 2:
		v.fa(chi.Attore, caso.ApprovaSegnalazione{Segnalazione: i, Operatore: operatore})
		if v.con(.03) {
			v.fa(chi.Attore, caso.AnnullaInvio{Segnalazione: i, Motivazione: "Il fatto è stato giustificato dopo l'approvazione."})
			return
		}
		uscita := v.momento(v.oggi(), 18, 0)
		if v.con(.3) { // too late for the feed of today
			uscita = uscita.AddDate(0, 0, 1)
		}
		v.alle(uscita, func() { v.invia(i) })
	}
}

// invia is what the dispatcher does with an approved segnalazione: it is put
// into the feed of the day, which goes out at night.
func (v *vita) invia(i id.Segnalazione) {
	flusso := flussoDi(v.oggi())
	v.fa(domain.Dispatcher, caso.MettiInUscita{Segnalazione: i, Flusso: flusso})
	v.alle(v.momento(v.oggi()+1, 2, 0), func() {
		tentativo := 1
		v.fa(domain.Dispatcher, caso.PrendiPerInvio{Segnalazione: i, Flusso: flusso, Tentativo: tentativo})
		if v.con(.06) {
			v.fa(domain.Dispatcher, caso.RegistraInvioFallito{Segnalazione: i, Errore: "servizio non raggiungibile", Tentativo: tentativo})
			tentativo++
			v.fa(domain.Dispatcher, caso.PrendiPerInvio{Segnalazione: i, Flusso: flusso, Tentativo: tentativo})
		}
		v.fa(domain.Dispatcher, caso.RegistraInvio{Segnalazione: i, Protocollo: fmt.Sprintf("INPS.%d.%07d", v.ora.Year(), v.IntN(10_000_000)), InviataIl: v.ora, Oggi: v.oggi()})
		v.fra(1+v.IntN(3), func() { v.acquisisci(i) })
	})
}

// acquisisci is the receipt of INPS, and what INPS makes of it.
func (v *vita) acquisisci(i id.Segnalazione) {
	v.fa(domain.INPS, caso.RegistraAcquisizione{Segnalazione: i, Ricevuta: fmt.Sprintf("RIC-%010d", v.IntN(1_000_000_000)), Istante: v.ora, Oggi: v.oggi()})
	if chi, ok := v.coordinatore(); ok && v.con(.02) {
		v.fra(3+v.IntN(10), func() {
			v.fa(chi.Attore, caso.RettificaSegnalazione{Segnalazione: i, Motivazione: "Il fatto riguardava un altro periodo."})
		})
		return
	}
	v.fra(10+v.IntN(25), func() {
		switch {
		case !v.stato.Stato.Aperto():
		case v.stato.Domanda.Misura != caso.ADI:
			v.fa(domain.INPS, caso.ComunicaDecurtazione{DecurtazioneComunicata: caso.DecurtazioneComunicata{Mensilita: 1 + v.IntN(2), Segnalazione: i, Dal: v.oggi()}})
		case v.con(.6):
			v.sospendi("SEGNALAZIONE_SERVIZI")
		}
	})
}
