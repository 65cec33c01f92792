package genera

import (
	"fmt"
	"slices"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// avvia begins the AP at the first meeting. Its sections are spread over the
// days it takes.
func (v *vita) avvia() {
	if !v.lavora(caso.AvviaAnalisiPreliminare{Data: v.oggi(), Luogo: scegli(v.Rand, caso.Luoghi), Presenti: v.adulti()[:1:1], Oggi: v.oggi()}) {
		return
	}
	sezioni := slices.Clone(caso.Dimensioni)
	for _, altra := range []caso.CodiceSezione{caso.AnagraficaNucleo, caso.ServiziGiaAttivi, caso.SintesiEsito} {
		if v.con(.6) {
			sezioni = append(sezioni, altra)
		}
	}
	for i, s := range sezioni {
		v.fra(v.piano.ap*i/len(sezioni), func() { v.salvaAP(s) })
		if v.con(.12) {
			v.fra(v.piano.ap*(i+1)/len(sezioni), func() { v.salvaAP(s) })
		}
	}
	if v.con(.12) {
		v.fra(v.IntN(max(1, v.piano.ap)), v.esonera)
	}
	v.fra(v.piano.ap+1, v.finalizzaAP)
}

// sezione is what a section says next.
func (v *vita) sezione(codice caso.CodiceSezione, salvate []caso.Sezione) caso.Sezione {
	s := caso.Sezione{Sezione: codice, Contenuto: caso.Contenuto{Testo: scegli(v.Rand, osservazioni), Fonte: scegli(v.Rand, caso.FontiSezione)}}
	if slices.Contains(caso.Dimensioni, codice) {
		punteggio := quota(v.Rand, .25, .35, .28, .12)
		s.Punteggio = &punteggio
	}
	for _, z := range salvate {
		if z.Sezione == codice && z.Componente.IsZero() {
			s.Revisione = z.Revisione
		}
	}
	return s
}

func (v *vita) salvaAP(codice caso.CodiceSezione) {
	if v.stato.Stato == caso.InValutazioneAP {
		v.lavora(caso.SalvaSezioneAP{Sezione: v.sezione(codice, v.stato.AP.Sezioni)})
	}
}

// esonera exempts an adult who has duties.
func (v *vita) esonera() {
	oggi := v.oggi()
	for _, c := range v.stato.Nucleo.Componenti {
		if c.EsclusoPerLegge(v.stato.Domanda.Misura, oggi) || v.stato.Stato == caso.DaAvviare {
			continue
		}
		e := caso.Esonero{Componente: c.ID, Motivo: caso.Malattia, Dal: oggi, Al: oggi + giorno.Giorno(30+v.IntN(120)), Documento: "certificato medico"}
		if v.con(.4) {
			e.Motivo, e.Documento = scegli(v.Rand, []caso.MotivoEsonero{caso.LavoroBreve, caso.Tirocinio}), ""
		}
		v.lavora(caso.RegistraEsonero{Esonero: e})
		return
	}
}

func (v *vita) finalizzaAP() {
	if v.stato.Stato != caso.InValutazioneAP {
		return
	}
	for _, d := range caso.Dimensioni { // what nobody could save meanwhile
		if !slices.ContainsFunc(v.stato.AP.Sezioni, func(s caso.Sezione) bool { return s.Sezione == d }) {
			v.salvaAP(d)
		}
	}
	esito, torna := v.piano.esito, v.piano.esito == caso.EsitoB && v.stato.AP.Rientro.Da == "" && v.con(.05)
	if torna {
		esito = caso.EsitoA
	}
	cmd := caso.FinalizzaAP{Esito: esito, Motivazione: motivazioniAP[esito], Data: v.oggi(), Oggi: v.oggi()}
	switch cmd.Esito {
	case caso.EsitoA:
		cmd.InviatoA = caso.Destinazione{Tipo: caso.CPI, Codice: "CPI-" + v.stato.Comune}
	case caso.EsitoD:
		cmd.InviatoA = caso.Destinazione{Tipo: caso.Specialistico, Codice: scegli(v.Rand, servizi)}
	}
	for _, c := range v.stato.Nucleo.Componenti {
		if c.TenutoAgliObblighi {
			cmd.ComponentiAttivabili = append(cmd.ComponentiAttivabili, c.ID)
		}
	}
	switch {
	case !v.lavora(cmd):
		if v.stato.Assegnazione.CaseManager.IsZero() {
			v.fra(7, v.finalizzaAP)
		}
	case torna:
		v.fra(8+v.IntN(12), v.rientra)
	case v.con(.02) && v.stato.Stato != caso.InviatoCPI:
		v.fra(2+v.IntN(5), v.riapri)
	default:
		v.prosegui()
	}
}

// rientra takes the nucleo back from the job centre, with another need.
func (v *vita) rientra() {
	if v.stato.Stato == caso.InviatoCPI {
		v.lavora(caso.RegistraRientro{Da: caso.CPI, Motivazione: "Il centro per l'impiego segnala bisogni non lavorativi.", Data: v.oggi(), Oggi: v.oggi()})
		v.fra(3+v.IntN(5), v.finalizzaAP)
	}
}

// riapri opens the AP again, and comes to the same outcome.
func (v *vita) riapri() {
	v.lavora(caso.RiapriAP{Motivazione: "Sono emersi elementi nuovi nel colloquio con il nucleo."})
	v.fra(3+v.IntN(5), v.finalizzaAP)
}

func (v *vita) prosegui() {
	switch v.stato.Stato {
	case caso.InValutazioneQA:
		v.fra(1+v.IntN(4), v.componi)
	case caso.InDefinizione:
		v.definisci()
	}
}

// componi names the team of a QA, and spreads its sections.
func (v *vita) componi() {
	cm, ok := v.di(v.stato.Assegnazione.CaseManager)
	if !ok || v.stato.Stato != caso.InValutazioneQA {
		return
	}
	membri := []caso.Membro{{Nome: cm.nome, Professione: "ASSISTENTE_SOCIALE", Ente: "Servizio sociale dell'ambito", Operatore: id.Operatore{UUID: cm.ID}}}
	for _, p := range []caso.Membro{
		{Nome: "Operatore del CpI", Professione: "OPERATORE_CPI", Ente: "Centro per l'impiego"},
		{Nome: "Psicologa del consultorio", Professione: "PSICOLOGO", Ente: "ASP, consultorio familiare"},
		{Nome: "Educatrice professionale", Professione: "EDUCATORE", Ente: "Cooperativa sociale"},
	} {
		if len(membri) < 2 || v.con(.5) {
			membri = append(membri, p)
		}
	}
	if v.con(.15) {
		v.lavora(caso.ComponiEquipe{Membri: membri[:1], Differita: true})
		v.fra(5+v.IntN(8), func() {
			if s := v.stato.Stato; v.stato.Di(membri[0].Operatore) && (s == caso.InValutazioneQA || s == caso.InDefinizione) {
				v.lavora(caso.ComponiEquipe{Membri: membri})
			}
		})
	} else {
		v.lavora(caso.ComponiEquipe{Membri: membri})
	}
	for i, s := range caso.Dimensioni {
		v.fra(1+v.piano.qa*i/len(caso.Dimensioni), func() { v.salvaQA(s) })
		if v.con(.2) {
			v.fra(1+v.piano.qa*(i+1)/len(caso.Dimensioni), func() { v.salvaQA(s) })
		}
	}
	v.fra(v.piano.qa, v.finalizzaQA)
}

func (v *vita) salvaQA(codice caso.CodiceSezione) {
	if v.stato.Stato == caso.InValutazioneQA {
		v.lavora(caso.SalvaSezioneQA{Sezione: v.sezione(codice, v.stato.QA.Sezioni)})
	}
}

func (v *vita) finalizzaQA() {
	if v.stato.Stato != caso.InValutazioneQA {
		return
	}
	if !v.lavora(caso.FinalizzaQA{Sintesi: scegli(v.Rand, osservazioni), Data: v.oggi(), Oggi: v.oggi()}) {
		v.fra(7, v.finalizzaQA)
		return
	}
	v.definisci()
}

// definisci drafts the PaIS over the days it takes, and has it signed.
func (v *vita) definisci() {
	giorni := v.piano.pais
	for range 1 + quota(v.Rand, .4, .4, .2) {
		v.fra(v.IntN(max(1, giorni-2)), v.aggiungiObiettivo)
	}
	for range 1 + quota(v.Rand, .3, .35, .25, .1) {
		v.fra(v.IntN(max(1, giorni-2)), v.aggiungiImpegno)
	}
	for range 1 + quota(v.Rand, .4, .4, .2) {
		v.fra(v.IntN(max(1, giorni-2)), func() {
			if v.stato.InDefinizione() > 0 {
				v.lavora(caso.AggiungiSostegno{Sostegno: v.sostegno()})
			}
		})
	}
	if v.con(.05) {
		v.fra(giorni-1, v.mancaFirma)
		giorni += 8 + v.IntN(8)
	}
	v.fra(giorni, v.firma)
}

func (v *vita) aggiungiObiettivo() {
	if v.stato.InDefinizione() == 0 {
		return
	}
	voce := scegli(v.Rand, obiettivi)
	o := caso.Obiettivo{ID: id.Obiettivo{UUID: v.nuovo()}, Ambito: voce.ambito, Descrizione: voce.testo}
	for range 1 + v.IntN(2) {
		o.Risultati = append(o.Risultati, caso.Risultato{
			ID: id.Risultato{UUID: v.nuovo()}, Descrizione: scegli(v.Rand, voce.risultati), Entro: v.oggi() + giorno.Giorno(60+v.IntN(200)),
		})
	}
	if v.lavora(caso.AggiungiObiettivo{Obiettivo: o}) && v.con(.2) {
		o.Descrizione += " (rivisto con il nucleo)"
		v.lavora(caso.ModificaObiettivo{Obiettivo: o})
	}
}

func (v *vita) aggiungiImpegno() {
	if v.stato.InDefinizione() == 0 {
		return
	}
	voce := scegli(v.Rand, impegni)
	adulti := v.adulti()
	v.lavora(caso.AggiungiImpegno{Impegno: caso.Impegno{
		ID: id.Impegno{UUID: v.nuovo()}, Tipo: voce.tipo, Descrizione: voce.testo, Componenti: []id.Componente{scegli(v.Rand, adulti)},
		Frequenza: voce.frequenza, Dal: v.oggi(), Al: v.oggi() + giorno.Giorno(90+v.IntN(180)),
	}})
}

func (v *vita) mancaFirma() {
	if v.stato.InDefinizione() > 0 && v.lavora(caso.RegistraMancataSottoscrizione{
		Componente: v.richiedente(), Motivazione: "Non si è presentato alla firma del patto.", Data: v.oggi(), Oggi: v.oggi(),
	}) && v.con(.7) {
		v.fra(1+v.IntN(5), func() { v.segnala(sottoscrizione) })
	}
}

// firma signs what was drafted, and goes on with the monitoring.
func (v *vita) firma() {
	versione := v.stato.InDefinizione()
	if versione == 0 {
		return
	}
	b := v.stato.PaIS.Bozza
	for len(v.stato.PaIS.Bozza.DaConfermare) > 0 && v.conferma() {
	}
	if len(b.Obiettivi) == 0 {
		v.aggiungiObiettivo()
	}
	if len(b.Impegni) == 0 {
		v.aggiungiImpegno()
	}
	if len(b.Sostegni) == 0 {
		v.lavora(caso.AggiungiSostegno{Sostegno: v.sostegno()})
	}
	if !v.lavora(caso.SottoscriviPaIS{
		Versione: versione, Data: v.oggi(), Firmatari: v.adulti()[:1:1], Modalita: scegli(v.Rand, caso.ModalitaFirme),
		HashDocumento: fmt.Sprintf("%016x%016x%016x%016x", v.Uint64(), v.Uint64(), v.Uint64(), v.Uint64()), Oggi: v.oggi(),
	}) {
		v.fra(9, v.firma)
		return
	}
	if versione == 1 {
		v.monitora()
	}
}

// conferma keeps one thing that must be confirmed, and reports whether it did.
func (v *vita) conferma() bool {
	chiave := v.stato.PaIS.Bozza.DaConfermare[0]
	for _, s := range v.stato.PaIS.Bozza.Sostegni {
		if s.ID.UUID == chiave {
			return v.lavora(caso.ModificaSostegno{Sostegno: s})
		}
	}
	return false
}
