package racconto

import (
	"fmt"

	"github.com/google/uuid"

	"nucleo/domain/belfiore"
	"nucleo/domain/caso"
)

// comune is a comune by name, or by its code when it is not known.
func comune(codice string) string {
	if luogo, noto := belfiore.Cerca(codice); noto && luogo.Nome != "" {
		return luogo.Nome
	}
	return codice
}

// dal says since when.
func dal(v caso.Variazione) string { return " dal " + data(v.Dal) }

var delCiclo = []frase{
	di(func(_ *Narratore, e caso.DomandaRicevuta) string {
		persone := fmt.Sprintf("%d persone", len(e.Componenti))
		if len(e.Componenti) == 1 {
			persone = "una persona"
		}
		return fmt.Sprintf("Domanda %s ricevuta da INPS: presentata il %s, nucleo di %s, %s", e.IDDomanda, data(e.DataPresentazione), persone, comune(e.Comune))
	}),
	di(func(_ *Narratore, e caso.PADSottoscritto) string {
		return "Patto di attivazione digitale sottoscritto il " + data(e.Data)
	}),
	di(func(_ *Narratore, e caso.Trasferito) string {
		s := fmt.Sprintf("Nucleo trasferito da %s a %s dal %s", comune(e.ComuneDa), comune(e.ComuneA), data(e.DataDecorrenza))
		if e.Interno {
			return s + ", nello stesso ambito"
		}
		return s + ", in un altro ambito"
	}),
	di(func(*Narratore, caso.RecapitiAggiornati) string { return "Recapiti del nucleo aggiornati" }),
	di(func(_ *Narratore, e caso.BeneficioSospeso) string { return "Beneficio sospeso" + dal(e.Variazione) }),
	di(func(_ *Narratore, e caso.BeneficioRipristinato) string {
		return "Beneficio ripristinato" + dal(e.Variazione)
	}),
	di(func(_ *Narratore, e caso.BeneficioDecaduto) string { return "Beneficio decaduto" + dal(e.Variazione) }),
	di(func(_ *Narratore, e caso.BeneficioTerminato) string { return "Beneficio terminato" + dal(e.Variazione) }),
	di(func(_ *Narratore, e caso.DecurtazioneComunicata) string {
		quanto := fmt.Sprintf("%d mensilità", e.Mensilita)
		if e.Mensilita == 0 { // masked
			quanto = "alcune mensilità"
		}
		return fmt.Sprintf("Decurtazione di %s comunicata da INPS, dal %s", quanto, data(e.Dal))
	}),
	di(func(_ *Narratore, e caso.CasoChiuso) string {
		return fmt.Sprintf("Caso chiuso il %s: %s", data(e.Data), parole(e.Motivo))
	}),
	di(func(_ *Narratore, e caso.CasoRiaperto) string {
		return "Caso riaperto, di nuovo " + e.StatoRipristinato.Etichetta()
	}),
	di(func(_ *Narratore, e caso.AnnotazioneInserita) string {
		if e.Riservata {
			return "Annotazione riservata scritta nel diario"
		}
		return "Annotazione scritta nel diario"
	}),
	di(func(_ *Narratore, e caso.ScadenzaSuperata) string {
		return fmt.Sprintf("Termine superato: %s, scaduto il %s", parole(e.Tipo), data(e.Scadenza))
	}),
}

var dellAssegnazione = []frase{
	di(func(n *Narratore, e caso.Assegnato) string {
		s := "Caso assegnato a " + n.chi(e.CaseManager)
		if e.Modalita == caso.Automatica {
			return s + " dalla procedura automatica"
		}
		return s
	}),
	di(func(n *Narratore, e caso.Riassegnato) string {
		return fmt.Sprintf("Caso riassegnato da %s a %s", n.chi(e.Da), n.chi(e.A))
	}),
	di(func(n *Narratore, e caso.Annullata) string {
		return fmt.Sprintf("Assegnazione a %s annullata: %s", n.chi(e.CaseManager), parole(e.Motivo))
	}),
}

var delNucleo = []frase{
	di(func(n *Narratore, e caso.ComposizioneNucleoAggiornata) string {
		var parti []string
		for _, p := range e.Aggiunti {
			parti = append(parti, "entra "+n.persona(p.ID))
		}
		for _, r := range e.Rimossi {
			parti = append(parti, fmt.Sprintf("esce %s (%s)", n.persona(r.Componente), parole(r.Motivo)))
		}
		for _, p := range e.Modificati {
			parti = append(parti, "cambiano i dati di "+n.persona(p.ID))
		}
		return fmt.Sprintf("Composizione del nucleo aggiornata dal %s: %s", data(e.DataDecorrenza), elenca(parti))
	}),
	di(func(n *Narratore, e caso.EsoneroRegistrato) string {
		s := fmt.Sprintf("Esonero dagli obblighi registrato per %s, dal %s", n.persona(e.Componente), data(e.Dal))
		if !e.Al.IsZero() {
			s += " al " + data(e.Al)
		}
		return s + ": " + parole(e.Motivo)
	}),
	di(func(n *Narratore, e caso.EsoneroRevocato) string {
		s := fmt.Sprintf("Esonero di %s dal %s revocato", n.persona(e.Componente), data(e.Dal))
		if e.Causa != "" {
			return s + ": uscita dal nucleo"
		}
		return s
	}),
	di(func(_ *Narratore, e caso.ProtezioneDisposta) string {
		return "Caso protetto: " + parole(e.Motivo)
	}),
	di(func(_ *Narratore, _ caso.ProtezioneRevocata) string { return "Protezione del caso revocata" }),
	di(func(_ *Narratore, e caso.NucleoEsclusoDagliObblighi) string {
		return fmt.Sprintf("Nucleo escluso dagli obblighi il %s: %s", data(e.Data), parole(e.Motivo))
	}),
}

// rimosso is the sentence of what left the PaIS.
func (n *Narratore) rimosso(cosa string, voce uuid.UUID, motivo caso.MotivoRimozione) string {
	s := fmt.Sprintf("%s %s tolto dal PaIS", cosa, n.nome(voce))
	if motivo == caso.UscitaComponente {
		return s + ": chi riguardava è uscito dal nucleo"
	}
	return s
}
