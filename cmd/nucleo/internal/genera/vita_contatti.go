package genera

import (
	"fmt"
	"strings"
	"time"

	"nucleo/domain"
	"nucleo/domain/belfiore"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// scrivi sends a message, which mostly arrives.
func (v *vita) scrivi(tipo caso.TipoComunicazione, testo string, ripete id.Comunicazione) {
	c, canale := id.Comunicazione{UUID: v.nuovo()}, caso.SMS
	if v.stato.Recapiti.Email != "" && v.con(.4) {
		canale = caso.EMAIL
	}
	if !v.lavora(caso.InviaComunicazione{
		Comunicazione: c, Tipo: tipo, Canale: canale, Destinatari: []id.Componente{v.richiedente()}, Testo: testo, Ripete: ripete, Oggi: v.oggi(),
	}) {
		return
	}
	v.dopo(1, func() { v.fa(domain.Comunicazioni, caso.RegistraInvioComunicazione{Comunicazione: c}) })
	if v.con(.95) {
		v.dopo(3+v.IntN(60), func() {
			v.fa(domain.Comunicazioni, caso.RegistraConsegna{Comunicazione: c, Data: v.oggi(), Oggi: v.oggi()})
		})
		return
	}
	v.dopo(3+v.IntN(60), func() {
		v.fa(domain.Comunicazioni, caso.RegistraMancataConsegna{Comunicazione: c, Esito: "destinatario non raggiungibile", Data: v.oggi(), Oggi: v.oggi()})
		v.fra(1+v.IntN(3), func() { v.scrivi(tipo, testo, c) })
	})
}

// convoca invites the nucleo to its first meeting, so many days ahead.
func (v *vita) convoca(giorni int) {
	if !v.stato.Stato.Aperto() {
		return
	}
	inizio := v.appuntamento(giorni)
	v.fra(min(2, giorni/4), func() {
		v.scrivi(caso.Convocazione, fmt.Sprintf("La aspettiamo il %s alle %s presso il servizio sociale.", inizio.Format("02/01"), inizio.Format("15:04")), id.Comunicazione{})
		v.pianifica(inizio, v.avvia)
	})
}

// appuntamento is an hour for a meeting on a working day.
func (v *vita) appuntamento(giorni int) time.Time {
	return v.momento(lavorativo(v.oggi()+giorno.Giorno(max(3, giorni))), 9+v.IntN(8), 15*v.IntN(4))
}

// pianifica puts a meeting on the agenda; poi follows when it took place.
func (v *vita) pianifica(inizio time.Time, poi func()) {
	i := id.Incontro{UUID: v.nuovo()}
	cmd := caso.PianificaIncontro{
		Incontro: i, Inizio: inizio, Durata: 30 + 15*v.IntN(4), Luogo: scegli(v.Rand, luoghi), Operatore: v.stato.Assegnazione.CaseManager,
		Partecipanti: []id.Componente{v.richiedente()}, Oggi: v.oggi(),
	}
	if v.stato.Stato == caso.InMonitoraggio {
		for _, o := range v.stato.PaIS.Vigente.Obiettivi {
			cmd.Obiettivi = append(cmd.Obiettivi, o.ID)
		}
		for _, p := range v.stato.PaIS.Vigente.Impegni {
			cmd.Impegni = append(cmd.Impegni, p.ID)
		}
	}
	if !v.lavora(cmd) {
		v.fra(10, func() { v.riprova(poi) }) // nobody carries the case now
		return
	}
	switch quota(v.Rand, .94, .04, .02) {
	case 1:
		v.fra(1, func() { v.rinvia(i, poi) })
		return
	case 2:
		v.fra(1, func() {
			v.lavora(caso.AnnullaIncontro{Incontro: i, Motivo: scegli(v.Rand, motiviRinvio)})
			v.fra(2, func() { v.riprova(poi) })
		})
		return
	}
	v.alle(inizio.Add(time.Duration(cmd.Durata+5)*time.Minute), func() { v.incontra(i, poi) })
}

// riprova plans a meeting anew.
func (v *vita) riprova(poi func()) {
	if v.stato.Stato.Aperto() {
		v.pianifica(v.appuntamento(8+v.IntN(12)), poi)
	}
}

func (v *vita) rinvia(i id.Incontro, poi func()) {
	nuovo := v.appuntamento(6 + v.IntN(10))
	if v.lavora(caso.RinviaIncontro{Incontro: i, NuovoInizio: nuovo, Motivo: scegli(v.Rand, motiviRinvio), Oggi: v.oggi()}) {
		v.alle(nuovo.Add(time.Hour), func() { v.incontra(i, poi) })
	}
}

// incontra says how a planned meeting went. Some are registered by who does so
// for the whole ambito.
func (v *vita) incontra(i id.Incontro, poi func()) {
	if !v.stato.Stato.Aperto() {
		return
	}
	questo, _ := v.stato.Incontri.Trova(i)
	il := giorno.Di(questo.Pianificato.Inizio.In(v.zona))
	switch quota(v.Rand, .85, .08, .07) {
	case 0:
		presenti := v.adulti()[:1:1]
		if altri := v.adulti(); len(altri) > 1 && v.con(.3) {
			presenti = altri
		}
		v.registra(caso.RegistraIncontro{Incontro: i, Tipo: caso.AvvenutoIncontro, Data: il, Presenti: presenti, Oggi: v.oggi()})
		poi()
	case 1:
		v.lavora(caso.RegistraMancataPresentazione{Incontro: i, Componenti: []id.Componente{v.richiedente()}, Data: il, Oggi: v.oggi()})
		v.fra(2+v.IntN(8), func() { v.riprova(poi) })
	case 2:
		v.registra(caso.RegistraIncontro{Incontro: i, Tipo: caso.GiustificatoMotivo, Data: il, Motivazione: scegli(v.Rand, giustificazioni), Oggi: v.oggi()})
		v.fra(2+v.IntN(8), func() { v.riprova(poi) })
	}
}

func (v *vita) registra(cmd caso.RegistraIncontro) {
	if chi, ok := v.scegli(v.Rand, v.incontri, v.stato.Comune, id.Operatore{}); ok && v.con(.15) {
		v.fa(chi.Attore, cmd)
		return
	}
	v.lavora(cmd)
}

// annota keeps the diary, now and then.
func (v *vita) annota() {
	v.lavora(caso.Annota{Annotazione: id.Annotazione{UUID: v.nuovo()}, Testo: scegli(v.Rand, note), Riservata: v.con(.15)})
	v.fra(15+v.IntN(35), v.annota)
}

// informa writes to the nucleo, now and then.
func (v *vita) informa() {
	v.scrivi([]caso.TipoComunicazione{caso.Informativa, caso.Promemoria, caso.AltraComunicazione}[quota(v.Rand, .5, .4, .1)], scegli(v.Rand, messaggi), id.Comunicazione{})
	v.fra(28+v.IntN(40), v.informa)
}

func (v *vita) aggiornaRecapiti() {
	r := v.stato.Recapiti
	r.Telefono = strings.Replace(r.Cellulare, "+39 000 ", "+39 0000 ", 1)
	v.lavora(caso.AggiornaRecapiti{Recapiti: r, Fonte: caso.FonteComune})
}

// formale records a letter and what became of it.
func (v *vita) formale(tipo caso.TipoComunicazione) {
	c := id.Comunicazione{UUID: v.nuovo()}
	if !v.lavora(caso.RegistraComunicazioneFormale{
		Comunicazione: c, Tipo: tipo, Mezzo: []caso.Mezzo{caso.RaccomandataAR, caso.PEC, caso.MessoNotificatore}[quota(v.Rand, .7, .2, .1)],
		Numero: fmt.Sprintf("PROT-%d/%06d", v.ora.Year(), v.IntN(1_000_000)), DataInvio: v.oggi(), Oggi: v.oggi(),
	}) {
		return
	}
	esito := []caso.EsitoFormale{caso.EsitoConsegnata, caso.CompiutaGiacenza, caso.Sconosciuto}[quota(v.Rand, .8, .15, .05)]
	v.fra(4+v.IntN(10), func() {
		v.lavora(caso.RegistraEsitoComunicazione{Comunicazione: c, Esito: esito, DataRicezione: v.oggi(), Oggi: v.oggi()})
	})
}

// notizie are what INPS tells of a case in the course of time.
func (v *vita) notizie() {
	resta := v.resta()
	if v.con(.07) {
		v.fra(1+v.IntN(resta), v.cambiaNucleo)
	}
	if v.con(.05) {
		v.fra(1+v.IntN(resta), func() { v.sospendi("SUPERAMENTO_SOGLIE") })
	}
	if v.con(.03) {
		v.fra(1+v.IntN(resta), v.trasloca)
	}
}

func (v *vita) variazione(causale string) caso.Variazione {
	return caso.Variazione{Dal: v.oggi(), Causale: causale, RiferimentoINPS: fmt.Sprintf("INPS-%d-%06d", v.ora.Year(), v.IntN(1_000_000))}
}

func (v *vita) sospendi(causale string) {
	if v.stato.Beneficio.Stato != caso.InEssere {
		return
	}
	v.fa(domain.INPS, caso.SospendiBeneficio{Variazione: v.variazione(causale)})
	v.fra(15+v.IntN(60), func() {
		if v.stato.Beneficio.Stato == caso.Sospeso {
			v.fa(domain.INPS, caso.RipristinaBeneficio{Variazione: v.variazione("VERIFICA_CONCLUSA")})
		}
	})
}

// cambiaNucleo has somebody's work change, or a grown child leave.
func (v *vita) cambiaNucleo() {
	persone := v.stato.Nucleo.Componenti
	ultimo := persone[len(persone)-1]
	cmd := caso.AggiornaNucleo{DataDecorrenza: v.oggi(), Fonte: caso.FonteINPS, Oggi: v.oggi()}
	if len(persone) > 2 && !ultimo.Minore(v.oggi()) && v.con(.5) {
		cmd.Rimossi = []caso.Uscita{{CodiceFiscale: ultimo.CodiceFiscale, Motivo: "NUOVO_NUCLEO"}}
	} else {
		primo := persone[0]
		primo.Occupazione, primo.StatoPattoLavoro = "OCCUPATO", ""
		if primo.Occupazione == persone[0].Occupazione {
			primo.Occupazione = "DISOCCUPATO"
		}
		cmd.Modificati = []caso.Componente{primo}
	}
	v.fa(domain.INPS, cmd)
}

// trasloca moves the nucleo to another address, of its comune or of another
// one of the ambito, where somebody else may have to carry the case.
func (v *vita) trasloca() {
	if v.stato.Stato == caso.Chiuso {
		return
	}
	dove := v.stato.Nucleo.Indirizzo
	dove.Via, dove.Civico = scegli(v.Rand, vie), fmt.Sprint(1+v.IntN(150))
	if v.con(.5) {
		dove.Comune = scegli(v.Rand, v.comuni)
		if luogo, _ := belfiore.Cerca(dove.Comune); len(luogo.CAP()) > 0 {
			dove.CAP = luogo.CAP()[0]
		}
	}
	cmd := caso.Trasferisci{Ambito: v.stato.Ambito, Comune: dove.Comune, Indirizzo: dove, DataDecorrenza: v.oggi(), Oggi: v.oggi()}
	cm, assegnato := v.di(v.stato.Assegnazione.CaseManager)
	if assegnato {
		cmd.Territori = []domain.Territorio{cm.Territorio}
	}
	if v.fa(domain.INPS, cmd) && assegnato {
		v.fra(2+v.IntN(6), func() { v.affida() })
	}
}
