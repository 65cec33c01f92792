package caso_test

import (
	"strings"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// esempi are events of the instruments with every field filled.
var esempi = []domain.Event{
	caso.RecapitiAggiornati{Recapiti: caso.Recapiti{Telefono: "0915550103", Cellulare: "3335550104", Email: "nucleo@example.org"}, Fonte: caso.FonteComune},
	caso.BeneficioSospeso{Variazione: variazione}, caso.BeneficioRipristinato{Variazione: variazione},
	caso.BeneficioDecaduto{Variazione: variazione}, caso.BeneficioTerminato{Variazione: variazione},
	caso.DecurtazioneComunicata{Mensilita: 2, Segnalazione: id.Segnalazione{UUID: uuid.MustParse("00000000-0000-7000-8000-00000000e001")}, Dal: marzo},
	caso.CasoChiuso{Motivo: caso.ChiusoPerRinuncia, Motivazione: "trova lavoro", Data: marzo},
	caso.CasoRiaperto{StatoRipristinato: caso.InValutazioneAP, Motivazione: "rientra dall'estero"},
	caso.AnalisiPreliminareAvviata{Data: marzo, Luogo: caso.Domicilio, Presenti: []id.Componente{numerata(rosa, 0).ID}},
	caso.SezioneAPSalvata{Sezione: sezionePiena}, caso.SezioneQASalvata{Sezione: sezionePiena},
	caso.AnalisiPreliminareFinalizzata{
		Esito: caso.EsitoA, Motivazione: "bisogno della sola dimensione lavorativa", Data: marzo, ComponentiAttivabili: []id.Componente{numerata(pino, 1).ID},
		InviatoA: caso.Destinazione{Tipo: caso.CPI, Codice: "CPI-PA-01"}, LineeGuida: "2019", Stato: caso.InviatoCPI,
	},
	caso.AnalisiPreliminareRiaperta{Motivazione: "nuovi elementi"},
	caso.RientroDaServizioRegistrato{Da: caso.Specialistico, Motivazione: "percorso concluso", Data: marzo},
	caso.EquipeComposta{Membri: []caso.Membro{{Nome: "ANNA ROSSI", Professione: "ASSISTENTE_SOCIALE", Ente: "Comune di Palermo", Operatore: anna}}, Differita: true},
	caso.QuadroAnalisiFinalizzato{Sintesi: "bisogno complesso", Data: marzo},
	caso.QuadroAnalisiRiaperto{Motivazione: "nuovi elementi"},
	caso.ObiettivoDefinito{Obiettivo: casaSicura}, caso.ObiettivoModificato{Obiettivo: casaSicura},
	caso.ObiettivoRimosso{Obiettivo: casaSicura.ID, Motivo: caso.UscitaComponente},
	caso.ImpegnoDefinito{Impegno: corso}, caso.ImpegnoModificato{Impegno: corso},
	caso.ImpegnoRimosso{Impegno: corso.ID, Motivo: caso.UscitaComponente},
	caso.SostegnoPrevisto{Sostegno: tirocinio, Anticipato: true}, caso.SostegnoModificato{Sostegno: tirocinio},
	caso.SostegnoRimosso{Sostegno: tirocinio.ID},
	caso.PaISSottoscritto{Versione: 1, Data: marzo, Firmatari: []id.Componente{numerata(rosa, 0).ID}, Modalita: "FEA", HashDocumento: impronta},
	caso.PaISNonSottoscritto{Versione: 1, Componente: numerata(pino, 1).ID, Motivazione: "rifiuta", Data: marzo},
	caso.PaISRidefinizioneAvviata{NuovaVersione: 2, Motivazione: "obiettivi superati"},
	caso.PaISConcluso{Esito: "PARZIALE", Data: marzo},
	caso.SostegnoAttivato{Sostegno: tirocinio.ID, Passo: passo}, caso.SostegnoSospeso{Sostegno: tirocinio.ID, Passo: passo},
	caso.SostegnoConcluso{Sostegno: tirocinio.ID, Passo: passo}, caso.SostegnoRevocato{Sostegno: tirocinio.ID, Passo: passo},
	caso.EsoneroRegistrato{Esonero: caso.Esonero{
		Componente: numerata(pino, 1).ID, Motivo: caso.CuraDisabile, Assistito: numerata(lia, 2).ID, Dal: marzo, Al: oggi, Documento: "verbale INPS 12/2024",
	}},
	caso.EsoneroRevocato{Componente: numerata(pino, 1).ID, Dal: marzo, Motivazione: "finita la cura", Causa: caso.UscitaComponente},
	caso.NucleoEsclusoDagliObblighi{Motivo: caso.TuttiEsonerati, Data: marzo},
}

var (
	variazione   = caso.Variazione{Dal: marzo, Causale: "DSU non aggiornata", RiferimentoINPS: "INPS.2024.77"}
	impronta     = strings.Repeat("0a", 32)
	passo        = caso.Passo{Data: marzo, Nota: "presso il centro diurno"}
	due          = 2
	sezionePiena = caso.Sezione{
		Sezione: caso.CondizioneAbitativa, Componente: numerata(lia, 2).ID, Punteggio: &due, Revisione: 1,
		Contenuto: caso.Contenuto{Testo: "alloggio sovraffollato", Fonte: "VISITA_DOMICILIARE", Voci: []caso.Voce{{Codice: "VANI", Valore: "due vani umidi"}}},
	}
	casaSicura = caso.Obiettivo{
		ID: id.Obiettivo{UUID: numero("0b01")}, Ambito: caso.CondizioneAbitativa, Descrizione: "una casa adatta ai bambini", Componenti: []id.Componente{numerata(lia, 2).ID},
		Risultati: []caso.Risultato{{ID: id.Risultato{UUID: numero("0b02")}, Descrizione: "domanda di alloggio presentata", Entro: oggi}},
	}
	corso = caso.Impegno{
		ID: id.Impegno{UUID: numero("0c01")}, Tipo: "FORMAZIONE", Descrizione: "corso di italiano", Componenti: []id.Componente{numerata(pino, 1).ID},
		Frequenza: "due volte a settimana", Dal: marzo, Al: oggi,
	}
	tirocinio = caso.Sostegno{
		ID: id.Sostegno{UUID: numero("0d01")}, Tipo: "TIROCINIO_INCLUSIONE", Erogatore: "Cooperativa Arcobaleno", Quantita: 20, Unita: "ore a settimana",
		Dal: marzo, Al: oggi, Fondo: caso.FondoPoverta,
	}
)

func numero(s string) uuid.UUID { return uuid.MustParse("00000000-0000-7000-8000-00000000" + s) }
