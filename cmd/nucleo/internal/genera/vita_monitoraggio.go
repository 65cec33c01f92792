package genera

import (
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// monitora follows a signed PaIS: its sostegni, and meetings again and again.
func (v *vita) monitora() {
	for _, s := range v.stato.PaIS.Vigente.Sostegni {
		if v.con(.8) {
			v.fra(2+v.IntN(25), func() { v.attiva(s.ID) })
		}
	}
	v.fra(14+v.IntN(20), v.rivedi)
	v.fra(10+v.IntN(25), v.valutaImpegno)
}

func (v *vita) passoSostegno(s id.Sostegno) caso.PassoSostegno {
	return caso.PassoSostegno{Sostegno: s, Data: v.oggi(), Ruolo: domain.CaseManager, Oggi: v.oggi()}
}

func (v *vita) attiva(s id.Sostegno) {
	if v.stato.Stato != caso.InMonitoraggio || v.stato.Sostegni.Stato(s) == caso.SostegnoInCorso || !v.lavora(caso.AttivaSostegno{PassoSostegno: v.passoSostegno(s)}) {
		return
	}
	inCorso := func() bool { return v.stato.Stato.Aperto() && v.stato.Sostegni.Stato(s) == caso.SostegnoInCorso }
	switch quota(v.Rand, .6, .28, .08, .04) {
	case 1:
		v.fra(60+v.IntN(90), func() {
			if inCorso() {
				v.lavora(caso.ConcludiSostegno{PassoSostegno: v.passoSostegno(s)})
			}
		})
	case 2:
		v.fra(20+v.IntN(40), func() {
			if inCorso() && v.lavora(caso.SospendiSostegno{PassoSostegno: v.passoSostegno(s)}) {
				v.fra(15+v.IntN(20), func() { v.attiva(s) })
			}
		})
	case 3:
		v.fra(20+v.IntN(60), func() {
			if inCorso() {
				v.lavora(caso.RevocaSostegno{PassoSostegno: v.passoSostegno(s)})
			}
		})
	}
}

// rivedi plans the next monitoring meeting, with a reminder.
func (v *vita) rivedi() {
	if v.stato.Stato != caso.InMonitoraggio {
		return
	}
	inizio := v.appuntamento(7 + v.IntN(14))
	v.pianifica(inizio, v.valuta)
	if v.con(.7) {
		v.alle(inizio.AddDate(0, 0, -2), func() {
			v.scrivi(caso.Promemoria, "Le ricordiamo l'incontro di monitoraggio presso il servizio.", id.Comunicazione{})
		})
	}
}

// valuta says, after a monitoring meeting, how far things have come.
func (v *vita) valuta() {
	if v.stato.Stato != caso.InMonitoraggio {
		return
	}
	ultimo := v.stato.Incontri.Elenco[0]
	for _, i := range v.stato.Incontri.Elenco {
		if i.Stato == caso.StatoSvolto && i.Valutato.Incontro.IsZero() {
			ultimo = i
		}
	}
	cmd, mancato := caso.ValutaIncontro{Incontro: ultimo.Pianificato.Incontro, Note: scegli(v.Rand, note)}, false
	for _, o := range v.stato.PaIS.Vigente.Obiettivi {
		for _, r := range o.Risultati {
			cmd.Risultati = append(cmd.Risultati, caso.RisultatoValutato{Risultato: r.ID, Valutazione: caso.ScalaRisultati[quota(v.Rand, .3, .45, .25)]})
		}
	}
	for _, i := range v.stato.PaIS.Vigente.Impegni {
		valutazione := caso.ScalaImpegni[quota(v.Rand, .25, .55, .1, .1)]
		mancato = mancato || valutazione == caso.ImpegnoNonRealizzato
		cmd.Impegni = append(cmd.Impegni, caso.ImpegnoInIncontro{Impegno: i.ID, Valutazione: valutazione})
	}
	if v.lavora(cmd) && mancato && v.con(.5) {
		v.formale(caso.RichiamoFormale)
	}
	switch quota(v.Rand, .93, .06, .01) {
	case 1:
		v.fra(1+v.IntN(5), v.ridefinisci)
	case 2:
		v.fra(1+v.IntN(5), v.chiudiPerErrore)
	}
	v.fra(8+v.IntN(24), v.rivedi)
}

// valutaImpegno notes, between meetings, how one impegno goes.
func (v *vita) valutaImpegno() {
	if v.stato.Stato != caso.InMonitoraggio || len(v.stato.PaIS.Vigente.Impegni) == 0 {
		return
	}
	v.lavora(caso.ValutaImpegno{
		Impegno: scegli(v.Rand, v.stato.PaIS.Vigente.Impegni).ID, Valutazione: caso.ScalaImpegni[quota(v.Rand, .3, .6, .05, .05)], Data: v.oggi(), Oggi: v.oggi(),
	})
	v.fra(15+v.IntN(25), v.valutaImpegno)
}

// ridefinisci opens the next version of the PaIS, and has it signed soon.
func (v *vita) ridefinisci() {
	if v.stato.Stato != caso.InMonitoraggio || v.stato.PaIS.Ridefinizione || !v.lavora(caso.RidefinisciPaIS{Motivazione: "Il bisogno del nucleo è cambiato."}) {
		return
	}
	v.aggiungiImpegno()
	v.fra(4+v.IntN(10), v.firma)
}

// chiudiPerErrore closes a case that is soon opened again.
func (v *vita) chiudiPerErrore() {
	if v.stato.Stato != caso.InMonitoraggio || !v.lavora(caso.ChiudiCaso{Motivo: caso.ChiusoPerRinuncia, Data: v.oggi(), Ruolo: domain.CaseManager, Oggi: v.oggi()}) {
		return
	}
	v.fra(2+v.IntN(5), func() {
		if cm, ok := v.di(v.stato.Assegnazione.CaseManager); ok && v.stato.Stato == caso.Chiuso {
			v.fa(cm.Attore, caso.RiapriCaso{Motivazione: "La rinuncia riguardava un altro nucleo.", Ruolo: domain.CaseManager, Incarichi: incarichi(cm)})
			v.fra(3, v.rivedi)
		}
	})
}

// concludi ends a case, in one of the ways that cases end.
func (v *vita) concludi() {
	if v.stato.Stato != caso.InMonitoraggio && v.resta() > 8 { // not there yet
		v.fra(1+v.resta()/2, v.concludi)
		return
	}
	oggi := v.oggi()
	come := quota(v.Rand, .42, .15, .12, .22, .09)
	switch {
	case v.senzaObblighi() && come >= 3:
		v.lavora(caso.EscludiNucleo{Data: oggi, Oggi: oggi})
	case come == 3:
		v.fa(domain.INPS, caso.DecadiDalBeneficio{Variazione: v.variazione("PERDITA_REQUISITI")})
	case come == 0 && v.stato.Stato == caso.InMonitoraggio:
		v.lavora(caso.ConcludiPaIS{Esito: caso.EsitiPaIS[quota(v.Rand, .5, .4, .1)], Data: oggi, Oggi: oggi})
	case come == 2 && v.stato.Beneficio.Stato != caso.BeneficioPerso:
		v.fa(domain.INPS, caso.TerminaBeneficio{Variazione: v.variazione("DURATA_MASSIMA")})
		v.lavora(caso.ChiudiCaso{Motivo: caso.ChiusoPerTermine, Data: oggi, Ruolo: domain.CaseManager, Oggi: oggi})
	case come == 4 && len(v.stato.Nucleo.Componenti) == 1:
		v.lavora(caso.ChiudiCaso{Motivo: caso.ChiusoPerDecesso, Data: oggi, Ruolo: domain.CaseManager, Oggi: oggi})
	default:
		v.lavora(caso.ChiudiCaso{Motivo: caso.ChiusoPerRinuncia, Data: oggi, Ruolo: domain.CaseManager, Oggi: oggi})
	}
}

// senzaObblighi reports whether nobody in the nucleo has duties by law.
func (v *vita) senzaObblighi() bool {
	for _, c := range v.stato.Nucleo.Componenti {
		if !c.EsclusoPerLegge(v.stato.Domanda.Misura, v.oggi()) {
			return false
		}
	}
	return true
}
