package racconto

import (
	"fmt"

	"nucleo/domain/caso"
)

// esiti are what the outcomes of an AP mean.
var esiti = map[caso.Esito]string{
	caso.EsitoA: "bisogno solo lavorativo",
	caso.EsitoB: "bisogno non complesso",
	caso.EsitoC: "bisogno complesso",
	caso.EsitoD: "bisogno di servizi specialistici",
}

// salvata is the sentence of a section of an instrument.
func (n *Narratore) salvata(z caso.Sezione, strumento string) string {
	s := fmt.Sprintf("Sezione «%s» %s salvata", parole(z.Sezione), strumento)
	if !z.Componente.IsZero() {
		s += " per " + n.persona(z.Componente)
	}
	return fmt.Sprintf("%s (revisione %d)", s, z.Revisione)
}

var dellAP = []frase{
	di(func(n *Narratore, e caso.AnalisiPreliminareAvviata) string {
		s := "Analisi preliminare avviata il " + data(e.Data)
		if len(e.Presenti) > 0 {
			return s + " con " + n.tutti(e.Presenti)
		}
		return s
	}),
	di(func(n *Narratore, e caso.SezioneAPSalvata) string {
		return n.salvata(e.Sezione, "dell'analisi preliminare")
	}),
	di(func(_ *Narratore, e caso.AnalisiPreliminareFinalizzata) string {
		return fmt.Sprintf("Analisi preliminare finalizzata con esito %s: %s", e.Esito, esiti[e.Esito])
	}),
	di(func(*Narratore, caso.AnalisiPreliminareRiaperta) string { return "Analisi preliminare riaperta" }),
	di(func(_ *Narratore, e caso.RientroDaServizioRegistrato) string {
		return fmt.Sprintf("Nucleo rientrato il %s (%s): analisi preliminare di nuovo aperta", data(e.Data), parole(e.Da))
	}),
}

var delQA = []frase{
	di(func(_ *Narratore, e caso.EquipeComposta) string {
		nomi := make([]string, len(e.Membri))
		for i, m := range e.Membri {
			nomi[i] = fmt.Sprintf("%s (%s)", m.Nome, parole(m.Professione))
		}
		if e.Differita {
			return "Équipe differita: " + elenca(nomi)
		}
		return "Équipe composta: " + elenca(nomi)
	}),
	di(func(n *Narratore, e caso.SezioneQASalvata) string {
		return n.salvata(e.Sezione, "del quadro di analisi")
	}),
	di(func(_ *Narratore, e caso.QuadroAnalisiFinalizzato) string {
		return "Quadro di analisi finalizzato il " + data(e.Data)
	}),
	di(func(*Narratore, caso.QuadroAnalisiRiaperto) string { return "Quadro di analisi riaperto" }),
}

var delPaIS = []frase{
	di(func(n *Narratore, e caso.ObiettivoDefinito) string {
		return fmt.Sprintf("Obiettivo %s definito nel PaIS (%s)", n.nome(e.Obiettivo.ID.UUID), parole(e.Ambito))
	}),
	di(func(n *Narratore, e caso.ObiettivoModificato) string {
		return fmt.Sprintf("Obiettivo %s modificato o confermato nel PaIS", n.nome(e.Obiettivo.ID.UUID))
	}),
	di(func(n *Narratore, e caso.ObiettivoRimosso) string {
		return n.rimosso("Obiettivo", e.Obiettivo.UUID, e.Motivo)
	}),
	di(func(n *Narratore, e caso.ImpegnoDefinito) string {
		return fmt.Sprintf("Impegno %s di %s definito nel PaIS", n.nome(e.Impegno.ID.UUID), n.tutti(e.Componenti))
	}),
	di(func(n *Narratore, e caso.ImpegnoModificato) string {
		return fmt.Sprintf("Impegno %s modificato o confermato nel PaIS", n.nome(e.Impegno.ID.UUID))
	}),
	di(func(n *Narratore, e caso.ImpegnoRimosso) string {
		return n.rimosso("Impegno", e.Impegno.UUID, e.Motivo)
	}),
	di(func(n *Narratore, e caso.PaISSottoscritto) string {
		return fmt.Sprintf("PaIS versione %d sottoscritto il %s da %s", e.Versione, data(e.Data), n.tutti(e.Firmatari))
	}),
	di(func(n *Narratore, e caso.PaISNonSottoscritto) string {
		return fmt.Sprintf("PaIS versione %d non sottoscritto da %s il %s", e.Versione, n.persona(e.Componente), data(e.Data))
	}),
	di(func(_ *Narratore, e caso.PaISRidefinizioneAvviata) string {
		return fmt.Sprintf("Ridefinizione del PaIS avviata: versione %d", e.NuovaVersione)
	}),
	di(func(_ *Narratore, e caso.PaISConcluso) string {
		return fmt.Sprintf("PaIS concluso il %s: obiettivi %s", data(e.Data), esitiPaIS[e.Esito])
	}),
}

var esitiPaIS = map[caso.EsitoPaIS]string{"RAGGIUNTO": "raggiunti", "PARZIALE": "raggiunti in parte", "NON_RAGGIUNTO": "non raggiunti"}

var deiSostegni = []frase{
	di(func(n *Narratore, e caso.SostegnoPrevisto) string {
		if e.Anticipato {
			return fmt.Sprintf("Sostegno %s anticipato, da confermare nel PaIS", n.nome(e.Sostegno.ID.UUID))
		}
		return fmt.Sprintf("Sostegno %s previsto nel PaIS", n.nome(e.Sostegno.ID.UUID))
	}),
	di(func(n *Narratore, e caso.SostegnoModificato) string {
		return fmt.Sprintf("Sostegno %s modificato o confermato nel PaIS", n.nome(e.Sostegno.ID.UUID))
	}),
	di(func(n *Narratore, e caso.SostegnoRimosso) string { return n.rimosso("Sostegno", e.Sostegno.UUID, "") }),
	di(func(n *Narratore, e caso.SostegnoAttivato) string {
		return fmt.Sprintf("Sostegno %s attivato il %s", n.nome(e.Sostegno.UUID), data(e.Data))
	}),
	di(func(n *Narratore, e caso.SostegnoSospeso) string {
		return fmt.Sprintf("Sostegno %s sospeso il %s", n.nome(e.Sostegno.UUID), data(e.Data))
	}),
	di(func(n *Narratore, e caso.SostegnoConcluso) string {
		return fmt.Sprintf("Sostegno %s concluso il %s", n.nome(e.Sostegno.UUID), data(e.Data))
	}),
	di(func(n *Narratore, e caso.SostegnoRevocato) string {
		return fmt.Sprintf("Sostegno %s revocato il %s", n.nome(e.Sostegno.UUID), data(e.Data))
	}),
}
