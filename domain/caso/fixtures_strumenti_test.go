package caso_test

import (
	"slices"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// The road of the nucleo with Anna: what happened up to each state.
var (
	aprile = giorno.Data(2024, 4, 1)
	maggio = giorno.Data(2024, 5, 1)

	avviata    = caso.AnalisiPreliminareAvviata{Data: marzo, Luogo: caso.Sede, Presenti: []id.Componente{idDi(0)}}
	incontrato = caso.IncontroRegistrato{Incontro: id.Incontro{UUID: numero("0a01")}, Tipo: caso.AvvenutoIncontro, Data: marzo, RegistratoIl: marzo, Presenti: []id.Componente{idDi(0)}}
	motivato   = "bisogno valutato nel colloquio del primo aprile"
	esitoB     = finalizzata(caso.EsitoB, caso.InDefinizione)
	esitoC     = finalizzata(caso.EsitoC, caso.InValutazioneQA)
	composta   = caso.EquipeComposta{Membri: []caso.Membro{membroAnna, membroPsi}}
	membroAnna = caso.Membro{Nome: "ANNA", Professione: "ASSISTENTE_SOCIALE", Ente: "Comune di Palermo", Operatore: anna}
	membroPsi  = caso.Membro{Nome: "PIA", Professione: "PSICOLOGO", Ente: "ASP"}
	assessato  = caso.QuadroAnalisiFinalizzato{Sintesi: "bisogno complesso", Data: aprile}
	casa       = caso.Obiettivo{
		ID: casaSicura.ID, Ambito: caso.CondizioneAbitativa, Descrizione: "una casa adatta",
		Risultati: []caso.Risultato{{ID: casaSicura.Risultati[0].ID, Descrizione: "domanda presentata", Entro: oggi}},
	}
	firmato    = firmata(1, aprile)
	ridefinito = caso.PaISRidefinizioneAvviata{NuovaVersione: 2, Motivazione: "obiettivi superati"}

	waiting       = events{ricevuta}
	avviare       = events{ricevuta, adAnna}
	inAP          = events{ricevuta, adAnna, avviata}
	pronta        = slices.Concat(inAP, events{incontrato}, sezioni())
	inCPI         = slices.Concat(pronta, events{finalizzata(caso.EsitoA, caso.InviatoCPI)})
	inServizi     = slices.Concat(pronta, events{finalizzata(caso.EsitoD, caso.InviatoServizi)})
	inQA          = slices.Concat(pronta, events{esitoC})
	definizioneC  = slices.Concat(inQA, events{composta, assessato})
	definizione   = slices.Concat(pronta, events{esitoB})
	bozza         = slices.Concat(definizione, events{caso.ObiettivoDefinito{Obiettivo: casa}, caso.ImpegnoDefinito{Impegno: corso}, caso.SostegnoPrevisto{Sostegno: tirocinio}})
	monitoraggio  = slices.Concat(bozza, events{firmato})
	ridefinizione = slices.Concat(monitoraggio, events{ridefinito})
	chiusura      = caso.CasoChiuso{Motivo: caso.ChiusoPerRinuncia, Data: maggio}
	chiuso        = slices.Concat(monitoraggio, events{chiusura})
	decaduto      = slices.Concat(monitoraggio, events{caso.BeneficioDecaduto{Variazione: variazione}})
)

// oltre is what happened and then more.
func oltre(dati events, altri ...caso.Event) events { return slices.Concat(dati, altri) }

func idDi(n int) id.Componente { return numerata(rosa, n).ID }

func finalizzata(e caso.Esito, s caso.Stato) caso.AnalisiPreliminareFinalizzata {
	return caso.AnalisiPreliminareFinalizzata{Esito: e, Motivazione: motivato, Data: aprile, LineeGuida: "2019", Stato: s}
}

func firmata(versione int, il giorno.Giorno) caso.PaISSottoscritto {
	return caso.PaISSottoscritto{Versione: versione, Data: il, Firmatari: []id.Componente{idDi(0), idDi(1)}, Modalita: "CARTACEA", HashDocumento: impronta}
}

// sezione is a section as it is written on a revision.
func sezione(codice caso.CodiceSezione, revisione int) caso.Sezione {
	return caso.Sezione{Sezione: codice, Contenuto: caso.Contenuto{Testo: "colloquio svolto", Fonte: "COLLOQUIO"}, Revisione: revisione}
}

func sezioni() (salvate events) {
	for _, d := range caso.Dimensioni {
		salvate = append(salvate, caso.SezioneAPSalvata{Sezione: sezione(d, 1)})
	}
	return salvate
}
